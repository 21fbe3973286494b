namespace Entrypoint.Output;

/// <summary>
/// A text that may hold a password or a token, alone or within more text (a URL). It prints masked; <see cref="Reveal"/> is called
/// only where the value is handed to the program or server that it is meant for.
/// </summary>
internal sealed record Secret
{
    private readonly string _value;
    private readonly string _display;

    /// <param name="value">The text as it is.</param>
    /// <param name="display">The text as it may be shown.</param>
    public Secret(string value, string display = Secrets.Mask)
    {
        _value = value;
        _display = display;
    }

    /// <summary>The text as it is.</summary>
    public string Reveal() => _value;

    /// <summary>The text as it may be shown.</summary>
    public override string ToString() => _display;
}
