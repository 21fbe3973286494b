using System.Globalization;
using System.Net;
using Entrypoint.Failures;
using Entrypoint.Sources.Web;

namespace Entrypoint.Sources.Lab;

/// <summary>The second generation: ml-tooling/contaxy, with the key in the path and a bearer token.</summary>
internal sealed class Contaxy(LabServer server, string? project) : ILabApi
{
    public Task<string> ProjectAsync(CancellationToken cancellationToken) =>
        project is not null ? Task.FromResult(project) : throw LabFailures.MissingProject();

    public async Task<LabFile> FindAsync(LabDataKey key, CancellationToken cancellationToken)
    {
        var inProject = await ProjectAsync(cancellationToken).ConfigureAwait(false);
        if (await MetadataAsync(inProject, key.Text, null, cancellationToken).ConfigureAwait(false) is { } exact)
        {
            return Found(inProject, key.Text, exact);
        }

        // Versions are any text here; the .vN of the other generation stands for the version of that name.
        if (key.Version is { } number && await MetadataAsync(inProject, key.Name, null, cancellationToken).ConfigureAwait(false) is { } newest)
        {
            string[] names = [number.ToString(CultureInfo.InvariantCulture), $"v{number}"];
            var version = Versions(newest).FirstOrDefault(names.Contains);
            if (version is not null && await MetadataAsync(inProject, key.Name, version, cancellationToken).ConfigureAwait(false) is { } asked)
            {
                return Found(inProject, key.Name, asked);
            }

            throw LabFailures.NotFound(key.Text, inProject, Versions(newest).Select(other => $"{key.Name} of version {other}"));
        }

        throw LabFailures.NotFound(key.Text, inProject, []);
    }

    public GetRequest Download(LabFile file) => server.Request(
        $"{Path(file.Project, file.Key)}:download{(file.Version.Length > 0 ? $"?version={Uri.EscapeDataString(file.Version)}" : "")}") with
    {
        Display = $"{file.Key} of the Lab",
    };

    public long? AnnouncedSize(HttpResponseMessage response) => null;

    public async Task<Exception> RefusalAsync(HttpResponseMessage response, string what, CancellationToken cancellationToken) =>
        Failure(new LabAnswer(response.StatusCode, await server.ReadAsync(response, cancellationToken).ConfigureAwait(false)), what);

    /// <summary>Where the local copy of a version belongs; null where such a path would leave the folder.</summary>
    public static string? CopyPath(string project, string key, string version)
    {
        var path = version.Length > 0 ? $"{project}/{key}.{version}" : $"{project}/{key}";
        return !project.Contains('/', StringComparison.Ordinal) && !version.Contains('/', StringComparison.Ordinal) && LabDataKey.IsSafe(path) ? path : null;
    }

    /// <summary>Asks for a file; null where there is none.</summary>
    private async Task<LabJson?> MetadataAsync(string inProject, string key, string? version, CancellationToken cancellationToken)
    {
        var query = version is null ? "" : $"?version={Uri.EscapeDataString(version)}";
        var answer = await server.GetAsync($"{Path(inProject, key)}:metadata{query}", static _ => false, Message, cancellationToken).ConfigureAwait(false);
        if (answer.Status == HttpStatusCode.NotFound)
        {
            return answer.Body["code"].IsThere
                ? null
                : throw server.NoLab($"404 to the question for {key}");
        }

        if (!answer.Succeeded)
        {
            throw Failure(answer, $"the question for {key}");
        }

        return answer.Body["key"].Text is not null && (version is null || VersionOf(answer.Body) == version)
            ? answer.Body
            : throw server.NoLab($"no such file in the answer for {key}");
    }

    private LabFile Found(string inProject, string asked, LabJson file)
    {
        var version = VersionOf(file);
        if (file["key"].Text != asked)
        {
            throw server.NoLab($"asked for {asked}, it answered with another file");
        }

        return CopyPath(inProject, asked, version) is { } copy
            ? new LabFile(inProject, asked, version, file["file_size"].Number, copy)
            : throw new EntrypointException(
                ExitCode.DataError, $"The Lab names a version of {asked} that cannot be stored: '{Archives.EntryName.Show(version)}'.");
    }

    private EntrypointException Failure(LabAnswer answer, string what) => answer.Status switch
    {
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => LabFailures.Denied(answer.Status, project),
        HttpStatusCode.NotFound => LabFailures.NotFound(what, project ?? "", []),
        _ => LabFailures.Refused(answer.Status, what, Message(answer)),
    };

    private static string? Message(LabAnswer answer) => answer.Body["message"].Text;

    /// <summary>Empty where the file has none.</summary>
    private static string VersionOf(LabJson file) => file["version"].Text ?? "";

    private static IEnumerable<string> Versions(LabJson file) => file["available_versions"].Elements.Select(version => version.Text).OfType<string>();

    private static string Path(string inProject, string key) =>
        $"/projects/{Uri.EscapeDataString(inProject)}/files/{string.Join('/', key.Split('/').Select(Uri.EscapeDataString))}";
}
