namespace Entrypoint.Failures;

/// <summary>What to install where something is missing, in the words of the distributions. Every such sentence is made here.</summary>
internal static class Packages
{
    public const string Authorities = "ca-certificates";
    public const string Bash = "bash";
    public const string Git = "git";
    public const string LargeFiles = "git-lfs";
    public const string Pip = "python3-pip";
    public const string Python = "python3";
    public const string Ssh = "openssh-client";
    public const string Tls = "libssl3";
    public const string VirtualEnvironments = "python3-venv";

    /// <summary>By Debian's name: those of RHEL and Alpine, where they are others.</summary>
    private static readonly Dictionary<string, (string Rhel, string Alpine)> Others = new()
    {
        ["brz"] = ("breezy", "breezy"),
        ["build-essential"] = ("gcc gcc-c++ make", "build-base"),
        [Tls] = ("openssl-libs", "libssl3"),
        [Ssh] = ("openssh-clients", "openssh-client"),
        [Pip] = ("python3-pip", "py3-pip"),
        [VirtualEnvironments] = ("python3", "python3"),
    };

    /// <summary>"install it (Debian: apt-get install git; RHEL: dnf install git; Alpine: apk add git)".</summary>
    /// <param name="packages">Debian's names of what brings it.</param>
    public static string Install(params string[] packages) =>
        $"install it ({Named(packages)})";

    /// <summary>"Debian: apt-get install git; RHEL: dnf install git; Alpine: apk add git".</summary>
    /// <inheritdoc cref="Install" path="/param"/>
    public static string Named(params string[] packages) =>
        $"Debian: apt-get install {string.Join(' ', packages)}; RHEL: dnf install {Names(packages, other => other.Rhel)}; Alpine: apk add {Names(packages, other => other.Alpine)}";

    private static string Names(string[] packages, Func<(string Rhel, string Alpine), string> choose) =>
        string.Join(' ', packages.Select(package => Others.TryGetValue(package, out var others) ? choose(others) : package));
}
