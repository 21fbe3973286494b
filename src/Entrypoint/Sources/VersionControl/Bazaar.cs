using System.Collections.Immutable;
using Entrypoint.Linux;
using Entrypoint.Output;
using Entrypoint.Processes;
using Entrypoint.Store;

namespace Entrypoint.Sources.VersionControl;

/// <summary>
/// Bazaar through <c>bzr</c> or its successor <c>brz</c>: an export of one revision, of the subdirectory alone where that is enough. User and
/// password are given to it in a configuration folder of our own, beside the user's settings.
/// </summary>
internal sealed class Bazaar : IVcsBackend
{
    private static readonly (string Phrase, FailureKind Kind)[] Phrases =
    [
        .. FailureMatch.OfDisk,
        .. FailureMatch.OfSsh,
        ("Couldn't import breezy", FailureKind.ProgramMissing),
        ("certificate verify failed", FailureKind.Certificate),
        ("CERTIFICATE_VERIFY_FAILED", FailureKind.Certificate),
        ("Requested revision", FailureKind.NoRevision),
        ("No such tag", FailureKind.NoRevision),
        ("No namespace registered", FailureKind.NoRevision),
        ("InvalidRevisionSpec", FailureKind.NoRevision),
        ("Not a branch", FailureKind.NoRepository),
        ("No such file", FailureKind.NoRepository),
        ("No repository present", FailureKind.NoRepository),
        ("authentication", FailureKind.Denied),
        ("Permission denied", FailureKind.Denied),
        ("401", FailureKind.Denied),
        ("403", FailureKind.Denied),
        .. FailureMatch.OfNetwork,
        ("Connection error", FailureKind.Network),
        ("Connection closed", FailureKind.Network),
        ("ConnectionReset", FailureKind.Network),
        ("Couldn't resolve host", FailureKind.Network),
        ("http code 5", FailureKind.Network),
        ("timed out", FailureKind.Network),
    ];

    private readonly VcsUrl _url;
    private readonly FetchProgram _bzr;
    private readonly TransferProgress _progress;

    private Bazaar(VcsUrl url, TransferProgress progress, FetchProgram bzr) => (_url, _progress, _bzr) = (url, progress, bzr);

    /// <summary>Finds the program, and gives it user and password.</summary>
    /// <exception cref="FetchFailureException">It is not on the <c>PATH</c>.</exception>
    public static Bazaar Open(VcsUrl url, FetchContext context, TransferProgress progress)
    {
        var user = context.Options.Settings.Environment;
        var program = FetchProgram.Find(context, "brz", "bzr", "brz");

        // It takes its libraries from the first Python on the PATH, which in an image for jobs is hardly the one it was made for.
        var environment = SshCommand.WithoutQuestions(user)
            .WithPathPrefix(Path.GetDirectoryName(program)!)
            .Without("PYTHONHOME", "PYTHONPATH")
            .Without("LANGUAGE")
            .With("LC_ALL", "C.UTF-8")
            .With("BRZ_PROGRESS_BAR", "none")
            .WithDefault("BRZ_LOG", "/dev/null");
        if (url is { IsSsh: false, UserName: { } name })
        {
            environment = environment.With("BRZ_HOME", Configuration(url, user, context.Temporary.Create("bzr"), name.Reveal(), url.Password?.Reveal() ?? ""));
        }

        return new Bazaar(url, progress, new FetchProgram(context, program, environment, text => FailureMatch.Find(text, Phrases, "bzr: ERROR", "brz: ERROR"))
        {
            // It has places of its own where it looks for authorities.
            Leading = url.Scheme == "https" && user.TryGet("SSL_CERT_FILE", out var authorities) ? [$"-Ossl.ca_certs={authorities}"] : [],
        });
    }

    public async Task<string?> ResolveAsync(CancellationToken cancellationToken) =>
        await RevisionAsync("/", cancellationToken).ConfigureAwait(false);

    public async Task<FetchedTree> FetchAsync(string tree, bool sparse, CancellationToken cancellationToken)
    {
        var folder = Path.GetDirectoryName(tree)!;
        var revision = await RevisionAsync(folder, cancellationToken).ConfigureAwait(false);
        var (source, target) = sparse
            ? ($"{_url.Address.Reveal().TrimEnd('/')}/{string.Join('/', _url.Subdirectory!.Split('/').Select(Uri.EscapeDataString))}", Path.Combine("code", _url.Subdirectory!))
            : (_url.Address.Reveal(), "code");
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, target))!);
        await RunAsync(folder, ["export", "--format=dir", $"--revision=revno:{revision}", target, source], cancellationToken).ConfigureAwait(false);
        if (sparse && !IsFolder(Path.Combine(folder, target)))
        {
            FolderRemoval.Remove(tree);
        }

        return new FetchedTree(revision, !sparse);
    }

    private async Task<string> RevisionAsync(string folder, CancellationToken cancellationToken)
    {
        ImmutableArray<string> asked = _url.Revision is null ? [] : [$"--revision={_url.Revision}"];
        return (await RunAsync(folder, ["revno", .. asked, _url.Address.Reveal()], cancellationToken).ConfigureAwait(false)).Trim();
    }

    private async Task<string> RunAsync(string folder, ImmutableArray<string> arguments, CancellationToken cancellationToken)
    {
        var result = await _bzr.RunAsync(new FetchStep(arguments) { Folder = folder, Growing = folder, Progress = _progress }, cancellationToken).ConfigureAwait(false);
        return _url.Scheme == "https" && result.Error.Contains("redirected to http:", StringComparison.Ordinal)
            ? throw new FetchFailureException(FailureKind.Unsafe, "it redirects from https to http, where anybody on the way could change the code")
            : result.Succeeded ? result.Output : throw _bzr.Failure(result);
    }

    /// <summary>
    /// Whether the export is for certain that of a folder: of what is not there it makes an empty one without a word, and a file or a link it
    /// puts into a folder of the same name.
    /// </summary>
    private static bool IsFolder(string target) =>
        OsFile.IsFolder(target) && Directory.GetFileSystemEntries(target) is { Length: > 0 } entries
        && !(entries is [var only] && Path.GetFileName(only) == Path.GetFileName(target));

    /// <summary>The user's configuration folder once more, with another <c>authentication.conf</c>.</summary>
    private static string Configuration(VcsUrl url, ProcessEnvironment user, string home, string name, string password)
    {
        var own = Path.Combine(user.Get("BRZ_HOME", user.Get("XDG_CONFIG_HOME", user.Get("HOME", "/root") + "/.config")), "breezy");
        var folder = Directory.CreateDirectory(Path.Combine(home, "breezy")).FullName;
        var authentication = "";
        foreach (var file in OsFile.IsFolder(own) ? Directory.GetFileSystemEntries(own) : [])
        {
            if (Path.GetFileName(file) == "authentication.conf")
            {
                authentication = "\n" + OsFile.ReadAllText(file);
            }
            else
            {
                File.CreateSymbolicLink(Path.Combine(folder, Path.GetFileName(file)), file);
            }
        }

        var (host, port) = url.Host.LastIndexOf(':') is var colon and > 0 && !url.Host.EndsWith(']') ? (url.Host[..colon], url.Host[(colon + 1)..]) : (url.Host, "");
        var section = $"[entrypoint]\nscheme = {url.Scheme}\nhost = {host}\n{(port.Length > 0 ? $"port = {port}\n" : "")}user = {Quoted(name)}\npassword = {Quoted(password)}\n";
        var path = Path.Combine(folder, "authentication.conf");
        File.WriteAllBytes(path, OsText.Encode(section + authentication));
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return home;
    }

    /// <summary>In quotation marks that do not occur in it, as ConfigObj reads them.</summary>
    private static string Quoted(string value) =>
        !value.Contains('"', StringComparison.Ordinal) ? $"\"{value}\""
        : !value.Contains('\'', StringComparison.Ordinal) ? $"'{value}'"
        : $"'''{value}'''";
}
