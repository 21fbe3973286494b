using System.Text;
using System.Text.RegularExpressions;

namespace Entrypoint.Preparation;

/// <summary>The <c>pip:</c> list in an <c>environment.yml</c>, which conda gives to pip as a requirements file.</summary>
internal static partial class PipList
{
    /// <summary>Its items, one a line; nothing where there is no such list.</summary>
    public static string Read(string text)
    {
        var items = new StringBuilder();
        var indent = -1;
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n'))
        {
            if (line.AsSpan().TrimStart() is not [not '#', ..] content)
            {
                continue;
            }

            var depth = line.Length - content.Length;
            if (indent >= 0 && depth > indent && Item().Match(line) is { Success: true } item)
            {
                Add(items, item.Groups["item"].Value);
            }
            else if (Head().Match(line) is { Success: true } head)
            {
                indent = depth;
                foreach (var value in head.Groups["flow"].Value.Split(',', StringSplitOptions.RemoveEmptyEntries))
                {
                    Add(items, value);
                }
            }
            else
            {
                indent = -1;
            }
        }

        return items.ToString();
    }

    private static void Add(StringBuilder items, string item)
    {
        var text = item.Trim();
        items.Append(text is ['"' or '\'', .., var last] && last == text[0] ? text[1..^1] : text).Append('\n');
    }

    [GeneratedRegex(@"^\s*-\s+(?<item>.+)$")]
    private static partial Regex Item();

    [GeneratedRegex(@"^\s*-\s+[""']?pip[""']?\s*:(?>\s*)(\[(?<flow>[^\]]*)\])?(?>\s*)(#.*)?$")]
    private static partial Regex Head();
}
