using System.Collections.Immutable;
using Entrypoint.Linux;
using Entrypoint.Output;
using Entrypoint.Processes;
using Entrypoint.Store;
using Serilog;

namespace Entrypoint.Sources.VersionControl;

/// <summary>
/// Git through the <c>git</c> program. It finds out what the revision means on the server, and fetches that one commit without its
/// history; what a server refuses is asked for more plainly.
/// </summary>
internal sealed class GitProgram : IVcsBackend
{
    /// <summary>The whole history, asked for as a depth: then a server that only serves files refuses a filter instead of ignoring it.</summary>
    private const string WholeHistory = "--depth=2147483647";

    private const string SshSetting = "core.sshcommand ";

    private readonly VcsUrl _url;
    private readonly FetchContext _context;
    private readonly TransferProgress _progress;
    private readonly string? _lfs;
    private FetchProgram _git;

    /// <summary>How the server's repository names its objects, which ours must do too.</summary>
    private string _hash = "sha1";

    private GitProgram(VcsUrl url, FetchContext context, TransferProgress progress, string? lfs, FetchProgram git) =>
        (_url, _context, _progress, _lfs, _git) = (url, context, progress, lfs, git);

    /// <summary>Finds the program.</summary>
    /// <exception cref="FetchFailureException">It is not on the <c>PATH</c>.</exception>
    public static GitProgram Open(VcsUrl url, FetchContext context, TransferProgress progress)
    {
        var user = context.Options.Settings.Environment;
        var lfs = ProgramPath.Find("git-lfs", user);
        var program = FetchProgram.Find(context, "git", "git");
        var settings = Path.Combine(context.Temporary.Create("git"), "config");
        File.WriteAllBytes(settings, OsText.Encode(GitSettings.For(url, lfs is not null)));
        var git = new FetchProgram(context, program, GitEnvironment.For(url, user), GitFailures.Find) { Leading = ["-c", $"include.path={settings}"] };
        return new GitProgram(url, context, progress, lfs, git);
    }

    private ILogger Log => _context.Log;

    private GitCheckout Checkout(string tree) => new(tree, _lfs is not null, Log);

    public async Task<string?> ResolveAsync(CancellationToken cancellationToken)
    {
        var folder = Path.Combine(_context.Temporary.Create("git"), "refs");
        await InitializeAsync(folder, cancellationToken).ConfigureAwait(false);
        var refs = await ListAsync(folder, cancellationToken).ConfigureAwait(false);
        return refs.CommitOf(Target(refs));
    }

    public async Task<FetchedTree> FetchAsync(string tree, bool sparse, CancellationToken cancellationToken)
    {
        await InitializeAsync(tree, cancellationToken).ConfigureAwait(false);
        var target = await TargetAsync(tree, cancellationToken).ConfigureAwait(false);
        if (sparse && await TrySparseAsync(tree, target, cancellationToken).ConfigureAwait(false) is { } commit)
        {
            return new FetchedTree(commit, IsWhole: false);
        }

        commit = await WholeAsync(tree, target, cancellationToken).ConfigureAwait(false);
        var checkout = Checkout(tree);
        await checkout.WriteAsync(commit, Run, cancellationToken).ConfigureAwait(false);
        await checkout.CompleteAsync(null, Run, cancellationToken).ConfigureAwait(false);
        return new FetchedTree(commit, IsWhole: true);
    }

    /// <summary>An empty repository that knows the server, without user and password, as <c>origin</c>.</summary>
    private async Task InitializeAsync(string folder, CancellationToken cancellationToken)
    {
        FolderRemoval.Remove(folder);
        Directory.CreateDirectory(folder);
        await _git.With(_git.Environment.With("GIT_DEFAULT_HASH", _hash)).OutputAsync(
            new FetchStep(["init", "--quiet", "--template="]) { Folder = folder, IsLocal = true }, cancellationToken).ConfigureAwait(false);
        await File.AppendAllBytesAsync(
            Path.Combine(folder, ".git", "config"), OsText.Encode($"[remote \"origin\"]\n\turl = {GitSettings.Quoted(_url.Address.Reveal())}\n"), cancellationToken).ConfigureAwait(false);

        var own = await _git.RunAsync(
            new FetchStep(["config", "--get-regexp", @"^(core\.sshcommand|http\..*sslcainfo)$"]) { Folder = folder, IsLocal = true }, cancellationToken).ConfigureAwait(false);
        var lines = own.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var ssh = lines.LastOrDefault(line => line.StartsWith(SshSetting, StringComparison.Ordinal))?[SshSetting.Length..].Trim();
        var environment = GitEnvironment.WithoutSshQuestions(_git.Environment, ssh);
        _git = _git.With(GitEnvironment.WithAuthorities(environment, lines.Any(line => !line.StartsWith(SshSetting, StringComparison.Ordinal))));
    }

    private async Task<GitRefs> ListAsync(string folder, CancellationToken cancellationToken) => GitRefs.Read(await Run(
        folder, ["ls-remote", "--symref", "origin", .. GitRefs.Patterns(_url.Revision)], cancellationToken).ConfigureAwait(false));

    private GitTarget Target(GitRefs refs) => refs.Resolve(_url.Revision) ?? throw NoRevision(
        _url.Revision is null or "HEAD"
            ? "the repository has no default branch, or is empty; name a branch with @"
            : "it is no branch, tag, ref or commit id there");

    private async Task<GitTarget> TargetAsync(string folder, CancellationToken cancellationToken)
    {
        var refs = await ListAsync(folder, cancellationToken).ConfigureAwait(false);
        if (refs.HasSha256)
        {
            _hash = "sha256";
            await InitializeAsync(folder, cancellationToken).ConfigureAwait(false);
        }

        return Target(refs) switch
        {
            GitTarget.Expression(var text) => new GitTarget.Commit(await FromHistoryAsync(folder, text, refs, cancellationToken).ConfigureAwait(false)),
            var target => target,
        };
    }

    /// <summary>Asks the history, for which the commits alone are fetched, into a repository of its own.</summary>
    private async Task<string> FromHistoryAsync(string folder, string revision, GitRefs refs, CancellationToken cancellationToken)
    {
        var history = folder + ".history";
        await InitializeAsync(history, cancellationToken).ConfigureAwait(false);
        await FetchFirst(
            history,
            [["--filter=tree:0", WholeHistory], []],
            ["+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*", .. refs.Ids.ContainsKey("HEAD") ? ["+HEAD:refs/entrypoint/head"] : Array.Empty<string>()],
            cancellationToken).ConfigureAwait(false);
        var text = revision.StartsWith("HEAD", StringComparison.Ordinal) ? "refs/entrypoint/head" + revision["HEAD".Length..]
            : revision.StartsWith("origin/", StringComparison.Ordinal) ? revision["origin/".Length..]
            : revision;
        var found = await _git.RunAsync(
            new FetchStep(["rev-parse", "--verify", "--end-of-options", text + "^{commit}"]) { Folder = history, IsLocal = true },
            cancellationToken).ConfigureAwait(false);
        FolderRemoval.Remove(history);
        if (found.Succeeded)
        {
            return found.Output.Trim();
        }

        throw NoRevision(found.Error.Contains("ambiguous", StringComparison.Ordinal)
            ? GitFailures.Find(found.Error).Words
            : "it is no branch, tag or ref there, and no commit has that id");
    }

    /// <summary>The commit with all its files.</summary>
    private async Task<string> WholeAsync(string tree, GitTarget target, CancellationToken cancellationToken)
    {
        if (target is GitTarget.Ref name)
        {
            await FetchFirst(tree, [["--depth=1"], []], [$"+{name.Name}:{name.Local}"], cancellationToken).ConfigureAwait(false);
            return await CommitOf(tree, name.Local, cancellationToken).ConfigureAwait(false);
        }

        var id = ((GitTarget.Commit)target).Id;
        if (await TryFetch(tree, ["--depth=1"], [id], cancellationToken).ConfigureAwait(false) is not null)
        {
            // A server that does not serve single commits may have it in the history of what it does serve.
            await FetchFirst(tree, [[]], ["+refs/heads/*:refs/remotes/origin/*", "+refs/tags/*:refs/tags/*"], cancellationToken).ConfigureAwait(false);
        }

        return await CommitOf(tree, id, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// The commit with the files of the subdirectory alone: its trees down to there, then that tree, then its files. Null where the
    /// server does not do that, or where the subdirectory is or goes through a link or a submodule.
    /// </summary>
    private async Task<string?> TrySparseAsync(string tree, GitTarget target, CancellationToken cancellationToken)
    {
        var path = _url.Subdirectory!;
        var depth = path.Count(character => character == '/') + 1;
        var (source, local) = target is GitTarget.Ref name ? ($"+{name.Name}:{name.Local}", name.Local) : (((GitTarget.Commit)target).Id, null);
        string[][] filters = [["--depth=1", $"--filter=tree:{depth}", "--filter=blob:none"], ["--depth=1", "--filter=blob:none"]];
        try
        {
            await FetchFirst(tree, filters, [source], cancellationToken).ConfigureAwait(false);
            var commit = await CommitOf(tree, local ?? source, cancellationToken).ConfigureAwait(false);
            if (await new GitSparseTree(tree, commit, path).MakeAsync(Run, cancellationToken).ConfigureAwait(false))
            {
                await Checkout(tree).CompleteAsync(path, Run, cancellationToken).ConfigureAwait(false);
                return commit;
            }
        }
        catch (FetchFailureException failure) when (failure.Kind is FailureKind.Other)
        {
            Log.Debug("The subdirectory alone cannot be fetched: {Reason}", failure.Message);
        }

        await InitializeAsync(tree, cancellationToken).ConfigureAwait(false);
        return null;
    }

    /// <summary>Fetches with the first of several sets of options that the server does not refuse.</summary>
    private async Task FetchFirst(string folder, string[][] options, string[] refs, CancellationToken cancellationToken)
    {
        FetchFailureException? refusal = null;
        foreach (var set in options)
        {
            refusal = await TryFetch(folder, set, refs, cancellationToken).ConfigureAwait(false);
            if (refusal is null)
            {
                return;
            }

            if (set.Any(option => option.StartsWith("--filter", StringComparison.Ordinal)))
            {
                // Git has written down that this server gives what is missing, before it was refused: with a server of mere files the next
                // fetch would start another fetch within itself for what it has not got yet, and so on without end.
                await InitializeAsync(folder, cancellationToken).ConfigureAwait(false);
            }
        }

        throw refusal!;
    }

    /// <summary>Fetches; returns the refusal where a plainer request may succeed.</summary>
    private async Task<FetchFailureException?> TryFetch(string folder, string[] options, string[] refs, CancellationToken cancellationToken)
    {
        try
        {
            await Run(
                folder, ["fetch", "--progress", "--no-tags", "--update-head-ok", .. options, "origin", .. refs], cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (FetchFailureException failure) when (failure.Kind is FailureKind.Other)
        {
            Log.Debug("The server refused a request ({Options}): {Reason}", options, failure.Message);
            return failure;
        }
    }

    private async Task<string> CommitOf(string folder, string revision, CancellationToken cancellationToken)
    {
        var result = await _git.RunAsync(
            new FetchStep(["rev-parse", "--verify", "--quiet", "--end-of-options", revision + "^{commit}"]) { Folder = folder, IsLocal = true },
            cancellationToken).ConfigureAwait(false);
        return result.Succeeded ? result.Output.Trim() : throw NoRevision("it is no branch, tag or ref there, and no commit has that id");
    }

    private Task<string> Run(string folder, ImmutableArray<string> arguments, CancellationToken cancellationToken, bool isLocal = false) =>
        _git.OutputAsync(
            new FetchStep(_url.Scheme == "https" && arguments[0] != "submodule" ? [.. GitSettings.NoWayBackToHttp, .. arguments] : arguments)
            {
                Folder = folder,
                IsLocal = isLocal,
                Growing = isLocal ? null : folder,
                OnErrorLine = line => GitProgress.Report(line, _progress),
            },
            cancellationToken);

    private static FetchFailureException NoRevision(string words) => new(FailureKind.NoRevision, words);
}
