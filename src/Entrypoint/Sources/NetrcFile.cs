using System.Text;
using Entrypoint.Processes;

namespace Entrypoint.Sources;

/// <summary>A user and password of <c>~/.netrc</c>.</summary>
/// <param name="Machine">The host; null for the <c>default</c> entry.</param>
internal sealed record NetrcEntry(string? Machine, string Login, string Password);

/// <summary>
/// Reads <c>~/.netrc</c>, or the file that <c>NETRC</c> names, as curl does: words separated by white space, quoted or not, <c>macdef</c> up
/// to the next empty line, <c>#</c> at the start of a word for a comment. The first entry that fits counts.
/// </summary>
internal sealed class NetrcFile
{
    private readonly IReadOnlyList<NetrcEntry> _entries;

    private NetrcFile(IReadOnlyList<NetrcEntry> entries) => _entries = entries;

    /// <summary>Reads the user's file; one that is not there or cannot be read has no entries.</summary>
    public static NetrcFile Read(ProcessEnvironment environment)
    {
        var home = environment.TryGet("HOME", out var given) ? given : Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var path = environment.TryGet("NETRC", out var named) ? named : Path.Combine(home, ".netrc");
        try
        {
            return Parse(File.ReadAllText(path));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return new NetrcFile([]);
        }
    }

    /// <summary>Reads a file's text.</summary>
    public static NetrcFile Parse(string text)
    {
        var entries = new List<NetrcEntry>();
        string? machine = null, login = null, password = null;
        var isOpen = false;
        void Close()
        {
            if (isOpen && (login is not null || password is not null))
            {
                entries.Add(new NetrcEntry(machine, login ?? "", password ?? ""));
            }

            (machine, login, password, isOpen) = (null, null, null, false);
        }

        var words = new Words(text);
        while (words.Next() is { } word)
        {
            switch (word)
            {
                case "machine":
                    Close();
                    (machine, isOpen) = (words.Next(), true);
                    break;
                case "default":
                    Close();
                    isOpen = true;
                    break;
                case "login":
                    login = words.Next();
                    break;
                case "password":
                    password = words.Next();
                    break;
                case "account":
                    _ = words.Next();
                    break;
                case "macdef":
                    words.SkipMacro();
                    break;
            }
        }

        Close();
        return new NetrcFile(entries);
    }

    /// <summary>The entry for a host.</summary>
    /// <param name="login">The user that is meant; null for any.</param>
    /// <param name="orDefault">Whether the <c>default</c> entry will do.</param>
    public NetrcEntry? Find(string host, string? login, bool orDefault) => _entries.FirstOrDefault(entry =>
        (entry.Machine is null ? orDefault : entry.Machine.Equals(host, StringComparison.OrdinalIgnoreCase)) && (login is null || entry.Login == login));

    private sealed class Words(string text)
    {
        private int _at;

        public string? Next()
        {
            while (_at < text.Length)
            {
                if (char.IsWhiteSpace(text[_at]))
                {
                    _at++;
                }
                else if (text[_at] == '#')
                {
                    _at = text.IndexOf('\n', _at) is var end and >= 0 ? end : text.Length;
                }
                else
                {
                    return text[_at] == '"' ? Quoted() : Plain();
                }
            }

            return null;
        }

        public void SkipMacro()
        {
            var rest = text.AsSpan(_at);
            var (unix, windows) = (rest.IndexOf("\n\n"), rest.IndexOf("\n\r\n"));
            var end = unix < 0 ? windows : windows < 0 ? unix : Math.Min(unix, windows);
            _at = end < 0 ? text.Length : _at + end;
        }

        private string Plain()
        {
            var start = _at;
            while (_at < text.Length && !char.IsWhiteSpace(text[_at]))
            {
                _at++;
            }

            return text[start.._at];
        }

        private string Quoted()
        {
            var word = new StringBuilder();
            for (_at++; _at < text.Length && text[_at] != '"'; _at++)
            {
                if (text[_at] == '\\' && _at + 1 < text.Length)
                {
                    _at++;
                    word.Append(text[_at] switch { 'n' => '\n', 'r' => '\r', 't' => '\t', var other => other });
                }
                else
                {
                    word.Append(text[_at]);
                }
            }

            _at++;
            return word.ToString();
        }
    }
}
