using System.Text;
using Entrypoint.Failures;

namespace Entrypoint.Preparation.Projects;

/// <summary>What a script asks for in a block of comments of its own (PEP 723).</summary>
/// <param name="Dependencies">The packages.</param>
/// <param name="Python">The Pythons that it runs with; null where it does not say.</param>
/// <param name="NamesIndexes">Whether it names other places for its packages, which only uv reads.</param>
internal sealed record ScriptBlock(IReadOnlyList<Requirement> Dependencies, PythonVersions? Python, bool NamesIndexes)
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads the block; null where there is none.</summary>
    /// <param name="content">The script.</param>
    /// <param name="name">What it is called in messages.</param>
    /// <exception cref="EntrypointException">78: there are two, or it is broken.</exception>
    public static ScriptBlock? Read(ReadOnlySpan<byte> content, string name)
    {
        // What is no text at all has no line that says so.
        if (content.IndexOf("# /// script"u8) < 0 || content.Contains((byte)0))
        {
            return null;
        }

        var lines = Lines(content);
        var blocks = CommentBlock.In(lines).Where(block => block.Type == "script").ToArray();
        return blocks switch
        {
            [] => null,
            [_] when !IsUtf8(content) => throw TomlText.Unreadable(name, "it has a script block (PEP 723) and is not written in UTF-8.", null),
            [var only] => Of(only.Content(lines), name),
            _ => throw new EntrypointException(
                ExitCode.PreparationFailed,
                $"{name} has {(blocks.Length == 2 ? "two" : blocks.Length)} \"script\" blocks (lines {string.Join(" and ", blocks.Select(block => block.First + 1))}); PEP 723 allows one."),
        };
    }

    /// <summary>As Python reads a text; a mark of the byte order in front of it is none of its lines.</summary>
    private static string[] Lines(ReadOnlySpan<byte> content) => Encoding.UTF8.GetString(content)
        .TrimStart('\uFEFF')
        .Replace("\r\n", "\n", StringComparison.Ordinal)
        .Replace('\r', '\n')
        .Split('\n');

    private static ScriptBlock Of(string text, string name)
    {
        var toml = TomlText.Read(text, $"The script block of {name}");
        return new ScriptBlock(
            [.. toml.Texts("dependencies").Select(dependency => Requirement.Read(dependency, name))],
            ProjectFile.PythonOf(toml),
            toml.Table("tool")?.Table("uv") is { } uv && ProjectFile.HasIndexes(uv));
    }

    private static bool IsUtf8(ReadOnlySpan<byte> content)
    {
        try
        {
            _ = Strict.GetCharCount(content);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }
}
