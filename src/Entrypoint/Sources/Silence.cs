namespace Entrypoint.Sources;

/// <summary>What is said of a server that has sent nothing for too long: the same words, whatever fetches.</summary>
internal static class Silence
{
    /// <summary>Names the limit, and the option that sets it; no full stop at the end.</summary>
    public static string Words(TimeSpan limit) => $"nothing came for {limit.TotalSeconds:0.##} s (--fetch-timeout)";
}
