using System.Text.RegularExpressions;
using Entrypoint.Failures;

namespace Entrypoint.Preparation.Projects;

/// <summary>
/// A dependency as a project names it (PEP 508). What it means pip knows; here it is only made sure that it is one, and no option or path,
/// and told which package it is of.
/// </summary>
/// <param name="Text">The whole of it.</param>
/// <param name="Name">The package's name, normalised.</param>
/// <param name="Extras">The extras of that package, normalised.</param>
/// <param name="Marker">What follows the semicolon; null where there is none.</param>
/// <param name="Address">What follows the <c>@</c>; null where there is none.</param>
internal sealed partial record Requirement(string Text, string Name, IReadOnlyList<string> Extras, string? Marker, string? Address)
{
    /// <summary>Reads a dependency.</summary>
    /// <param name="where">Where it stands, for the message.</param>
    /// <exception cref="EntrypointException">78: it is none.</exception>
    public static Requirement Read(string text, string where)
    {
        var match = Form().Match(text);
        if (!match.Success || text.AsSpan().ContainsAny('\n', '\r', '\0'))
        {
            throw new EntrypointException(
                ExitCode.PreparationFailed,
                $"{where} could not be applied: '{text.ReplaceLineEndings(" ")}' is no dependency. One begins with the name of a package, as in 'numpy>=1.26'.");
        }

        var extras = match.Groups["extras"].Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var rest = match.Groups["rest"].Value.Trim();
        var isAddress = rest.StartsWith('@');
        var cut = isAddress ? rest.IndexOf(" ;", StringComparison.Ordinal) : rest.IndexOf(';', StringComparison.Ordinal);
        var marker = cut < 0 ? null : rest[cut..].TrimStart(' ', ';').Trim();
        return new Requirement(
            text.Trim(),
            PackageName.Normalize(match.Groups["name"].Value),
            [.. extras.Select(PackageName.Normalize)],
            marker is { Length: > 0 } ? marker : null,
            isAddress ? (cut < 0 ? rest : rest[..cut])[1..].Trim() : null);
    }

    /// <summary>The same, where a further condition holds.</summary>
    public Requirement Where(string? marker)
    {
        if (marker is null)
        {
            return this;
        }

        var whole = Marker is null ? marker : $"({Marker}) and ({marker})";
        var bare = Marker is null ? Text : Text[..Text.LastIndexOf(';')].TrimEnd();
        return this with { Text = $"{bare} ; {whole}", Marker = whole };
    }

    [GeneratedRegex(@"^\s*(?<name>[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(\[(?<extras>[^\[\]]*)\])?\s*(?<rest>$|[(<>=!~;@].*$)", RegexOptions.Singleline)]
    private static partial Regex Form();
}
