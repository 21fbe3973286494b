using System.Globalization;
using Entrypoint.Processes;

namespace Entrypoint.Sources.VersionControl;

/// <summary>
/// The environment of the <c>git</c> program. The user's own configuration, credential helpers, netrc, proxies and SSH settings stay in
/// force; what would point it at another repository is taken out, nothing can ask a question, and user and password of the URL reach it
/// through a credential helper that reads them from the environment: they stand in no argument and no file.
/// </summary>
internal static class GitEnvironment
{
    private const string UserVariable = "ENTRYPOINT_GIT_USER";
    private const string PasswordVariable = "ENTRYPOINT_GIT_PASSWORD";

    /// <summary>Git calls it for the user name and password of the host alone; to store and to erase it does nothing.</summary>
    private const string CredentialHelper =
        $"!f() {{ test \"$1\" = get || return 0; printf 'username=%s\\npassword=%s\\n' \"${UserVariable}\" \"${PasswordVariable}\"; }}; f";

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
    /// <param name="lfs">Full path of <c>git-lfs</c>; null where it is not installed.</param>
    public static ProcessEnvironment For(VcsUrl url, ProcessEnvironment user, string? lfs)
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

        var settings = new List<(string Name, string Value)>
        {
            ("protocol.ext.allow", "never"),
            ("protocol.fd.allow", "never"),
            ("advice.detachedHead", "false"),
            ("maintenance.auto", "false"),
            ("gc.auto", "0"),
            ("fetch.writeCommitGraph", "false"),
            ("fetch.recurseSubmodules", "false"),
            ("submodule.recurse", "false"),
            ("core.fsmonitor", "false"),
        };
        if (url.Scheme == "file")
        {
            // Who names a repository on this machine trusts those beside it; from elsewhere, Git's own rule stands (CVE-2022-39253).
            settings.Add(("protocol.file.allow", "always"));
        }

        settings.AddRange(Filters(lfs));
        if (url is { IsHttp: true, UserName: { } name })
        {
            // The empty one takes back the user's own helpers for this host: what the URL says wins.
            var key = $"credential.{url.Scheme}://{url.Host}.helper";
            settings.AddRange([(key, ""), (key, CredentialHelper)]);
            environment = environment.With(UserVariable, name.Reveal()).With(PasswordVariable, url.Password?.Reveal() ?? "");
        }

        return WithSettings(environment, settings);
    }

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

    /// <summary>Git LFS is at work even where <c>git lfs install</c> was never run, and no checkout fails where it is not installed.</summary>
    private static IEnumerable<(string Name, string Value)> Filters(string? lfs)
    {
        yield return ("filter.lfs.process", lfs is null ? "" : "git-lfs filter-process");
        yield return ("filter.lfs.smudge", lfs is null ? "" : "git-lfs smudge -- %f");
        yield return ("filter.lfs.clean", lfs is null ? "" : "git-lfs clean -- %f");
        yield return ("filter.lfs.required", lfs is null ? "false" : "true");
    }

    /// <summary>Adds settings behind those that the environment has already (<c>GIT_CONFIG_COUNT</c>).</summary>
    private static ProcessEnvironment WithSettings(ProcessEnvironment environment, List<(string Name, string Value)> settings)
    {
        var count = int.TryParse(environment["GIT_CONFIG_COUNT"], NumberStyles.None, CultureInfo.InvariantCulture, out var own) ? own : 0;
        foreach (var (name, value) in settings)
        {
            environment = environment.With($"GIT_CONFIG_KEY_{count}", name).With($"GIT_CONFIG_VALUE_{count}", value);
            count++;
        }

        return environment.With("GIT_CONFIG_COUNT", count.ToString(CultureInfo.InvariantCulture));
    }
}
