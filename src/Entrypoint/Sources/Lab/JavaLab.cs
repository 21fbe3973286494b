using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Entrypoint.Failures;
using Entrypoint.Sources.Web;

namespace Entrypoint.Sources.Lab;

/// <summary>The first generation: SAP/machine-learning-lab's Java services below <c>/api</c>, with the token as it is.</summary>
/// <param name="givenProject"><c>LAB_PROJECT</c>; null for the user's own project.</param>
internal sealed partial class JavaLab(LabServer server, string? givenProject) : ILabApi
{
    private const int MostKeysShown = 5;

    private string? _project = givenProject;

    /// <summary>Whether an answer is one of the second generation: an error without this generation's envelope.</summary>
    public static bool IsOtherGeneration(LabAnswer answer) =>
        !answer.Succeeded && answer.Body["code"].IsThere && !answer.Body["metadata"].IsThere;

    public async Task<string> ProjectAsync(CancellationToken cancellationToken)
    {
        if (_project is null)
        {
            var answer = await AskAsync("/auth/users/me", cancellationToken).ConfigureAwait(false);
            var user = Check(answer, "the question who the token belongs to");
            _project = user["id"].Text is { Length: > 0 } id ? $"lab-user-{id}" : throw LabFailures.MissingProject();
        }

        return _project;
    }

    public async Task<LabFile> FindAsync(LabDataKey key, CancellationToken cancellationToken)
    {
        var project = await ProjectAsync(cancellationToken).ConfigureAwait(false);
        var answer = await AskAsync($"{Files(project)}/info?fileKey={Uri.EscapeDataString(key.Text)}", cancellationToken).ConfigureAwait(false);

        // Info goes by prefix: it may answer with another file or version, or not be able to choose. The list has all of them.
        if (!IsNotFound(answer) && !IsSeveral(answer))
        {
            var file = Check(answer, $"the question for {key.Text}");
            if (Found(project, key, file) is { } found)
            {
                return found;
            }
        }

        return await FindInListAsync(project, key, cancellationToken).ConfigureAwait(false);
    }

    public GetRequest Download(LabFile file) =>
        server.Request($"{Files(file.Project)}/download?fileKey={Uri.EscapeDataString(file.Key)}") with { Display = $"{file.Key} of the Lab" };

    public long? AnnouncedSize(HttpResponseMessage response) =>
        response.Content.Headers.TryGetValues("Content-Disposition", out var values) ? SizeIn(string.Join(',', values)) : null;

    public async Task<Exception> RefusalAsync(HttpResponseMessage response, string what, CancellationToken cancellationToken)
    {
        var project = await ProjectAsync(cancellationToken).ConfigureAwait(false);
        var answer = new LabAnswer(response.StatusCode, await server.ReadAsync(response, cancellationToken).ConfigureAwait(false));
        return answer.Status switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => LabFailures.Denied(answer.Status, project),
            HttpStatusCode.NotFound => LabFailures.NotFound(what, project, []),
            _ => LabFailures.Refused(answer.Status, what, Message(answer)),
        };
    }

    /// <summary>The size in a <c>Content-Disposition</c>: its last parameter, since a file name may hold "size=" too.</summary>
    public static long? SizeIn(string disposition) =>
        SizeParameter().Match(disposition) is { Success: true } match
            && long.TryParse(match.Groups["size"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var size)
            ? size
            : null;

    /// <summary>The folder of a project's local copies, as the Lab's Python client names it.</summary>
    public static string ProjectFolder(string project) => ProjectLetters().Replace(project, "-").ToLowerInvariant();

    private async Task<LabFile> FindInListAsync(string project, LabDataKey key, CancellationToken cancellationToken)
    {
        var answer = await AskAsync(
            $"{Files(project)}?prefix={Uri.EscapeDataString(key.Name)}&aggregateVersions=false", cancellationToken).ConfigureAwait(false);
        var list = IsNotFound(answer) ? [] : Check(answer, $"the list of files that begin with {key.Name}").Elements;
        var files = list.Where(file => KeyOf(file) is not null).OrderByDescending(VersionOf).ToList();
        return files.Select(file => Found(project, key, file)).FirstOrDefault(file => file is not null)
            ?? throw LabFailures.NotFound(
                key.Text, project, files.Select(file => KeyOf(file)!).Where(other => other.StartsWith(key.Name, StringComparison.Ordinal)).Take(MostKeysShown));
    }

    /// <summary>The file, if it is what was asked for: of that very name, and of that version if one was named.</summary>
    private static LabFile? Found(string project, LabDataKey asked, LabJson file)
    {
        if (KeyOf(file) is not { } key || !LabDataKey.IsSafe(key))
        {
            return null;
        }

        var answered = LabDataKey.Read(key);
        var version = VersionOf(file);
        var isIt = answered.Name == asked.Name && (asked.Version is null || asked.Version == version);
        return isIt
            ? new LabFile(
                project, key, version.ToString(CultureInfo.InvariantCulture), file["size"].Number, $"{ProjectFolder(project)}/{key}")
            : null;
    }

    /// <summary>A key without a version is version 1.</summary>
    private static long VersionOf(LabJson file) => LabDataKey.Read(KeyOf(file)!).Version ?? file["version"].Number ?? 1;

    private static string? KeyOf(LabJson file) => file["key"].Text;

    private Task<LabAnswer> AskAsync(string path, CancellationToken cancellationToken) =>
        server.GetAsync(path, answer => IsSeveral(answer) || IsOtherGeneration(answer), Message, cancellationToken);

    /// <summary>What an answer holds, or the failure that it is.</summary>
    private LabJson Check(LabAnswer answer, string what)
    {
        var data = answer.Body["data"];
        if (IsOtherGeneration(answer) || (answer.Succeeded && answer.Body.IsObject && !data.IsThere && !answer.Body["metadata"].IsThere))
        {
            throw new OtherGenerationException(answer.Status);
        }

        return answer.Status switch
        {
            HttpStatusCode.OK when data.IsThere => data,
            HttpStatusCode.OK => throw server.NoLab($"no data in the answer to {what}"),
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => throw LabFailures.Denied(answer.Status, _project),
            HttpStatusCode.NotFound => throw (!answer.Body["errors"].IsThere
                ? server.NoLab($"404 to {what}")
                : new EntrypointException(ExitCode.NoInput, $"The Lab has no answer to {what} (404): {LabServer.OneLine(Message(answer))}")),
            _ => throw LabFailures.Refused(answer.Status, what, Message(answer)),
        };
    }

    private static string Files(string project) => $"/projects/{Uri.EscapeDataString(project)}/files";

    private static bool IsNotFound(LabAnswer answer) =>
        answer.Status == HttpStatusCode.BadRequest && Message(answer)?.Contains("could not be found", StringComparison.OrdinalIgnoreCase) == true;

    private static bool IsSeveral(LabAnswer answer) =>
        answer.Status == HttpStatusCode.InternalServerError && Message(answer)?.Contains("Multiple files found", StringComparison.OrdinalIgnoreCase) == true;

    private static string? Message(LabAnswer answer) => answer.Body["errors"]["message"].Text;

    [GeneratedRegex(@";\s*size=(?<size>[0-9]+)\s*$", RegexOptions.IgnoreCase)]
    private static partial Regex SizeParameter();

    [GeneratedRegex("[^A-Za-z0-9-]")]
    private static partial Regex ProjectLetters();
}

/// <summary>The server is of the second generation.</summary>
internal sealed class OtherGenerationException(HttpStatusCode status) : Exception
{
    /// <summary>What it answered.</summary>
    public HttpStatusCode Status => status;
}
