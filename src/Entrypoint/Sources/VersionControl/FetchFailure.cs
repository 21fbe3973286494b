namespace Entrypoint.Sources.VersionControl;

/// <summary>Why a fetch failed.</summary>
internal enum FailureKind
{
    /// <summary>The server cannot do what was asked, or the reason is not known: a plainer request may succeed.</summary>
    Other,

    /// <summary>There is no such repository.</summary>
    NoRepository,

    /// <summary>There is no such revision.</summary>
    NoRevision,

    /// <summary>There is no such folder or file in that revision.</summary>
    NoSubdirectory,

    /// <summary>Password, token or key are wrong or missing.</summary>
    Denied,

    /// <summary>A repository of this machine belongs to somebody whom <c>git</c> does not trust.</summary>
    Owner,

    /// <summary>The proxy wants a password, or refuses the one that it was given.</summary>
    Proxy,

    /// <summary>SSH refuses to run for a user id that no user of this machine has.</summary>
    NoUser,

    /// <summary>The SSH host key is not known, or another one than is known.</summary>
    HostKey,

    /// <summary>The certificate of the server is refused.</summary>
    Certificate,

    /// <summary>The host cannot be reached, or the connection was lost: another attempt may succeed.</summary>
    Network,

    /// <summary>The server has sent nothing for longer than <c>--fetch-timeout</c>.</summary>
    Silent,

    /// <summary>There is no <c>ssh</c>, which the program calls.</summary>
    SshMissing,

    /// <summary>A needed program is not there, or not a version that can be used.</summary>
    ProgramMissing,

    /// <summary>What was fetched asks for something that is not safe.</summary>
    Unsafe,

    /// <summary>This machine's disk: no right to write, or no room.</summary>
    Disk,
}

/// <summary>A fetch that failed, with the words of the program or library that did it. <see cref="VcsSource"/> makes the final message of it.</summary>
/// <param name="kind">Why.</param>
/// <param name="words">Its last words; secrets are still in them.</param>
internal sealed class FetchFailureException(FailureKind kind, string words) : Exception(words)
{
    public FailureKind Kind => kind;

    /// <summary>The failure of a question to a web server.</summary>
    public static FetchFailureException Of(Web.ServerUnavailableException exception) =>
        new(exception.Silent ? FailureKind.Silent : FailureKind.Network, exception.Message.TrimEnd('.'));

    /// <summary>All that the program printed; null where there was none.</summary>
    public string? Output { get; init; }

    /// <summary>The part of the code that failed, where it is not the repository itself: <c>the submodule 'lib'</c>.</summary>
    public string? Part { get; init; }
}
