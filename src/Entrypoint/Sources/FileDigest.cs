using System.Security.Cryptography;

namespace Entrypoint.Sources;

/// <summary>The digest that a file must have, as pip writes it in a fragment: <c>sha256=…</c>, <c>sha384=…</c> or <c>sha512=…</c>.</summary>
/// <param name="Algorithm">sha256, sha384 or sha512.</param>
/// <param name="Value">The digest in lower-case hexadecimal digits.</param>
internal sealed record FileDigest(string Algorithm, string Value)
{
    /// <summary>The algorithms that there are.</summary>
    public static IReadOnlyList<string> Algorithms { get; } = ["sha256", "sha384", "sha512"];

    /// <summary>Reads a digest; null where the value is none of that algorithm.</summary>
    public static FileDigest? Read(string algorithm, string value) =>
        value.Length == 2 * LengthOf(algorithm) && value.All(char.IsAsciiHexDigit) ? new FileDigest(algorithm, value.ToLowerInvariant()) : null;

    /// <summary>How many hexadecimal digits a digest of the algorithm has.</summary>
    public static int DigitsOf(string algorithm) => 2 * LengthOf(algorithm);

    /// <summary>Begins to compute the digest of a file.</summary>
    public IncrementalHash Begin()
    {
        OpenSsl.Require("To check a digest");
        return IncrementalHash.CreateHash(NameOf(Algorithm));
    }

    /// <summary>Whether what was computed is this digest.</summary>
    public bool Fits(IncrementalHash computed) => Convert.ToHexStringLower(computed.GetCurrentHash()) == Value;

    private static HashAlgorithmName NameOf(string algorithm) => new(algorithm.ToUpperInvariant());

    private static int LengthOf(string algorithm) => int.Parse(algorithm.AsSpan(3), System.Globalization.CultureInfo.InvariantCulture) / 8;
}
