namespace Entrypoint.EndToEnd.Preparation;

/// <summary>
/// A script that stands in for uv, which no reachable registry has. It keeps to what uv documents and its own tests show of <c>uv sync</c>:
/// the environment at <c>UV_PROJECT_ENVIRONMENT</c>, a lock that must be up to date with <c>--locked</c>, which it refuses together with
/// <c>UV_FROZEN</c>, and 2 for what it does not know. No real uv has been tried.
/// </summary>
internal static class UvStandIn
{
    private const string Script = """
        #!/bin/bash
        # $UV_CALLS: a file with a line for each call.
        echo "$* | UV_PYTHON_DOWNLOADS=$UV_PYTHON_DOWNLOADS UV_NO_CACHE=$UV_NO_CACHE DIST_EXTRA_CONFIG=${DIST_EXTRA_CONFIG:+set}" >>"$UV_CALLS"
        [ "$1" = sync ] || { echo "error: unrecognized subcommand '$1'" >&2; exit 2; }
        shift
        while [ $# -gt 0 ]; do
            case $1 in
                --locked) locked=1; shift ;;
                --no-default-groups | --no-editable | --inexact | --no-install-workspace) shift ;;
                --python) python=$2; shift 2 ;;
                --extra | --group) shift 2 ;;
                *) echo "error: unexpected argument '$1' found" >&2; exit 2 ;;
            esac
        done
        if [ -n "$locked" ] && [ -n "$UV_FROZEN" ]; then
            echo "error: the argument '--locked' cannot be used with '--frozen'" >&2; exit 2
        fi
        [ -f uv.lock ] || { echo "error: Unable to find lockfile at \`uv.lock\`" >&2; exit 2; }
        if [ -n "$locked" ] && ! grep -q "$(grep '^version' pyproject.toml)" uv.lock; then
            echo "Resolved 1 package in 1ms" >&2
            echo "error: The lockfile at \`uv.lock\` needs to be updated, but \`--locked\` was provided. To update the lockfile, run \`uv lock\`." >&2; exit 1
        fi
        [ -x "$UV_PROJECT_ENVIRONMENT/bin/python" ] && [ "$UV_PROJECT_ENVIRONMENT/bin/python" = "$python" ] ||
            { echo "error: the environment at $UV_PROJECT_ENVIRONMENT is not of $python" >&2; exit 2; }
        names=$(sed -n 's/^# registry //p' uv.lock)
        exec "$python" -m pip install --quiet --no-index --find-links "$WHEELS" $names
        """;

    /// <summary>A lock of such a project, and of packages from an index.</summary>
    public static string Lock(string version, params string[] packages) =>
        $"version = 1\n\n[[package]]\nname = \"job\"\nversion = \"{version}\"\nsource = {{ virtual = \".\" }}\n\n" + string.Concat(packages.Select(package => $"# registry {package}\n"));

    /// <summary>Puts it on the <c>PATH</c>.</summary>
    public static void Install(Workbench bench)
    {
        bench.Folder.Write("uv/uv", Script + "\n");
        File.SetUnixFileMode(bench["uv/uv"], (UnixFileMode)0b111_101_101);
        bench.Environment["PATH"] = $"{bench["uv"]}:{Interpreter.SearchPath}";
        bench.Environment["UV_CALLS"] = bench["uv-calls"];
        bench.Environment["WHEELS"] = bench["wheels"];
    }

    /// <summary>The calls so far.</summary>
    public static string[] Calls(Workbench bench) => File.Exists(bench["uv-calls"]) ? File.ReadAllLines(bench["uv-calls"]) : [];
}
