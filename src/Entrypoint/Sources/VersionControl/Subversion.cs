using System.Collections.Immutable;
using Entrypoint.Linux;
using Entrypoint.Output;

namespace Entrypoint.Sources.VersionControl;

/// <summary>
/// Subversion through <c>svn</c>: an export of one revision, of the subdirectory alone where that is enough. The password goes to its standard
/// input, and is not kept in its cache.
/// </summary>
internal sealed class Subversion : IVcsBackend
{
    private static readonly (string Phrase, FailureKind Kind)[] Phrases =
    [
        .. FailureMatch.OfDisk,
        .. FailureMatch.OfSsh,
        ("invalid option: --password-from-stdin", FailureKind.ProgramMissing),
        ("E170001", FailureKind.Denied),
        ("E215004", FailureKind.Denied),
        ("E175013", FailureKind.Denied),
        ("E230001", FailureKind.Certificate),
        ("E160006", FailureKind.NoRevision),
        ("E205000", FailureKind.NoRevision),
        ("E195002", FailureKind.NoRevision),
        ("E160013", FailureKind.NoRepository),
        ("E180001", FailureKind.NoRepository),
        ("E210005", FailureKind.NoRepository),
        ("E170000", FailureKind.NoRepository),
        ("W170000", FailureKind.NoRepository),
        ("W160013", FailureKind.NoRepository),
        ("Unexpected HTTP status 404", FailureKind.NoRepository),
        .. FailureMatch.OfNetwork,
        ("E670002", FailureKind.Network),
        ("E670003", FailureKind.Network),
        ("E210002", FailureKind.Network),
        ("E175012", FailureKind.Network),
        ("E120106", FailureKind.Network),
        ("E120108", FailureKind.Network),
        ("connection closed", FailureKind.Network),
        ("Unexpected HTTP status 5", FailureKind.Network),
    ];

    private readonly VcsUrl _url;
    private readonly FetchProgram _svn;
    private readonly TransferProgress _progress;

    private Subversion(VcsUrl url, TransferProgress progress, FetchProgram svn) => (_url, _progress, _svn) = (url, progress, svn);

    /// <summary>Finds the program.</summary>
    /// <exception cref="FetchFailureException">It is not on the <c>PATH</c>.</exception>
    public static Subversion Open(VcsUrl url, FetchContext context, TransferProgress progress)
    {
        var user = context.Options.Settings.Environment;
        var environment = user.Without("LANGUAGE").With("LC_ALL", "C.UTF-8").With("SVN_SSH", SshCommand.InBatchMode(user.Get("SVN_SSH", "ssh")));
        var program = FetchProgram.Find(context, "subversion", "svn");
        return new Subversion(url, progress, new FetchProgram(context, program, environment, text => FailureMatch.Find(text, Phrases, "svn:")));
    }

    public async Task<string?> ResolveAsync(CancellationToken cancellationToken) =>
        await RevisionAsync("/", cancellationToken).ConfigureAwait(false);

    public async Task<FetchedTree> FetchAsync(string tree, bool sparse, CancellationToken cancellationToken)
    {
        var folder = Path.GetDirectoryName(tree)!;
        var revision = await RevisionAsync(folder, cancellationToken).ConfigureAwait(false);

        // A URL that holds an @ has its own idea of a revision, and nothing can be appended to it.
        var isSparse = sparse && !_url.Address.Reveal()[_url.Address.Reveal().IndexOf("//", StringComparison.Ordinal)..].Split('/', 4)[^1].Contains('@', StringComparison.Ordinal);
        var (source, target) = isSparse ? ($"{_url.Address.Reveal().TrimEnd('/')}/{Encoded(_url.Subdirectory!)}", Path.Combine("code", _url.Subdirectory!)) : (_url.Address.Reveal(), "code");
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, target))!);
        try
        {
            await RunAsync(folder, ["export", "-r", revision, source, target], cancellationToken).ConfigureAwait(false);
        }
        catch (FetchFailureException failure) when (isSparse && failure.Kind == FailureKind.NoRepository)
        {
            throw new FetchFailureException(FailureKind.NoSubdirectory, failure.Message);
        }

        return new FetchedTree(revision, !isSparse);
    }

    private async Task<string> RevisionAsync(string folder, CancellationToken cancellationToken)
    {
        ImmutableArray<string> asked = _url.Revision is null ? [] : ["-r", _url.Revision];
        var shown = await RunAsync(folder, ["info", "--show-item", "revision", .. asked, _url.Address.Reveal()], cancellationToken).ConfigureAwait(false);

        // In front of it stands where the server redirects to.
        return shown.Trim().Split('\n')[^1].Trim();
    }

    private Task<string> RunAsync(string folder, ImmutableArray<string> arguments, CancellationToken cancellationToken)
    {
        ImmutableArray<string> options = ["--non-interactive"];
        byte[]? input = null;
        if (_url is { IsSsh: false, UserName: { } user })
        {
            options = [.. options, "--no-auth-cache", "--username", user.Reveal()];
            if (_url.Password is { } password)
            {
                options = [.. options, "--password-from-stdin"];
                input = OsText.Encode(password.Reveal() + "\n");
            }
        }

        return _svn.OutputAsync(
            new FetchStep([arguments[0], .. options, .. arguments[1..]]) { Folder = folder, Input = input, Growing = folder, Progress = _progress }, cancellationToken);
    }

    /// <summary>As part of a URL; a last @ keeps one in a name from being read as a revision.</summary>
    private static string Encoded(string path) =>
        string.Join('/', path.Split('/').Select(Uri.EscapeDataString)) + (path.Contains('@', StringComparison.Ordinal) ? "@" : "");
}
