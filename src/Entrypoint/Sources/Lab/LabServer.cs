using System.Net;
using System.Text;
using Entrypoint.Failures;
using Entrypoint.Sources.Web;

namespace Entrypoint.Sources.Lab;

/// <summary>An answer that was read whole.</summary>
internal sealed record LabAnswer(HttpStatusCode Status, LabJson Body)
{
    public bool Succeeded => Status == HttpStatusCode.OK;
}

/// <summary>The connection to a Lab, whatever its generation.</summary>
/// <param name="Base">What all addresses begin with; no slash at the end.</param>
/// <param name="Authorization">The header that carries the token.</param>
internal sealed record LabServer(string Base, string? Authorization, WebAccess Client, Retries Retries, TimeProvider Time)
{
    private const int LongestBody = 16 * 1024 * 1024;
    private const int LongestMessage = 300;

    /// <summary>The request for a path below the base.</summary>
    public GetRequest Request(string path) => new(new Uri(Base + path)) { Authorization = Authorization };

    /// <summary>Asks for JSON; what may pass is tried again.</summary>
    /// <param name="isFinal">Whether an error that looks as if it might pass will not.</param>
    /// <exception cref="ServerUnavailableException">No answer, or only such errors.</exception>
    public Task<LabAnswer> GetAsync(string path, Func<LabAnswer, bool> isFinal, Func<LabAnswer, string?> messageOf, CancellationToken cancellationToken)
    {
        var request = Request(path);
        return Retries.RunAsync<LabAnswer>(
            async stopping =>
            {
                using var response = await Client.GetAsync(request, stopping).ConfigureAwait(false);
                var answer = new LabAnswer(response.StatusCode, await ReadAsync(response, stopping).ConfigureAwait(false));
                return !WebStatus.MayPass(answer.Status) || isFinal(answer)
                    ? answer
                    : throw WebStatus.Unavailable(response, "The Lab at " + Base, Time, OneLine(messageOf(answer)));
            },
            cancellationToken);
    }

    /// <summary>Reads the body of an answer.</summary>
    public async Task<LabJson> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using var limit = new SilenceLimit(Client.Silence, cancellationToken);
        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        try
        {
            var content = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            int read;
            while ((read = await content.ReadAsync(buffer, limit.Start()).ConfigureAwait(false)) > 0 && body.Length < LongestBody)
            {
                body.Write(buffer.AsSpan(0, read));
            }

            limit.Stop();
            return LabJson.Parse(Encoding.UTF8.GetString(body.GetBuffer().AsSpan(0, (int)body.Length)));
        }
        catch (OperationCanceledException exception) when (limit.Passed)
        {
            throw ServerUnavailableException.AfterSilence($"The Lab at {Base} did not finish its answer", Client.Silence, exception);
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException)
        {
            throw new ServerUnavailableException($"The answer of the Lab at {Base} broke off.", exception);
        }
    }

    /// <summary>The first line of a server's message, of bounded length.</summary>
    public static string? OneLine(string? message)
    {
        var line = message?.Split('\n', 2)[0].Trim();
        return string.IsNullOrEmpty(line) ? null : line.Length > LongestMessage ? line[..LongestMessage] + "…" : line;
    }

    /// <summary>The failure for an answer that no Lab gives.</summary>
    public EntrypointException NoLab(string what) => new(
        ExitCode.Unavailable, $"{Base} does not answer like a Lab ({what}): check LAB_ENDPOINT or LAB_API_ENDPOINT.");
}
