using System.Text;

namespace Entrypoint.CommandLine;

/// <summary>What <c>--help</c> prints: a page that a newcomer can work from.</summary>
internal static class HelpPage
{
    private const int Width = 26;

    public static string Text()
    {
        var page = new StringBuilder("""
            entrypoint: runs Python code as a job in a container.
            It fetches the code, applies environment.yml, setup.sh and requirements.txt, runs __main__.py, and ends with its exit code.

            Usage: entrypoint [<code>] [options] [-- <job argument>...]

            <code> (or EXECUTE_CODE) is
              a path                    a directory with __main__.py, an archive, or a script
              a VCS URL                 git+https://host/repo.git@revision#subdirectory=path (also hg+, svn+, bzr+)
              a web address             https://host/job.zip
              a Lab data key            datasets/job.zip
            With no code, the workspace itself is started.

            Examples
              entrypoint ./ml-job -- --epochs 3
              docker run -e EXECUTE_CODE="git+https://github.com/you/repo.git@main#subdirectory=job" image
              entrypoint --dependencies auto ./project       (packages from a PEP 723 block, a lock file or pyproject.toml)
              entrypoint --requirements-only ./ml-job        (in a Dockerfile; then CMD ["--code-only"])

            Options (each also as a variable: --grace-period 30s is ENTRYPOINT_GRACE_PERIOD=30s; the command line wins)

            """);
        foreach (var option in OptionTable.All)
        {
            AddRow(page, option.Value is null ? option.Name : $"{option.Name} {option.Value}", option.Meaning);
        }

        page.Append("\nEnvironment variables\n");
        foreach (var (name, meaning) in Variables)
        {
            AddRow(page, name, meaning);
        }

        page.Append("\nExit codes\n");
        foreach (var (code, meaning) in Codes)
        {
            AddRow(page, code, meaning);
        }

        return page.ToString();
    }

    private static void AddRow(StringBuilder page, string name, string meaning) =>
        page.Append("  ").Append(name.PadRight(Width - 1)).Append(' ').Append(meaning).Append('\n');

    private static readonly (string Name, string Meaning)[] Variables =
    [
        ("EXECUTE_CODE", "the code to run, where no <code> is given; ${NAME} in it is replaced by that variable"),
        ("WORKSPACE_HOME", "working directory of a job started through EXECUTE_CODE (default: /workspace)"),
        ("RESOURCES_PATH", "where the workspace image keeps its scripts (default: /resources)"),
        ("WORKSPACE_COMMAND", "the command line that starts the workspace (default: run_workspace.py there)"),
        ("CONDA_ROOT", "the conda installation (default: /opt/conda)"),
        ("LAB_ENDPOINT", "address of an ML Lab instance (LAB_API_ENDPOINT, CONTAXY_API_ENDPOINT: newer generation)"),
        ("LAB_API_TOKEN", "its API token (or CONTAXY_API_TOKEN)"),
        ("LAB_PROJECT", "the project whose data is meant"),
        ("LAB_CA_BUNDLE", "a PEM file with further authorities for the connection to Lab"),
        ("LAB_INSECURE", "true: do not check Lab's certificate"),
        ("DATA_ENVIRONMENT", "folder of Lab data that is already here (default: /data)"),
        ("MAX_NUM_THREADS", "threads of numerical libraries: a number, or auto"),
        ("WORKSPACE_BASE_URL", "base URL of the workspace (JUPYTERHUB_SERVICE_PREFIX wins)"),
        ("ENTRYPOINT_STATE", "stamps, locks, virtual environments (default: ~/.local/state/entrypoint)"),
        ("ENTRYPOINT_CODE_CACHE", "how much fetched code the state folder keeps, as 20GiB (default: none)"),
        ("ENTRYPOINT_FETCH_TRIES", "how often in all a download is tried that the network or a busy server breaks (default 3)"),
        ("ENTRYPOINT_GIT", "program or library: what fetches from Git (default: the program where it is there)"),
    ];

    private static readonly (string Code, string Meaning)[] Codes =
    [
        ("the job's own", "the job ran and ended"),
        ("128 + N", "the job, or the run before it, was ended by signal N"),
        ("64", "usage: options, arguments, environment variables"),
        ("65", "the reference is malformed or unsafe, or an archive is broken or unsafe"),
        ("66", "the code is not there: path, revision, subdirectory, key, __main__.py, --workdir, workspace's script"),
        ("69", "a host or a needed program is not available, after the retries"),
        ("70", "a bug in this program: please report it"),
        ("73, 74", "a file cannot be made; reading or writing failed (disk full)"),
        ("77", "access denied: password, token, key, or file permissions"),
        ("78", "a preparation step failed"),
        ("124", "--timeout passed"),
        ("126, 127", "Python, or the workspace command, cannot be executed; was not found"),
    ];
}
