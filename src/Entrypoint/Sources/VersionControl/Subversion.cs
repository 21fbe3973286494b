using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Entrypoint.Output;
using Entrypoint.Processes;

namespace Entrypoint.Sources.VersionControl;

/// <summary>
/// Subversion through <c>svn</c>: an export of one revision, of the subdirectory alone where that is enough. User and password lie in a
/// configuration folder of our own (<see cref="SubversionSettings"/>).
/// </summary>
internal sealed partial class Subversion : IVcsBackend
{
    /// <summary>What <c>svn</c> ends with when the code itself is here.</summary>
    private const string ExternalsFailed = "E205011";

    private static readonly (string Phrase, FailureKind Kind)[] Phrases =
    [
        .. FailureMatch.OfDisk,
        .. FailureMatch.OfSsh,
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
    private readonly FetchContext _context;
    private readonly FetchProgram _svn;
    private readonly TransferProgress _progress;
    private string? _settings;

    private Subversion(VcsUrl url, FetchContext context, TransferProgress progress, FetchProgram svn) =>
        (_url, _context, _progress, _svn) = (url, context, progress, svn);

    /// <summary>Finds the program.</summary>
    /// <exception cref="FetchFailureException">It is not on the <c>PATH</c>.</exception>
    public static Subversion Open(VcsUrl url, FetchContext context, TransferProgress progress)
    {
        var user = context.Options.Settings.Environment;
        var environment = user.Without("LANGUAGE").With("LC_ALL", "C.UTF-8").With("SVN_SSH", SshCommand.InBatchMode(user.Get("SVN_SSH", "ssh")));
        var program = FetchProgram.Find(context, "subversion", "svn");
        return new Subversion(url, context, progress, new FetchProgram(context, program, environment, text => FailureMatch.Find(text, Phrases, "svn:")));
    }

    /// <summary>Whether the server is one that has realms, and not this machine's disk or a program behind SSH.</summary>
    private bool IsServer => _url.IsHttp || _url.Scheme == "svn";

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
        var result = await RunAsync(folder, ["export", "-r", revision, source, target], cancellationToken).ConfigureAwait(false);
        if (result.Error.Contains(ExternalsFailed, StringComparison.Ordinal))
        {
            await ExplainExternalsAsync(folder, result.Error, cancellationToken).ConfigureAwait(false);
        }
        else if (!result.Succeeded)
        {
            var failure = _svn.Failure(result);
            throw isSparse && failure.Kind == FailureKind.NoRepository ? new FetchFailureException(FailureKind.NoSubdirectory, failure.Message) : failure;
        }

        return new FetchedTree(revision, !isSparse) { IsFixed = !result.Output.Contains("Fetching external item into", StringComparison.Ordinal) };
    }

    /// <summary>
    /// The code is here, but something that it takes from elsewhere is not. What another server gives only to those who log in is left out: the
    /// password of this one is not for it.
    /// </summary>
    private async Task ExplainExternalsAsync(string folder, string printed, CancellationToken cancellationToken)
    {
        var addresses = External().Matches(printed).Select(match => match.Groups["url"].Value).Distinct(StringComparer.Ordinal).ToList();
        foreach (var address in addresses)
        {
            var asked = await RunAsync(folder, ["info", address], cancellationToken).ConfigureAwait(false);
            var failure = asked.Succeeded ? new FetchFailureException(FailureKind.Other, FailureMatch.Find(printed, [], "svn: warning").Words) : _svn.Failure(asked);
            if (failure.Kind != FailureKind.Denied || _url.UserName is null || SubversionRealm.IsSameOrigin(_url, address))
            {
                throw new FetchFailureException(failure.Kind, failure.Message) { Part = $"the external '{Output.SafeAddress.Of(address)}'" };
            }

            _context.Log.Warning(
                "The external {Address} is left out: its server wants a user and a password, and those of {Host} are not sent to another origin.", Output.SafeAddress.Of(address), _url.Host);
        }

        if (addresses.Count == 0)
        {
            throw new FetchFailureException(FailureKind.Other, FailureMatch.Find(printed, [], "svn: warning").Words) { Part = "an external" };
        }
    }

    private async Task<string> RevisionAsync(string folder, CancellationToken cancellationToken)
    {
        ImmutableArray<string> asked = _url.Revision is null ? [] : ["-r", _url.Revision];
        var shown = await RunAsync(folder, ["info", "--show-item", "revision", .. asked, _url.Address.Reveal()], cancellationToken).ConfigureAwait(false);

        // In front of it stands where the server redirects to.
        return shown.Succeeded ? shown.Output.Trim().Split('\n')[^1].Trim() : throw _svn.Failure(shown);
    }

    private async Task<ProcessResult> RunAsync(string folder, ImmutableArray<string> arguments, CancellationToken cancellationToken)
    {
        ImmutableArray<string> options = ["--non-interactive"];
        if (IsServer)
        {
            options = [.. options, "--no-auth-cache", "--config-dir", _settings ??= await ConfigureAsync(cancellationToken).ConfigureAwait(false)];
        }

        var result = await _svn.RunAsync(
            new FetchStep([arguments[0], .. options, .. arguments[1..]]) { Folder = folder, Growing = folder, Progress = _progress }, cancellationToken).ConfigureAwait(false);
        return _url.Scheme == "https" && result.Output.Contains("Redirecting to URL 'http:", StringComparison.Ordinal)
            ? throw new FetchFailureException(FailureKind.Unsafe, "it redirects from https to http, where anybody on the way could change the code")
            : result;
    }

    private async Task<string> ConfigureAsync(CancellationToken cancellationToken)
    {
        var folder = _context.Temporary.Create("svn-settings");
        SubversionSettings.Write(folder, _url, _context.Options.Settings.Environment);
        if (_url.UserName is not null || _url.Scheme == "https")
        {
            foreach (var realm in await new SubversionRealm(_url, _context).AskAsync(cancellationToken).ConfigureAwait(false))
            {
                if (_url.UserName is not null)
                {
                    SubversionSettings.AddLogin(folder, realm, _url);
                }
            }
        }

        return folder;
    }

    /// <summary>As part of a URL; a last @ keeps one in a name from being read as a revision.</summary>
    private static string Encoded(string path) =>
        string.Join('/', path.Split('/').Select(Uri.EscapeDataString)) + (path.Contains('@', StringComparison.Ordinal) ? "@" : "");

    /// <summary>The URL in a warning about an external.</summary>
    [GeneratedRegex(@"^svn: warning: [^'\n]*'(?<url>[a-z+]+://[^'\n]+)'", RegexOptions.Multiline)]
    private static partial Regex External();
}
