using System.Text.RegularExpressions;

namespace Entrypoint.Output;

/// <summary>
/// All that must never be shown in this run. Every text that leaves the program (log line, plan, report, termination message) goes
/// through <see cref="Hide"/>. Safe to use from several threads.
/// </summary>
internal sealed partial class Secrets
{
    /// <summary>What stands in the place of a secret.</summary>
    public const string Mask = "****";

    /// <summary>From this length on (characters) a value is hidden wherever it occurs, shorter ones only as whole words.</summary>
    private const int AlwaysHiddenLength = 4;

    private readonly Lock _gate = new();
    private string[] _values = [];

    /// <summary>Adds a value that must not be shown, as it is and as it looks percent-encoded and decoded.</summary>
    public void Add(string value)
    {
        if (string.IsNullOrEmpty(value))
        {
            return;
        }

        lock (_gate)
        {
            _values = [.. _values.Union([value, Uri.EscapeDataString(value), Uri.UnescapeDataString(value)], StringComparer.Ordinal)
                .Where(candidate => candidate.Length > 0)
                .OrderByDescending(candidate => candidate.Length)];
        }
    }

    /// <summary>The text without the secrets that are known, and without user information in URLs that carries a password.</summary>
    public string Hide(string text)
    {
        foreach (var value in Volatile.Read(ref _values))
        {
            text = value.Length >= AlwaysHiddenLength
                ? text.Replace(value, Mask, StringComparison.Ordinal)
                : HideWord(text, value);
        }

        return text.Contains("://", StringComparison.Ordinal) ? HideUserInformation(text) : text;
    }

    /// <summary>
    /// Masks the password of <c>scheme://user:password@host</c>, and a lone <c>token@</c> before a host (but for <c>git@</c> and other
    /// user names of SSH, which are no secrets).
    /// </summary>
    public static string HideUserInformation(string text) => UserInformation().Replace(text, match =>
    {
        var scheme = match.Groups["scheme"].Value;
        var user = match.Groups["user"].Value;
        if (match.Groups["password"].Success)
        {
            return $"{scheme}://{user}:{Mask}@";
        }

        return scheme.EndsWith("ssh", StringComparison.OrdinalIgnoreCase) || scheme.EndsWith("sftp", StringComparison.OrdinalIgnoreCase)
            ? match.Value
            : $"{scheme}://{Mask}@";
    });

    private static string HideWord(string text, string value) =>
        Regex.Replace(text, $@"(?<![\p{{L}}\p{{N}}]){Regex.Escape(value)}(?![\p{{L}}\p{{N}}])", Mask);

    [GeneratedRegex(@"(?<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?<user>[^\s/:?#]*?)(:(?<password>[^\s/?#]*))?@(?=[^\s@]*)")]
    private static partial Regex UserInformation();
}
