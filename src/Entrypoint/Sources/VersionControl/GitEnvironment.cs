using Entrypoint.Processes;

namespace Entrypoint.Sources.VersionControl;

/// <summary>
/// The environment of the <c>git</c> program. The user's own configuration, credential helpers, netrc, proxies and SSH settings stay in
/// force; what would point it at another repository is taken out, nothing can ask a question, and user and password of the URL reach it
/// through a credential helper that reads them from the environment (<see cref="GitSettings"/>): they stand in no argument.
/// </summary>
internal static class GitEnvironment
{
    /// <summary>What <c>git rev-parse --local-env-vars</c> lists, but for configuration, and what changes what commands mean.</summary>
    private static readonly string[] Leaking =
    [
        "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_COMMON_DIR",
        "GIT_NAMESPACE", "GIT_PREFIX", "GIT_IMPLICIT_WORK_TREE", "GIT_GRAFT_FILE", "GIT_SHALLOW_FILE", "GIT_REPLACE_REF_BASE",
        "GIT_NO_REPLACE_OBJECTS", "GIT_CONFIG", "GIT_CONFIG_PARAMETERS", "GIT_INTERNAL_SUPER_PREFIX", "GIT_QUARANTINE_PATH", "GIT_DEFAULT_HASH", "GIT_TEMPLATE_DIR",
        "GIT_LITERAL_PATHSPECS", "GIT_GLOB_PATHSPECS", "GIT_NOGLOB_PATHSPECS", "GIT_ICASE_PATHSPECS", "GIT_ATTR_SOURCE", "GIT_LFS_SKIP_SMUDGE",
        "GIT_OPTIONAL_LOCKS", "GIT_NO_LAZY_FETCH", "GIT_FLUSH", "GIT_REFLOG_ACTION", "SSH_ASKPASS", "LANGUAGE",
    ];

    /// <summary>The environment for one URL.</summary>
    /// <param name="user">The environment that this program was started with.</param>
    public static ProcessEnvironment For(VcsUrl url, ProcessEnvironment user)
    {
        var environment = user.Without(Leaking)
            .With("GIT_TERMINAL_PROMPT", "0")
            .With("GCM_INTERACTIVE", "never")
            .With("LC_ALL", "C.UTF-8");
        if (environment.TryGet("GIT_ALLOW_PROTOCOL", out var allowed))
        {
            var safe = allowed.Split(':').Where(name => name is not ("ext" or "fd"));
            environment = environment.With("GIT_ALLOW_PROTOCOL", string.Join(':', safe));
        }

        return url is { IsHttp: true, UserName: { } name, Password: { } password }
            ? environment.With(GitSettings.UserVariable, name.Reveal()).With(GitSettings.PasswordVariable, password.Reveal())
            : environment;
    }

    /// <summary>The environment with the authorities of <c>SSL_CERT_FILE</c>, which not every <c>git</c> looks at, unless the user has told it others.</summary>
    /// <param name="areConfigured">Whether the user's configuration names some.</param>
    public static ProcessEnvironment WithAuthorities(ProcessEnvironment environment, bool areConfigured) =>
        !areConfigured && environment["GIT_SSL_CAINFO"] is null && environment.TryGet("SSL_CERT_FILE", out var file) ? environment.With("GIT_SSL_CAINFO", file) : environment;

    /// <summary>The environment with an SSH command that never asks, made from the user's own.</summary>
    /// <param name="configured">The user's <c>core.sshCommand</c>; null where it is not set.</param>
    public static ProcessEnvironment WithoutSshQuestions(ProcessEnvironment environment, string? configured)
    {
        if (!environment.TryGet("GIT_SSH_COMMAND", out var command))
        {
            command = string.IsNullOrEmpty(configured) ? environment.TryGet("GIT_SSH", out _) ? null : "ssh" : configured;
        }

        return command is null ? environment : environment.With("GIT_SSH_COMMAND", SshCommand.InBatchMode(command));
    }
}
