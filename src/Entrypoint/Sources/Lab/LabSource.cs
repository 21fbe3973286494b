using System.Net;
using Entrypoint.CommandLine;
using Entrypoint.Failures;
using Entrypoint.Sources.Archives;
using Entrypoint.Sources.Web;

namespace Entrypoint.Sources.Lab;

/// <summary>What a key turned out to mean.</summary>
/// <param name="Project">The project; null where only a local copy says so.</param>
/// <param name="File">The version on the server; null where the local copy is used without it.</param>
/// <param name="Copy">The local copy that can be used; null where it must be downloaded.</param>
internal sealed record LabResolution(string? Project, LabFile? File, LabCopy? Copy);

/// <summary>Code that is data in an ML Lab instance: a script, or an archive.</summary>
internal sealed class LabSource(LabKey reference, FetchContext context) : ICodeSource
{
    private readonly LabSettings _settings = context.Options.Settings.Lab;
    private readonly LabCopies _copies = new(context.Options.Settings.DataEnvironment);
    private readonly LabDataKey _key = LabDataKey.Parse(reference.Key);


    /// <summary>What was found out for the code cache; a fetch does not ask again for what is here.</summary>
    private LabResolution? _resolved;

    public async Task<CodeTree> FetchAsync(CancellationToken cancellationToken)
    {
        var (copy, project, downloaded) = await WithAccessAsync(FetchCopyAsync, cancellationToken).ConfigureAwait(false);
        var tree = await Task.Run(() => Open(copy, downloaded, cancellationToken), cancellationToken).ConfigureAwait(false);
        return tree with { ResolvedRevision = RevisionOf(copy.Version), Project = project };
    }

    /// <summary>What is here as a local copy needs no second one.</summary>
    async Task<CodeIdentity?> ICodeSource.ResolveAsync(Func<string, string?> known, CancellationToken cancellationToken)
    {
        _resolved = await ResolveAsync(cancellationToken).ConfigureAwait(false);
        return _resolved is { Copy: null, File: { } file } ? IdentityOf(file) : null;
    }

    public CodeTree Select(FetchedCode code)
    {
        var subdirectory = reference.Fragment.Subdirectory;
        var tree = code.Script is not { } script ? CodeRoot.OfArchive(code.Root, subdirectory, _key.Text)
            : subdirectory is null ? new CodeTree(code.Root, Path.Combine(code.Root, script))
            : throw NoFolder(subdirectory);
        return tree with { ResolvedRevision = RevisionOf(code.Identity.Revision), Project = _resolved?.Project, Fetched = code };
    }

    private static string? RevisionOf(string version) => version.Length > 0 ? version : null;

    /// <summary>A version may be written anew: its size belongs to it.</summary>
    private CodeIdentity IdentityOf(LabFile file)
    {
        var digest = reference.Fragment.Digest;
        return new CodeIdentity($"lab+{_settings.Endpoint ?? _settings.ApiEndpoint} {file.Project} {file.Key} {file.Size} {digest?.Value}", file.Version, null);
    }

    /// <summary>Finds out what the key means without fetching it.</summary>
    /// <exception cref="EntrypointException">64, 65, 66, 69 or 77, as <see cref="FetchAsync"/>.</exception>
    public Task<LabResolution> ResolveAsync(CancellationToken cancellationToken) =>
        WithAccessAsync(
            async (client, retries, stopping) => (await ResolveAsync(client, retries, stopping).ConfigureAwait(false)).Resolution,
            cancellationToken);

    /// <summary>Unpacks an archive; anything else is a script, unless it is named like an archive.</summary>
    /// <param name="downloaded">What was downloaded for it; null where the copy was here.</param>
    private CodeTree Open(LabCopy copy, LabFile? downloaded, CancellationToken cancellationToken)
    {
        var (subdirectory, digest) = reference.Fragment;
        DigestCheck.Require(digest, copy.Path, _key.Text);
        if (Archive.UnpackFile(copy.Path, _key.Text, () => context.Temporary.Create("archive"), cancellationToken) is { } unpacked)
        {
            var root = CodeRoot.OfArchive(unpacked, subdirectory, _key.Text);
            return downloaded is null ? root : root with { Fetched = new FetchedCode(unpacked, IdentityOf(downloaded)) };
        }

        if (ArchiveName.IsOne(_key.Name))
        {
            throw ArchiveName.Refusal(_key.Text, FileContent.Look(copy.Path));
        }

        if (subdirectory is not null)
        {
            throw NoFolder(subdirectory);
        }

        // A script that lies among the local copies is kept there; what is for this run alone has a folder of its own.
        var folder = Path.GetDirectoryName(copy.Path)!;
        var isApart = downloaded is not null && copy.Path != _copies.PathOf(downloaded);
        return new CodeTree(folder, copy.Path) { Fetched = isApart ? new FetchedCode(folder, IdentityOf(downloaded!)) { Script = Path.GetFileName(copy.Path) } : null };
    }

    private EntrypointException NoFolder(string subdirectory) =>
        new(ExitCode.NoInput, $"There is no folder '{subdirectory}' in {_key.Text}, which is a single file and no archive.");

    private async Task<T> WithAccessAsync<T>(Func<WebAccess, Retries, CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        if (_settings.Insecure && _settings.HasEndpoint)
        {
            context.Log.Warning("The certificate of the Lab is not checked (LAB_INSECURE).");
        }

        var trust = CertificateTrust.With(_settings.CaBundle, _settings.Insecure);
        using var client = new WebAccess(context.Options.Settings.Environment, context.Options.FetchTimeout, trust);
        return await work(client, new Retries(context.Options.Settings.FetchTries, context.Log, context.Time), cancellationToken).ConfigureAwait(false);
    }

    private async Task<(LabCopy Copy, string? Project, LabFile? Downloaded)> FetchCopyAsync(WebAccess client, Retries retries, CancellationToken cancellationToken)
    {
        if (_resolved is { Copy: { } known })
        {
            context.Log.Information("Using the local copy {Path} of {Key}", known.Path, _key.Text);
            return (known, _resolved.Project, null);
        }

        var (resolution, api) = await ResolveAsync(client, retries, cancellationToken).ConfigureAwait(false);
        if (resolution.Copy is { } here)
        {
            context.Log.Information("Using the local copy {Path} of {Key}", here.Path, _key.Text);
            return (here, resolution.Project, null);
        }

        var file = resolution.File!;
        context.Log.Information("Downloading {Key} (version {Version}) of project {Project}", file.Key, file.Version, file.Project);
        try
        {
            var path = await new LabDownload(api!, client, retries, _copies, context).RunAsync(file, cancellationToken).ConfigureAwait(false);
            return (new LabCopy(path, file.Version), file.Project, file);
        }
        catch (ServerUnavailableException exception)
        {
            return (CopyInstead(exception, file.Project), file.Project, null);
        }
    }

    private async Task<(LabResolution Resolution, ILabApi? Api)> ResolveAsync(WebAccess client, Retries retries, CancellationToken cancellationToken)
    {
        if (!_settings.HasEndpoint)
        {
            var copy = _copies.Newest(_settings.Project, _key) ?? throw new EntrypointException(
                ExitCode.NoInput, $"There is no local copy of {_key.Text} in {context.Options.Settings.DataEnvironment}, and LAB_ENDPOINT is not set.");
            return (new LabResolution(_settings.Project, null, copy), null);
        }

        try
        {
            var (api, file) = await FindAsync(client, retries, cancellationToken).ConfigureAwait(false);
            return (new LabResolution(file.Project, file, _copies.Current(file)), api);
        }
        catch (ServerUnavailableException exception)
        {
            return (new LabResolution(_settings.Project, null, CopyInstead(exception, _settings.Project)), null);
        }
    }

    /// <summary>Finds the file, and by its first answer which generation the server is of.</summary>
    private async Task<(ILabApi Api, LabFile File)> FindAsync(WebAccess client, Retries retries, CancellationToken cancellationToken)
    {
        var token = LabEndpoint.Token(_settings);
        if (_settings.Endpoint is not { } endpoint)
        {
            var contaxy = new Contaxy(new LabServer(LabEndpoint.OfBase(_settings.ApiEndpoint!), $"Bearer {token}", client, retries, context.Time), _settings.Project);
            return (contaxy, await contaxy.FindAsync(_key, cancellationToken).ConfigureAwait(false));
        }

        var server = new LabServer(LabEndpoint.OfOrigin(endpoint), token, client, retries, context.Time);
        HttpStatusCode status;
        try
        {
            var first = new JavaLab(server, _settings.Project);
            return (first, await first.FindAsync(_key, cancellationToken).ConfigureAwait(false));
        }
        catch (OtherGenerationException exception)
        {
            status = exception.Status;
        }

        context.Log.Debug("The Lab at {Endpoint} is of the second generation", server.Base);
        var second = new Contaxy(server with { Authorization = $"Bearer {token}" }, _settings.Project);
        try
        {
            return (second, await second.FindAsync(_key, cancellationToken).ConfigureAwait(false));
        }
        catch (EntrypointException exception) when (
            exception.Code is ExitCode.NoInput or ExitCode.Unavailable && status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
        {
            // It was no second generation after all: what counts is the first answer.
            throw LabFailures.Denied(status, _settings.Project);
        }
    }

    /// <summary>What is here, where the server does not help.</summary>
    private LabCopy CopyInstead(ServerUnavailableException failure, string? project)
    {
        if (!failure.Answered && _copies.Newest(project, _key) is { } copy)
        {
            context.Log.Warning("{Problem} Using the local copy {Path} (version {Version}), which may be out of date.", failure.Message, copy.Path, copy.Version);
            return copy;
        }

        throw new EntrypointException(
            ExitCode.Unavailable, $"Cannot fetch {_key.Text} from the Lab: {failure.Message} Check LAB_ENDPOINT and the network, or try later.", failure);
    }
}
