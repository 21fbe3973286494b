using System.Text.RegularExpressions;

namespace Entrypoint.Preparation.Projects;

/// <summary>
/// The versions of Python that are asked for (<c>requires-python</c>): version specifiers as PEP 440 has them, held against the three
/// numbers of a Python, as pip does.
/// </summary>
internal sealed partial class PythonVersions
{
    private readonly (string Operator, string Text)[] _clauses;

    private PythonVersions(string text, (string, string)[] clauses) => (Text, _clauses) = (text, clauses);

    /// <summary>As it was written.</summary>
    public string Text { get; }

    /// <summary>Reads specifiers; null where they are none.</summary>
    public static PythonVersions? Read(string text)
    {
        var clauses = new List<(string, string)>();
        foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var match = Clause().Match(part);
            var (operation, version) = (match.Groups["operator"].Value, match.Groups["version"].Value);
            if (!match.Success || !IsAllowed(operation, version))
            {
                return null;
            }

            clauses.Add((operation, version));
        }

        return new PythonVersions(text.Trim(), [.. clauses]);
    }

    /// <summary>Whether a Python fits.</summary>
    /// <param name="version">Its version, such as 3.11.7 or 3.14.0rc1, of which the three numbers count.</param>
    public bool Contain(string version)
    {
        var numbers = Numbers().Match(version).Value;
        return numbers.Length > 0 && PackageVersion.Read(numbers) is { } python && Array.TrueForAll(_clauses, clause => Fits(clause, python, numbers));
    }

    private static bool Fits((string Operator, string Text) clause, PackageVersion python, string numbers)
    {
        if (clause.Operator == "===")
        {
            return string.Equals(clause.Text, numbers, StringComparison.OrdinalIgnoreCase);
        }

        var isPrefix = clause.Text.EndsWith(".*", StringComparison.Ordinal);
        var asked = PackageVersion.Read(isPrefix ? clause.Text[..^2] : clause.Text)!;
        return clause.Operator switch
        {
            "==" => isPrefix ? python.BeginsWith(asked) : python.CompareTo(asked) == 0,
            "!=" => isPrefix ? !python.BeginsWith(asked) : python.CompareTo(asked) != 0,
            ">=" => python.CompareTo(asked) >= 0,
            "<=" => python.CompareTo(asked) <= 0,
            ">" => python.CompareTo(asked) > 0,
            "<" => python.CompareTo(asked) < 0,
            _ => python.CompareTo(asked) >= 0 && python.BeginsWith(asked.WithoutLastNumber()),
        };
    }

    private static bool IsAllowed(string operation, string version)
    {
        if (operation == "===")
        {
            return version.Length > 0;
        }

        var isPrefix = version.EndsWith(".*", StringComparison.Ordinal);
        var read = PackageVersion.Read(isPrefix ? version[..^2] : version);
        return read is not null
            && (!isPrefix || (operation is "==" or "!=" && read.IsPlain))
            && (!read.IsLocal || operation is "==" or "!=")
            && (operation != "~=" || read.Numbers > 1);
    }

    [GeneratedRegex(@"^(?<operator>===|==|~=|!=|<=|>=|<|>)\s*(?<version>\S+)$")]
    private static partial Regex Clause();

    [GeneratedRegex(@"^\d+\.\d+(\.\d+)?")]
    private static partial Regex Numbers();
}
