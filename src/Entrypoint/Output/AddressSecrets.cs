namespace Entrypoint.Output;

/// <summary>Finds the secrets of one address, well formed or not.</summary>
internal static class AddressSecrets
{
    /// <summary>From this length on a lone name is taken for a token where names may be shown (with a digit in it; longer
    /// ones without; shorter ones with letters of both cases besides).</summary>
    private const int TokenLength = 16;
    private const int MixedTokenLength = 10;
    private const int LongTokenLength = 24;

    /// <summary>Adds those of one URL.</summary>
    /// <param name="start">Where its scheme begins.</param>
    /// <param name="colon">Where its scheme ends.</param>
    /// <param name="end">Where it ends.</param>
    public static void AddUrl(string text, int start, int colon, int end, List<SecretPlace> places)
    {
        var url = text.AsSpan(0, end);
        var authority = colon + 3;
        var authorityEnd = Find(url, authority, url[authority..].IndexOfAny('/', '?', '#'), end);
        var at = Find(url, authority, url[authority..authorityEnd].LastIndexOf('@'), -1);
        var host = url[(at < 0 ? authority : at + 1)..authorityEnd];
        var scheme = url[start..colon];
        var isFile = scheme.EndsWith("file", StringComparison.OrdinalIgnoreCase);
        var malformed = (host.IsEmpty && !isFile) || !HasPortOrNone(host);
        var last = Find(url, authority, url[authority..].LastIndexOf('@'), -1);
        var userEnd = last <= at ? at : malformed ? last : Math.Max(at, MisreadEnd(url, host, authorityEnd, last));
        if (userEnd < 0 && malformed && host.IndexOf(':') is var password and >= 0 && password + 1 < host.Length)
        {
            // user:pass, and no host behind it.
            places.Add(new SecretPlace(authority + password + 1, end, IsUser: true));
            return;
        }

        if (userEnd >= 0)
        {
            var isSsh = scheme.EndsWith("ssh", StringComparison.OrdinalIgnoreCase) || scheme.EndsWith("sftp", StringComparison.OrdinalIgnoreCase);
            AddUser(url, authority, userEnd, showsName: isSsh, isMisread: userEnd != at, places);
        }

        AddQuery(url, userEnd > authorityEnd ? userEnd + 1 : authorityEnd, places);
    }

    /// <summary>
    /// The <c>@</c> behind the path or fragment that is more likely the end of a password with a slash or hash in it than the start of a
    /// revision, since the host would be a bare word, and what follows the <c>@</c> looks like one; or since no fragment is like that. Else -1.
    /// </summary>
    private static int MisreadEnd(ReadOnlySpan<char> url, ReadOnlySpan<char> host, int authorityEnd, int last)
    {
        if (url[authorityEnd..last].IndexOf('#') is var hash and >= 0)
        {
            var fragment = url[(authorityEnd + hash + 1)..];
            return fragment.IndexOf('=') is var equals && (equals < 0 || !IsKnownFragment(fragment[..equals])) ? last : -1;
        }

        var colon = host.LastIndexOf(':');
        var name = colon < 0 ? host : host[..colon];
        if (name.IsEmpty || name.IndexOfAny('.', '[') >= 0 || name is "localhost")
        {
            return -1;
        }

        return LastBeforeHost(url, authorityEnd);
    }

    /// <summary>The last <c>@</c> that is followed by what looks like a host and its path; -1 where there is none.</summary>
    private static int LastBeforeHost(ReadOnlySpan<char> text, int from)
    {
        var found = -1;
        for (var next = text[from..].IndexOf('@'); next >= 0; next = text[from..].IndexOf('@'))
        {
            var at = from + next;
            from = at + 1;
            var length = text[from..].IndexOfAny('/', '@');
            var other = length < 0 ? default : text.Slice(from, length);
            if (length > 0 && text[from + length] == '/' && (other.IndexOfAny('.', ':') >= 0 || other is "localhost"))
            {
                found = at;
            }
        }

        return found;
    }

    /// <summary>A reference without <c>://</c>: what SSH takes (<c>user@host:path</c>), or a URL with its scheme mistyped.</summary>
    public static void AddWithoutScheme(string text, List<SecretPlace> places)
    {
        var at = text.LastIndexOf('@');
        var begin = text.AsSpan().IndexOfAnyExcept(Around);
        if (at >= 0 && at >= begin && !IsLaunchpad(text.AsSpan(begin)))
        {
            var git = text.AsSpan(begin).StartsWith("git+", StringComparison.OrdinalIgnoreCase) ? begin + 4 : begin;
            var first = text.IndexOf('@', StringComparison.Ordinal);
            var lone = Math.Max(git, text.AsSpan(0, first).LastIndexOfAny('/', '+') + 1);
            var isPlain = !text.AsSpan(begin, first - begin).Contains(':');
            if (!isPlain || LastBeforeHost(text, first + 1) > first || (at > first && PrefixEnd(text, begin) > begin))
            {
                places.Add(new SecretPlace(Math.Min(PrefixEnd(text, begin), at), at, IsUser: true));
            }
            else if (IsToken(text.AsSpan(lone, first - lone)) || (first > lone && IsUrlWithoutScheme(text, begin, first) && !text.AsSpan(lone, first - lone).SequenceEqual("git")))
            {
                places.Add(new SecretPlace(lone, first, IsUser: true));
            }
        }

        AddQuery(text, Math.Max(at, 0), places);
    }

    /// <summary><c>https//name@host</c>, or <c>name@host.org/path</c>.</summary>
    private static bool IsUrlWithoutScheme(string text, int begin, int at)
    {
        var rest = text.AsSpan(at + 1);
        var end = rest.IndexOfAny('/', '@');
        var host = end < 0 ? default : rest[..end];
        return PrefixEnd(text, begin) > begin || (end > 0 && rest[end] == '/' && (host.IndexOfAny('.', '[') >= 0 || host.StartsWith("localhost")));
    }

    /// <summary><c>lp:~owner/project@revision</c> has a colon, and no user information.</summary>
    private static bool IsLaunchpad(ReadOnlySpan<char> text) =>
        text.StartsWith("lp:", StringComparison.OrdinalIgnoreCase) || text.StartsWith("bzr+lp:", StringComparison.OrdinalIgnoreCase);

    /// <summary>Behind <c>https:/</c>, <c>https//</c> or <c>name:</c>.</summary>
    private static int PrefixEnd(string text, int begin)
    {
        var word = text.AsSpan(begin);
        var length = word.IndexOfAnyExcept(SecretPlaces.SchemeCharacters) is var found and >= 0 ? found : word.Length;
        var isPrefix = length < word.Length && (word[length] == ':' || word[length..].StartsWith("//"));
        if (!isPrefix)
        {
            return begin;
        }

        length += word[length] == ':' ? 1 : 0;
        while (length < word.Length && word[length] == '/')
        {
            length++;
        }

        return begin + length;
    }

    /// <param name="isMisread">Whether more than the authority counts; then only a plain name in front of a colon is shown.</param>
    private static void AddUser(ReadOnlySpan<char> url, int start, int end, bool showsName, bool isMisread, List<SecretPlace> places)
    {
        var colon = url[start..end].IndexOf(':');
        if (isMisread && (colon < 0 || url.Slice(start, colon).IndexOfAny(Structure) >= 0))
        {
            places.Add(new SecretPlace(start, end, IsUser: true));
            return;
        }

        var name = colon < 0 ? url[start..end] : url[start..(start + colon)];
        if (IsPlaceholder(name))
        {
            name = default;
        }

        if (!name.IsEmpty && (colon < 0 && !showsName || IsToken(name)))
        {
            places.Add(new SecretPlace(start, start + name.Length, IsUser: true));
        }

        if (colon >= 0 && !IsPlaceholder(url[(start + colon + 1)..end]))
        {
            places.Add(new SecretPlace(start + colon + 1, end, IsUser: true));
        }
    }

    private static void AddQuery(ReadOnlySpan<char> url, int from, List<SecretPlace> places)
    {
        var hash = Find(url, from, url[from..].IndexOf('#'), url.Length);
        var query = url[from..hash].IndexOf('?');
        if (query >= 0 && from + query + 1 < hash)
        {
            places.Add(new SecretPlace(from + query + 1, hash, IsUser: false));
        }

        // Of a fragment what names a part of the code is shown, and of the rest the names alone.
        var start = hash + 1;
        while (start < url.Length)
        {
            var end = Find(url, start, url[start..].IndexOf('&'), url.Length);
            if (url[start..end].IndexOf('=') is var equals and >= 0 && !IsKnownFragment(url[start..(start + equals)]) && start + equals + 1 < end)
            {
                places.Add(new SecretPlace(start + equals + 1, end, IsUser: false));
            }

            start = end + 1;
        }
    }

    private static bool IsKnownFragment(ReadOnlySpan<char> name) =>
        name is "subdirectory" or "egg" or "md5" or "sha1" or "sha224" or "sha256" or "sha384" or "sha512";

    /// <summary><c>${NAME}</c> and no more: it names a secret, and holds none.</summary>
    private static bool IsPlaceholder(ReadOnlySpan<char> text) =>
        text is ['$', '{', _, .., '}'] && text[2..^1].IndexOfAnyExcept(VariableCharacters) < 0;

    private static bool IsToken(ReadOnlySpan<char> name)
    {
        var hasDigit = name.IndexOfAnyInRange('0', '9') >= 0;
        var isMixed = hasDigit && name.IndexOfAnyInRange('A', 'Z') >= 0 && name.IndexOfAnyInRange('a', 'z') >= 0;
        return name.Length >= LongTokenLength || (hasDigit && name.Length >= TokenLength) || (isMixed && name.Length >= MixedTokenLength);
    }

    private static bool HasPortOrNone(ReadOnlySpan<char> host)
    {
        var bracket = host.StartsWith("[") ? host.IndexOf(']') + 1 : 0;
        var rest = host[bracket..];
        var colon = rest.IndexOf(':');
        return colon < 0 || (bracket == 0 || colon == 0) && colon + 1 < rest.Length && rest[(colon + 1)..].IndexOfAnyExceptInRange('0', '9') < 0;
    }

    private static int Find(ReadOnlySpan<char> text, int offset, int found, int otherwise) => found < 0 ? otherwise : Math.Min(offset + found, text.Length);

    private static readonly System.Buffers.SearchValues<char> Structure = System.Buffers.SearchValues.Create("@/?#");

    private static readonly System.Buffers.SearchValues<char> Around = System.Buffers.SearchValues.Create(" \t\r\n\"'");

    private static readonly System.Buffers.SearchValues<char> VariableCharacters = System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
}
