using System.Net;
using Entrypoint.Failures;

namespace Entrypoint.Sources.Lab;

/// <summary>Failures in words of the Lab.</summary>
internal static class LabFailures
{
    public static EntrypointException MissingToken() => new(
        ExitCode.Usage, "The code is Lab data, but LAB_API_TOKEN is not set: set it to an API token of the Lab.");

    public static EntrypointException MissingProject() => new(
        ExitCode.Usage, "The code is Lab data, but LAB_PROJECT is not set, and this Lab has no default project: set it to the project that the data is in.");

    /// <summary>401 or 403.</summary>
    public static EntrypointException Denied(HttpStatusCode status, string? project) => new(
        ExitCode.NoPermission,
        status == HttpStatusCode.Unauthorized
            ? "The token in LAB_API_TOKEN was refused (401): make a new one in the Lab."
            : $"The token in LAB_API_TOKEN gives no access to {(project is null ? "this Lab" : $"project {project}")} (403): check LAB_PROJECT, or ask for access.");

    public static EntrypointException NotFound(string key, string project, IEnumerable<string> newest)
    {
        var others = string.Join(", ", newest);
        return new EntrypointException(
            ExitCode.NoInput,
            $"No file {key} in project {project} of the Lab{(others.Length > 0 ? $"; newest keys with that prefix: {others}" : "")}. Check the key and LAB_PROJECT.");
    }

    /// <summary>An error that another try does not change.</summary>
    public static EntrypointException Refused(HttpStatusCode status, string what, string? message) => new(
        ExitCode.Unavailable, $"The Lab refused {what} ({(int)status}){(LabServer.OneLine(message) is { } line ? $": {line}" : "")}");
}
