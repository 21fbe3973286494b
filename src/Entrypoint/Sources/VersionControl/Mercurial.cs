using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Entrypoint.Output;

namespace Entrypoint.Sources.VersionControl;

/// <summary>
/// Mercurial through <c>hg</c>. The revision is looked up first, so that the clone need have no more than its ancestors. It always stands in
/// one word with its option (<c>--rev=R</c>), and flags are parsed strictly: <c>hg</c> would else obey a <c>--config</c> in its place
/// (CVE-2023-5752).
/// </summary>
internal sealed partial class Mercurial : IVcsBackend
{
    private static readonly (string Phrase, FailureKind Kind)[] Phrases =
    [
        .. FailureMatch.OfDisk,
        .. FailureMatch.OfSsh,
        .. FailureMatch.OfProxy,
        ("redirects from https to http", FailureKind.Unsafe),
        ("authorization failed", FailureKind.Denied),
        ("authorization required", FailureKind.Denied),
        ("HTTP Error 401", FailureKind.Denied),
        ("HTTP Error 403", FailureKind.Denied),
        ("CERTIFICATE_VERIFY_FAILED", FailureKind.Certificate),
        ("certificate verify failed", FailureKind.Certificate),
        ("unable to verify security", FailureKind.Certificate),
        ("certificate error", FailureKind.Certificate),
        ("unknown revision", FailureKind.NoRevision),
        ("ambiguous identifier", FailureKind.NoRevision),
        ("hidden revision", FailureKind.NoRevision),
        ("filtered revision", FailureKind.NoRevision),
        ("parse error", FailureKind.NoRevision),
        ("empty revision", FailureKind.NoRevision),
        ("not found", FailureKind.NoRepository),
        ("does not appear to be an hg repository", FailureKind.NoRepository),
        ("HTTP Error 404", FailureKind.NoRepository),
        ("HTTP Error 410", FailureKind.NoRepository),
        .. FailureMatch.OfNetwork,
        ("HTTP Error 5", FailureKind.Network),
        ("bad HTTP status line: ''", FailureKind.Network),
        ("ended unexpectedly", FailureKind.Network),
        ("remote closed connection", FailureKind.Network),
        ("Remote end closed connection", FailureKind.Network),
        ("timed out", FailureKind.Network),
    ];

    private readonly VcsUrl _url;
    private readonly FetchContext _context;
    private readonly TransferProgress _progress;
    private FetchProgram _hg;

    private Mercurial(VcsUrl url, FetchContext context, TransferProgress progress, FetchProgram hg) =>
        (_url, _context, _progress, _hg) = (url, context, progress, hg);

    /// <summary>Finds the program.</summary>
    /// <exception cref="FetchFailureException">It is not on the <c>PATH</c>.</exception>
    public static Mercurial Open(VcsUrl url, FetchContext context, TransferProgress progress)
    {
        var environment = context.Options.Settings.Environment
            .With("HGPLAIN", "+strictflags")
            .With("HGPLAINEXCEPT", "progress")
            .With("HGENCODING", "utf-8");
        var program = FetchProgram.Find(context, "mercurial", "hg");
        return new Mercurial(url, context, progress, new FetchProgram(context, program, environment, text => FailureMatch.Find(text, Phrases, "abort:")));
    }

    public async Task<string?> ResolveAsync(CancellationToken cancellationToken)
    {
        var folder = _context.Temporary.Create("hg");
        await ConfigureAsync(folder, cancellationToken).ConfigureAwait(false);
        return await LookUpAsync(folder, _url.Revision ?? "default", cancellationToken).ConfigureAwait(false);
    }

    public async Task<FetchedTree> FetchAsync(string tree, bool sparse, CancellationToken cancellationToken)
    {
        var folder = Path.GetDirectoryName(tree)!;
        await ConfigureAsync(folder, cancellationToken).ConfigureAwait(false);
        var revision = _url.Revision is null ? null : await LookUpAsync(folder, _url.Revision, cancellationToken).ConfigureAwait(false);
        ImmutableArray<string> which = revision is null ? [] : [$"--rev={revision}"];
        await RunAsync(folder, ["clone", "--noupdate", .. which, MercurialSettings.Source, Path.GetFileName(tree)], cancellationToken).ConfigureAwait(false);

        var isSparse = sparse && await NarrowAsync(tree, cancellationToken).ConfigureAwait(false);
        var wanted = revision ?? _url.Revision;
        await RunInAsync(tree, ["update", .. wanted is null ? Array.Empty<string>() : [$"--rev={wanted}"]], cancellationToken).ConfigureAwait(false);
        var id = await RunInAsync(tree, ["log", "--rev=.", "--template={node}"], cancellationToken).ConfigureAwait(false);
        return new FetchedTree(id.Trim(), !isSparse);
    }

    /// <summary>The changeset; null for an expression, which only a clone can evaluate.</summary>
    private async Task<string?> LookUpAsync(string folder, string revision, CancellationToken cancellationToken)
    {
        try
        {
            var id = await RunAsync(folder, ["identify", "--debug", "--id", $"--rev={revision}", MercurialSettings.Source], cancellationToken).ConfigureAwait(false);
            return FullId().Match(id) is { Success: true } found ? found.Value : null;
        }
        catch (FetchFailureException failure) when (failure.Kind is FailureKind.NoRevision or FailureKind.Other && Expression().IsMatch(revision))
        {
            return null;
        }
    }

    /// <summary>Writes only the files of the subdirectory; the history comes whole, since hardly a server has <c>narrow</c>.</summary>
    private async Task<bool> NarrowAsync(string tree, CancellationToken cancellationToken)
    {
        try
        {
            await RunInAsync(tree, ["debugsparse", "--include", $"path:{_url.Subdirectory}"], cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (FetchFailureException failure) when (failure.Kind is FailureKind.Other)
        {
            _context.Log.Debug("This Mercurial cannot write the subdirectory alone: {Reason}", failure.Message);
            return false;
        }
    }

    private async Task ConfigureAsync(string folder, CancellationToken cancellationToken)
    {
        var ssh = "";
        if (_url.IsSsh)
        {
            var result = await _hg.RunAsync(new FetchStep(["config", "ui.ssh"]) { Folder = folder, IsLocal = true }, cancellationToken).ConfigureAwait(false);
            ssh = result.Output.Trim() is { Length: > 0 } own ? own : "ssh";
        }

        _hg = _hg.With(MercurialSettings.Write(folder, _url, ssh, _hg.Environment));
    }

    /// <summary>Runs it within the clone, but from the folder that has the settings: a path of any other kind could hold what it replaces.</summary>
    private Task<string> RunInAsync(string tree, ImmutableArray<string> arguments, CancellationToken cancellationToken) =>
        RunAsync(Path.GetDirectoryName(tree)!, ["--repository", Path.GetFileName(tree), .. arguments], cancellationToken);

    private Task<string> RunAsync(string folder, ImmutableArray<string> arguments, CancellationToken cancellationToken) =>
        _hg.OutputAsync(new FetchStep(arguments) { Folder = folder, Growing = folder, OnErrorLine = Report }, cancellationToken);

    private void Report(string line)
    {
        if (ProgressLine().Match(line) is { Success: true } match
            && double.TryParse(match.Groups["done"].ValueSpan, out var done)
            && double.TryParse(match.Groups["all"].ValueSpan, out var all) && all > 0)
        {
            _progress.Report(Math.Min(1, done / all), line.Trim());
        }
    }

    /// <summary>With <c>--debug</c> the id is a full one, and stands among other things that are printed.</summary>
    [GeneratedRegex(@"^[0-9a-f]{40}\b", RegexOptions.Multiline)]
    private static partial Regex FullId();

    /// <summary>What is no plain name, number or hash.</summary>
    [GeneratedRegex(@"[()~^:\s+|&""']")]
    private static partial Regex Expression();

    [GeneratedRegex(@"\b(?<done>[0-9]+)/(?<all>[0-9]+)\b")]
    private static partial Regex ProgressLine();
}
