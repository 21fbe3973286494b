using System.Globalization;
using System.Text;
using Entrypoint.Linux;
using Entrypoint.Processes;

namespace Entrypoint.Workspace;

/// <summary>
/// The path below which a workspace is served, in the one form that its tools can take: a leading slash, no trailing one, and
/// percent-encoded. The root is the empty text, as it was for <c>docker-entrypoint.py</c>, so that a tool can append <c>/path</c>.
/// </summary>
internal static class BaseUrl
{
    public const string Variable = "WORKSPACE_BASE_URL";

    /// <summary>What JupyterHub sets for the server that it starts; wins over <see cref="Variable"/>.</summary>
    public const string HubVariable = "JUPYTERHUB_SERVICE_PREFIX";

    /// <summary>The base URL that the environment asks for; null where it asks for none.</summary>
    public static string? From(ProcessEnvironment environment) =>
        environment.TryGet(HubVariable, out var prefix) ? Normalize(prefix)
        : environment.TryGet(Variable, out var url) ? Normalize(url)
        : null;

    /// <summary>
    /// Brings a path into the one form. What is already percent-encoded stays so; a percent sign that encodes nothing is encoded.
    /// </summary>
    public static string Normalize(string path)
    {
        var trimmed = path.Trim().Trim('/');
        return trimmed.Length == 0 ? "" : "/" + Encode(OsText.Encode(trimmed));
    }

    private static string Encode(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        for (var index = 0; index < bytes.Length; index++)
        {
            var value = (char)bytes[index];
            text = IsPlain(value) || (value == '%' && IsEncoding(bytes[(index + 1)..]))
                ? text.Append(value)
                : text.Append(CultureInfo.InvariantCulture, $"%{bytes[index]:X2}");
        }

        return text.ToString();
    }

    /// <summary>The slash, and RFC 3986's unreserved characters: what Python's <c>urllib.parse.quote</c> leaves alone.</summary>
    private static bool IsPlain(char value) => char.IsAsciiLetterOrDigit(value) || value is '/' or '-' or '.' or '_' or '~';

    private static bool IsEncoding(ReadOnlySpan<byte> rest) =>
        rest.Length >= 2 && char.IsAsciiHexDigit((char)rest[0]) && char.IsAsciiHexDigit((char)rest[1]);
}
