namespace Entrypoint.Output;

/// <summary>
/// An address or reference that is safe to print: user information, tokens, queries and fragments that may be secrets are masked. It is
/// made where a reference is parsed, from what was given, well formed or not; what was masked cannot be got back from it.
/// </summary>
internal sealed record SafeAddress
{
    private readonly string _text;

    private SafeAddress(string text) => _text = text;

    /// <summary>The safe form of a text that is one reference as a whole.</summary>
    public static SafeAddress Of(string reference) => new(Printable(SecretPlaces.Mask(reference, SecretPlaces.OfReference(reference))));

    /// <summary>The safe form of a path that is there: a path has no places for secrets.</summary>
    public static SafeAddress OfPath(string path) => new(path);

    /// <summary>The text as it may be shown.</summary>
    public override string ToString() => _text;

    /// <summary>A message is one line, whatever was given.</summary>
    private static string Printable(string text) => text.AsSpan().IndexOfAnyInRange('\0', '\x1f') < 0 && !text.Any(char.IsControl)
        ? text
        : string.Concat(text.Select(character => char.IsControl(character) ? '\uFFFD' : character));
}
