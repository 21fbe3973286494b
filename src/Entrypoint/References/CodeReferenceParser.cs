using System.Text.RegularExpressions;
using Entrypoint.Failures;
using Entrypoint.Linux;
using Entrypoint.Output;
using Entrypoint.Processes;
using Entrypoint.Sources;
using Entrypoint.Sources.Lab;
using Entrypoint.Sources.VersionControl;

namespace Entrypoint.References;

/// <summary>What a reference is read with. The functions are the only look at the world, so that tests can be tables.</summary>
/// <param name="BaseDirectory">What a relative path starts from; absolute.</param>
/// <param name="PathExists">Whether something is at an absolute path.</param>
/// <param name="Environment">For <c>${NAME}</c>.</param>
/// <param name="Secrets">Learns what <c>${NAME}</c> held.</param>
/// <param name="HasLabEndpoint">Whether a Lab endpoint is set.</param>
/// <param name="LabCopyExists">Whether there is a local copy of the data of a key.</param>
/// <param name="IsProgram">Whether the name is that of a program on the <c>PATH</c>.</param>
internal sealed record ReferenceContext(
    string BaseDirectory,
    Func<string, bool> PathExists,
    ProcessEnvironment Environment,
    Secrets Secrets,
    bool HasLabEndpoint,
    Func<string, bool> LabCopyExists,
    Func<string, bool> IsProgram);

/// <summary>Reads a reference: which of the four kinds it is, the first that fits.</summary>
internal static partial class CodeReferenceParser
{
    /// <exception cref="EntrypointException">64: a variable is missing; 65: malformed or unsafe; 66: none of the four kinds.</exception>
    public static CodeReference Parse(string given, ReferenceContext context)
    {
        // A path that exists as it is needs no variables: `$` and braces are fine in names.
        if (FullPath(given, context) is var asGiven && context.PathExists(asGiven))
        {
            return new LocalPath(SafeAddress.OfPath(given), asGiven, ReferenceFragment.None);
        }

        // What may be a secret is known before anything can be said about the rest.
        context.Secrets.Learn(given);
        var text = Expand(given, context);
        context.Secrets.Learn(text);
        var shown = SafeAddress.Of(given);
        if (text.Contains('\0', StringComparison.Ordinal))
        {
            throw new EntrypointException(ExitCode.DataError, "The reference to the code holds a NUL character, which no path or URL can.");
        }

        if (OfPath(shown, text, context) is { } local)
        {
            return local;
        }

        if (VcsUrl.IsMeant(text))
        {
            return VcsUrl.Parse(shown, text);
        }

        if (IsWebAddress(text))
        {
            return Web(shown, text);
        }

        var (key, fragment) = ReferenceFragment.SplitIfMeant(
            text, problem => new EntrypointException(ExitCode.DataError, $"The reference '{shown}' cannot be used: {problem}."));
        var labKeyPossible = !PathForm().IsMatch(key) && !text.Contains("://", StringComparison.Ordinal);
        return labKeyPossible && (context.HasLabEndpoint || context.LabCopyExists(key))
            ? new LabKey(shown, key, CheckNotebook(fragment, shown, LabDataKey.Read(key).Name))
            : throw NothingThere(shown, text, context);
    }

    /// <summary>A path that exists as it is, else one that exists without the fragment behind it.</summary>
    private static LocalPath? OfPath(SafeAddress shown, string text, ReferenceContext context)
    {
        var path = FullPath(text, context);
        if (context.PathExists(path))
        {
            return new LocalPath(shown, path, ReferenceFragment.None);
        }

        var mark = text.LastIndexOf('#');
        if (mark <= 0 || FullPath(text[..mark], context) is var before && !context.PathExists(before))
        {
            return null;
        }

        var fragment = ReferenceFragment.Parse(
            text[(mark + 1)..], problem => new EntrypointException(ExitCode.DataError, $"The reference to {before} cannot be used: {problem}."));
        return new LocalPath(shown, before, fragment);
    }

    private static string FullPath(string text, ReferenceContext context) =>
        text.Contains('\0', StringComparison.Ordinal) ? text : Path.GetFullPath(text, context.BaseDirectory);

    /// <summary>With the variables in place of their names. What was read from a file often ends with a line break, which is no part of a token.</summary>
    private static string Expand(string given, ReferenceContext context) => Variable().Replace(given, match =>
    {
        var name = match.Groups["name"].Value;
        if (!context.Environment.TryGet(name, out var value))
        {
            throw new EntrypointException(
                ExitCode.Usage, $"The reference to the code uses ${{{name}}}, but the environment variable {name} is not set or empty: set it, or leave it out.");
        }

        context.Secrets.AddVariable(value);
        var line = value.TrimEnd('\r', '\n');
        return line.Length > 0 && line.AsSpan().IndexOfAny('\r', '\n') < 0 ? line : throw new EntrypointException(
            ExitCode.Usage, $"The reference to the code uses ${{{name}}}, but the environment variable {name} holds {(line.Length == 0 ? "nothing but a line break" : "a line break")}: set it to one line.");
    });

    private static bool IsWebAddress(string text) =>
        text.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    private static WebAddress Web(SafeAddress given, string text)
    {
        var mark = text.IndexOf('#', StringComparison.Ordinal);
        var address = mark < 0 ? text : text[..mark];
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Host.Length == 0)
        {
            throw new EntrypointException(ExitCode.DataError, $"Malformed web address {given}: it must be http(s)://host/path.");
        }

        var display = SafeAddress.Of(address);
        var fragment = ReferenceFragment.Parse(
            mark < 0 ? null : text[(mark + 1)..], problem => new EntrypointException(ExitCode.DataError, $"The web address {display} cannot be used: {problem}."));
        return new WebAddress(
            given,
            new Secret(address, display.ToString()),
            CheckNotebook(fragment, display, Uri.UnescapeDataString(uri.AbsolutePath)));
    }

    /// <summary>Refuses a notebook, be it the reference itself or the part of it that is meant.</summary>
    private static ReferenceFragment CheckNotebook(ReferenceFragment fragment, SafeAddress display, string name) =>
        Notebook.IsNamedLikeOne(fragment.Subdirectory ?? name) ? throw Notebook.Refusal(display.ToString(), fragment.Subdirectory ?? name) : fragment;

    private static EntrypointException NothingThere(SafeAddress shown, string text, ReferenceContext context)
    {
        if (!text.Contains('/', StringComparison.Ordinal) && context.IsProgram(text))
        {
            return new EntrypointException(
                ExitCode.NoInput,
                $"No code at {shown}: there is no such path, but a program of that name. To run it in place of this one: docker run --entrypoint {shown} …");
        }

        var trimmed = text.Trim(Around);
        var meant = trimmed.Length < text.Length ? " Leave out the quotation marks or blanks around it (docker --env-file keeps them)."
            : ScpForm().IsMatch(text) || RepositoryScheme().IsMatch(text) ? $" If a Git repository is meant, write git+{shown}."
            : "";
        if (text.Contains("://", StringComparison.Ordinal))
        {
            return new EntrypointException(
                ExitCode.DataError,
                $"The reference '{shown}' is of no known scheme: it must begin with http://, https://, or with git+, hg+, svn+ or bzr+ and a URL.{meant}");
        }

        var lab = context.HasLabEndpoint || context.LabCopyExists(text)
            ? "it cannot be a Lab data key"
            : "no Lab data key (LAB_ENDPOINT is not set, and there is no local copy)";
        var state = FileCalls.KindOf(FullPath(text, context)) is PathKind.DanglingLink ? "is a link that leads nowhere" : "is not there";
        return new EntrypointException(
            ExitCode.NoInput,
            $"No code at {shown}: no path ({FullPath(shown.ToString(), context)} {state}), no VCS URL (git+, hg+, svn+ or bzr+ in front), no web address (http:// or https://), {lab}.{meant}");
    }

    /// <summary>What gets around a reference by mistake.</summary>
    private static readonly char[] Around = [' ', '\t', '\r', '\n', '"', '\''];

    [GeneratedRegex(@"\$\{(?<name>[A-Z0-9_]+)\}")]
    private static partial Regex Variable();

    /// <summary>Written as a path, so that it is no Lab key: absolute, or from here, or from home.</summary>
    [GeneratedRegex(@"^(/|\.{1,2}(/|$)|~)")]
    private static partial Regex PathForm();

    [GeneratedRegex(@"^[^/\s@]+@[^/\s:]+:")]
    private static partial Regex ScpForm();

    [GeneratedRegex(@"^(git|ssh)://", RegexOptions.IgnoreCase)]
    private static partial Regex RepositoryScheme();
}
