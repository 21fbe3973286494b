using System.Text.RegularExpressions;
using Entrypoint.Failures;
using Entrypoint.Processes;

namespace Entrypoint.Preparation;

/// <summary>Finds in the last output of pip, conda and compilers why they failed, and what can be done about it.</summary>
internal static partial class FailureReason
{
    private const int MaximalLength = 300;
    private const int LongestLine = 2000;

    private static readonly (Regex Pattern, string Hint)[] Hints =
    [
        (DiskFull(), "The disk is full: free space, or put the environments elsewhere with ENTRYPOINT_STATE or CONDA_ROOT."),
        (NoIndex(), "The package index cannot be reached: check the network and the proxy, or name another index (PIP_INDEX_URL, conda's channels)."),
        (CannotSolve(), "conda finds no set of packages that fits environment.yml: loosen its versions, or add the channel that has them."),
        (NoSuchPackage(), "There is no such package or version for this Python on the index: check its name and version."),
        (Conflict(), "The requirements contradict each other: loosen their versions."),
        (NoCompiler(), $"A package has to be compiled and no compiler is installed: {Packages.Install("build-essential")} in the image or in setup.sh, or take a version that has a wheel."),
        (OldLock(), "Run uv lock, or set UV_FROZEN=1 to take it as it is."),
        (UnclearPackage(), "Say in pyproject.toml which files the package has, or, where the code is none and is only run, let tool.uv.package be false: then its dependencies alone are installed."),
        (NotWritableProject(), "A local package is built where it is, and its folder cannot be written to: mount it so that it can, or require a wheel of it."),
        (NoPip(), $"This Python has no pip: {Packages.Install(Packages.Pip)}, or choose another Python with --python."),
        (NoVenv(), $"This Python has no venv module, and so cannot make virtual environments: {Packages.Install(Packages.VirtualEnvironments)}."),
        (NoRights(), "The folder cannot be written to by this user: change its owner, or choose another Python with --python."),
        (NoMemory(), "It ran out of memory: give the container more, or require less."),
    ];

    /// <summary>What can be done about it; null where the cause is not known.</summary>
    /// <param name="output">The last part of what the program printed.</param>
    /// <param name="isConda">Whether it is a program of the conda environment that was made for the code.</param>
    public static string? Hint(ExitStatus status, string output, bool isConda = false)
    {
        if (status.ShellCode == (int)ExitCode.SignalBase + Signals.Kill)
        {
            return "It was killed, most likely for want of memory: give the container more, or require less.";
        }

        output = string.Join('\n', Lines(output));
        return isConda && NoPip().IsMatch(output)
            ? "The conda environment has no pip: add pip to the dependencies in environment.yml."
            : Array.Find(Hints, hint => hint.Pattern.IsMatch(output)).Hint;
    }

    /// <summary>Whether a line says that something has failed.</summary>
    public static bool IsError(string line) => Error().IsMatch(line);

    /// <summary>The line of the output that says why, or the last one; null where there was no output.</summary>
    public static string? Line(string output)
    {
        var lines = Lines(output)
            .Select(line => TerminalCodes().Replace(line, ""))
            .Where(line => line.Length > 0 && !Noise().IsMatch(line))
            .ToArray();
        var index = Array.FindLastIndex(lines, line => Error().IsMatch(line));
        if (index >= 0 && SaysNothing().IsMatch(lines[index]))
        {
            var reason = BuildFailure.Reason(lines);
            var earlier = Array.FindLastIndex(lines, index, line => Error().IsMatch(line) && !SaysNothing().IsMatch(line));
            (lines, index) = reason is not null ? ([reason], 0) : (lines, earlier >= 0 ? earlier : index);
        }

        var line = index < 0 ? lines.LastOrDefault(line => !Frame().IsMatch(line))
            : lines[index].EndsWith(':') && index + 1 < lines.Length ? $"{lines[index]} {lines[index + 1]}"
            : lines[index];
        return line is { Length: > MaximalLength } ? line[..MaximalLength] + "…" : line;
    }

    /// <summary>The lines, each no longer than a reason is: the patterns are not made for more.</summary>
    private static IEnumerable<string> Lines(string output) =>
        output.Split(['\n', '\r'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(line => line.Length > LongestLine ? line[..LongestLine] : line);

    [GeneratedRegex(@"No space left on device|Errno 28\b|Disk quota exceeded|NoSpaceLeftError", RegexOptions.IgnoreCase)]
    private static partial Regex DiskFull();

    [GeneratedRegex(
        @"NewConnectionError|Failed to establish a new connection|NameResolutionError|name resolution|Name or service not known|Network is unreachable|CondaHTTPError|CONNECTION FAILED|ConnectTimeoutError|Connection refused|Could not resolve host|ProxyError|ReadTimeoutError|Max retries exceeded",
        RegexOptions.IgnoreCase)]
    private static partial Regex NoIndex();

    [GeneratedRegex(
        @"ResolvePackageNotFound|UnsatisfiableError|PackagesNotFoundError|LibMambaUnsatisfiableError|Could not solve for environment|SpecNotFound|nothing provides|Encountered problems while solving",
        RegexOptions.IgnoreCase)]
    private static partial Regex CannotSolve();

    [GeneratedRegex(@"No matching distribution found|Could not find a version that satisfies", RegexOptions.IgnoreCase)]
    private static partial Regex NoSuchPackage();

    [GeneratedRegex(@"ResolutionImpossible|conflicting dependencies", RegexOptions.IgnoreCase)]
    private static partial Regex Conflict();

    [GeneratedRegex(
        @"(unable to execute|command) '[^']*(gcc|g\+\+|cc|clang)'.*(No such file|failed: No)|(gcc|g\+\+|cc|c\+\+): (command )?not found|No CMAKE_C(XX)?_COMPILER|Unknown compiler\(s\)|error: can't find Rust compiler|No such file or directory: '(gcc|g\+\+|cc)'",
        RegexOptions.IgnoreCase)]
    private static partial Regex NoCompiler();

    [GeneratedRegex("No module named '?pip'?(?![A-Za-z0-9_.])")]
    private static partial Regex NoPip();

    [GeneratedRegex("No module named '?(venv|ensurepip)|ensurepip is not\\s+available")]
    private static partial Regex NoVenv();

    [GeneratedRegex(@"PermissionError|Errno 13\b|Read-only file system|NotWritableError", RegexOptions.IgnoreCase)]
    private static partial Regex NoRights();

    [GeneratedRegex(@"\bMemoryError\b|Cannot allocate memory|\bKilled$", RegexOptions.Multiline)]
    private static partial Regex NoMemory();

    [GeneratedRegex(@"The lockfile at .*needs to be updated", RegexOptions.CultureInvariant)]
    private static partial Regex OldLock();

    [GeneratedRegex(@"Multiple top-level (packages|modules) discovered|Unable to determine which files to ship", RegexOptions.CultureInvariant)]
    private static partial Regex UnclearPackage();

    /// <summary>setuptools names the place relative to the project.</summary>
    [GeneratedRegex(@"(could not create '[^/'][^']*'|Cannot (update time stamp of directory|write to) '[^/'][^']*'|Errno (13|30)\] [^:]*: '[^/'][^']*(egg-info|build)[^']*')", RegexOptions.CultureInvariant)]
    private static partial Regex NotWritableProject();

    /// <summary>Beside what tools say: apt-get's "E: …", bash's "setup.sh: line 3: …", and venv's own sentence on Debian.</summary>
    [GeneratedRegex(@"^(ERROR|error|fatal)\b:? |^([\w.]*\.)?\w*(Error|Exception|NotFound)\b:|^critical\b|^E: |^\S+: line \d+: |^The virtual environment was not created", RegexOptions.CultureInvariant)]
    private static partial Regex Error();

    /// <summary>pip's last words, where the reason stands above them.</summary>
    [GeneratedRegex(
        @"^(ERROR|error): (subprocess-exited-with-error|metadata-generation-failed|failed-wheel-build-for-install|legacy-install-failure|Failed building wheel for|Could not build wheels for|Failed to build |ResolutionImpossible)",
        RegexOptions.CultureInvariant)]
    private static partial Regex SaysNothing();

    /// <summary>What pip prints after the reason.</summary>
    [GeneratedRegex(@"^\[notice\]|^(note|hint): |^WARNING: You are using pip|^You should consider upgrading")]
    private static partial Regex Noise();

    /// <summary>What pip draws around the reason.</summary>
    [GeneratedRegex(@"^╰─>|^\[end of output\]")]
    private static partial Regex Frame();

    [GeneratedRegex(@"\e\[[0-9;?]*[A-Za-z]")]
    private static partial Regex TerminalCodes();
}
