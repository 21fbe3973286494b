namespace Entrypoint.Sources.Web;

/// <summary>
/// A server that could not be reached, answered with an error that may pass, or did not send all. Worth another try; after the last one the
/// source says what comes of it.
/// </summary>
internal sealed class ServerUnavailableException : Exception
{
    public ServerUnavailableException(string message)
        : base(message)
    {
    }

    public ServerUnavailableException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>The server has sent nothing for as long as is allowed.</summary>
    /// <param name="subject">What did not answer, or not to its end.</param>
    public static ServerUnavailableException AfterSilence(string subject, TimeSpan limit, Exception inner) =>
        new($"{subject}: {Sources.Silence.Words(limit)}.", inner) { Silent = true };

    /// <summary>How long the server asks to be left alone; null where it does not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether the server sent nothing for as long as <c>--fetch-timeout</c> allows: that is the end, and not tried again.</summary>
    public bool Silent { get; private init; }

    /// <summary>Whether the server is there and sends, but not what it announced: no reason to make do with an older copy.</summary>
    public bool Answered { get; init; }
}
