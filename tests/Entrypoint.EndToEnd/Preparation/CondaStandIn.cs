namespace Entrypoint.EndToEnd.Preparation;

/// <summary>
/// A script that stands in for conda, mamba and micromamba, which no reachable registry has. It keeps to conda's command line and to its
/// bad habits: it fails on a prefix that exists, leaves a half-built one when it fails or is killed, refuses what it does not know, and
/// has children of its own, some of which do not care for SIGTERM. Lines such as <c># stand-in: fail</c> in the environment.yml tell it
/// how to behave.
/// </summary>
internal static class CondaStandIn
{
    private const string Script = """
        #!/bin/bash
        # $CALLS: a file with a line for each call.
        echo "$0 $*" >>"$CALLS"
        if [ "$1 $2" != "env create" ]; then echo "conda: error: argument COMMAND: invalid choice: '$1'" >&2; exit 2; fi
        shift 2
        while [ $# -gt 0 ]; do
            case $1 in
                -p | --prefix) prefix=$2; shift 2 ;;
                -n | --name) prefix=$CONDA_ROOT/envs/$2; shift 2 ;;
                -f | --file) file=$2; shift 2 ;;
                *) echo "conda: error: unrecognized arguments: $1" >&2; exit 2 ;;
            esac
        done
        [ -f "$file" ] || { echo "EnvironmentFileNotFound: '$file' file not found" >&2; exit 1; }
        told() { grep -q "^# stand-in: $1\$" "$file"; }
        read -r -t 0.01 answer && { echo "conda: was given an answer that it did not ask for" >&2; exit 1; }
        if [ -e "$prefix" ]; then echo "CondaValueError: prefix already exists: $prefix" >&2; exit 1; fi
        mkdir -p "$prefix/conda-meta" "$prefix/bin" || exit 1
        echo "Collecting package metadata: done"
        echo half >"$prefix/conda-meta/half-built"

        # Extracts packages, as conda does, in another process.
        if told stubborn-child; then
            ( trap '' TERM INT HUP; while :; do mkdir -p "$prefix/pkgs"; date +%N >"$prefix/pkgs/extracted"; sleep 0.02; done ) &
            while [ ! -e "$prefix/pkgs/extracted" ]; do sleep 0.01; done
        fi
        if told fail; then
            echo "ResolvePackageNotFound: " >&2
            echo "  - nosuchpackage=99" >&2
            exit 1
        fi
        if told killed; then kill -9 $$; fi
        if told hang; then echo "Solving environment: hanging"; sleep 1000; fi
        if told slow; then for i in 1 2 3 4 5 6 7 8 9 10; do echo "$i" >"$prefix/part$i"; sleep 0.03; done; fi
        [ -e "$prefix/conda-meta/half-built" ] || { echo "CondaError: somebody else has written to $prefix" >&2; exit 1; }

        # The stand-in's "python package": an interpreter of its own with site-packages of its own.
        "$STANDIN_PYTHON" -m venv --without-pip --system-site-packages "$prefix" || exit 1
        told "no python" && rm "$prefix"/bin/python*
        echo '==> conda env create <==' >"$prefix/conda-meta/history"
        variables=$(sed -n '/^variables:/,/^[^ ]/s/^  \([A-Za-z_]*\): *\(.*\)/"\1": "\2"/p' "$file" | paste -sd,)
        echo "{\"version\": 1, \"env_vars\": {$variables}}" >"$prefix/conda-meta/state"
        if told activate; then
            mkdir -p "$prefix/etc/conda/activate.d" "$prefix/etc/conda/env_vars.d"
            echo '{"FROM_PACKAGE": "package", "OVERRIDDEN": "package"}' >"$prefix/etc/conda/env_vars.d/package.json"
            printf '%s\n' 'echo "noise of a script"' 'export FROM_SCRIPT="a b of $CONDA_PREFIX"' 'unset TO_BE_UNSET' >"$prefix/etc/conda/activate.d/a.sh"
            printf '%s\n' 'export FROM_SCRIPT="$FROM_SCRIPT, then"$(printf "\nb")' >"$prefix/etc/conda/activate.d/b.sh"
        fi
        rm "$prefix/conda-meta/half-built"
        echo "done"
        """;

    /// <summary>Puts it under a name into a folder of the workbench, and sets what it needs in the environment.</summary>
    public static void Install(Workbench bench, string file)
    {
        bench.Folder.Write(file, Script + "\n");
        File.SetUnixFileMode(bench[file], (UnixFileMode)0b111_101_101);
        bench.Environment["CALLS"] = bench["calls"];
        bench.Environment["STANDIN_PYTHON"] = Workbench.SystemPython;
        if (!File.Exists(bench["calls"]))
        {
            File.WriteAllText(bench["calls"], "");
            File.SetUnixFileMode(bench["calls"], (UnixFileMode)0b110_110_110);
        }
    }

    /// <summary>The calls so far.</summary>
    public static string[] Calls(Workbench bench) => File.ReadAllLines(bench["calls"]);
}
