using System.IO.Hashing;
using Entrypoint.Linux;

namespace Entrypoint.Store;

/// <summary>
/// Short names for contents that must not be mixed up by accident: XXH128. A cryptographic hash would guard against nobody here (who can
/// write the state folder needs no collision), and would load OpenSSL, which costs 4 MB of memory and some milliseconds at every start.
/// </summary>
internal sealed class Fingerprint
{
    /// <summary>Letters of a name: 80 bits.</summary>
    private const int NameLength = 20;

    private readonly XxHash128 _hash = new();

    /// <summary>Lower-case hexadecimal digits for the bytes so far.</summary>
    public string Name => Convert.ToHexString(_hash.GetCurrentHash()).ToLowerInvariant()[..NameLength];

    /// <summary>The name of a text.</summary>
    public static string Of(string text)
    {
        var fingerprint = new Fingerprint();
        fingerprint.Append(OsText.Encode(text));
        return fingerprint.Name;
    }

    public void Append(ReadOnlySpan<byte> bytes) => _hash.Append(bytes);
}
