namespace Entrypoint.Workspace;

/// <summary>What can be told of a POSIX shell's command line by its quoting alone.</summary>
internal static class ShellText
{
    /// <summary>
    /// Whether it uses the positional parameters: <c>$@</c>, <c>$*</c>, <c>$1</c> to <c>$9</c>, with or without braces, anywhere but in
    /// single quotes or after a backslash.
    /// </summary>
    public static bool UsesPositionalParameters(string command)
    {
        var inDoubleQuotes = false;
        for (var index = 0; index < command.Length; index++)
        {
            switch (command[index])
            {
                case '\\':
                    index++;
                    break;
                case '"':
                    inDoubleQuotes = !inDoubleQuotes;
                    break;
                case '\'' when !inDoubleQuotes:
                    index = command.IndexOf('\'', index + 1) is >= 0 and var end ? end : command.Length;
                    break;
                case '$' when IsPositional(command.AsSpan(index + 1)):
                    return true;
            }
        }

        return false;
    }

    private static bool IsPositional(ReadOnlySpan<char> rest)
    {
        if (rest.StartsWith("{"))
        {
            rest = rest[1..];
        }

        return rest is [('@' or '*' or (>= '1' and <= '9')), ..];
    }
}
