using System.Net;
using Entrypoint.Failures;

namespace Entrypoint.Sources.Web;

/// <summary>What the status of an answer means.</summary>
internal static class WebStatus
{
    /// <summary>Whether the server may answer better soon.</summary>
    public static bool MayPass(HttpStatusCode status) => (int)status is 408 or 425 or 429 or >= 500;

    /// <summary>The failure of a status that may pass.</summary>
    /// <param name="words">The server's own words, or null.</param>
    public static ServerUnavailableException Unavailable(HttpResponseMessage response, string display, TimeProvider time, string? words = null) =>
        new($"{display} answered with {Show(response.StatusCode)}{(words is null ? "" : $": {words.TrimEnd('.')}")}.")
        {
            RetryAfter = RetryAfter(response, time),
            Answered = (int)response.StatusCode < 500,
        };

    /// <summary>The failure of a status that another try does not change.</summary>
    public static EntrypointException Refusal(HttpStatusCode status, string display) => (int)status switch
    {
        401 => new EntrypointException(
            ExitCode.NoPermission, $"{display} wants user and password, or refuses those it was given (401): write user:${{PASSWORD}}@ in front of the host, with PASSWORD in the environment, or give them in ~/.netrc."),
        403 => new EntrypointException(ExitCode.NoPermission, $"{display} denies access (403): check that this address may be read with these rights."),
        407 => new EntrypointException(ExitCode.NoPermission, $"The proxy to {display} wants user and password (407): put them in the proxy variable."),
        404 or 410 => new EntrypointException(ExitCode.NoInput, $"There is nothing at {display} ({(int)status}): check the address."),
        _ => new EntrypointException(ExitCode.Unavailable, $"{display} answered with {Show(status)}."),
    };

    /// <summary>"503 (Service Unavailable)".</summary>
    public static string Show(HttpStatusCode status) => Enum.IsDefined(status) ? $"{(int)status} ({status})" : $"{(int)status}";

    private static TimeSpan? RetryAfter(HttpResponseMessage response, TimeProvider time)
    {
        var asked = response.Headers.RetryAfter;
        var pause = asked?.Delta ?? (asked?.Date is { } date ? date - time.GetUtcNow() : null);
        return pause > TimeSpan.Zero ? pause : null;
    }
}
