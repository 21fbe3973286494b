namespace Entrypoint.EndToEnd.Preparation;

/// <summary>
/// A script that plays a Python whose packages belong to the distribution: it answers questions and runs jobs as the real one, but makes
/// virtual environments and installs into them in a moment. What it installs are five parts, one after the other, of the text of the
/// requirements file; a job can tell whether all are there and from the same one.
/// </summary>
internal static class FakePython
{
    /// <summary>A job that prints what is installed for it: "parts" and the texts of all parts, which are equal in a whole one.</summary>
    public const string PrintsParts = """
        import glob, os
        parts = sorted(glob.glob(os.environ["VIRTUAL_ENV"] + "/lib/python3/site-packages/part*"))
        print("parts", len(parts), set(open(part).read() for part in parts), os.environ["VIRTUAL_ENV"])
        """;

    private const string Script = """
        #!/bin/bash
        # $CALLS: a file with a line for each installation.
        case "$1 $2" in
        "-m venv")
            prefix=${!#}
            mkdir -p "$prefix/bin" "$prefix/lib/python3/site-packages" && cp "$0" "$prefix/bin/python" && echo "home = /usr/bin" >"$prefix/pyvenv.cfg" ;;
        "-m pip")
            echo "$0" >>"$CALLS"
            packages=$(dirname "$(dirname "$0")")/lib/python3/site-packages
            for part in 1 2 3 4 5; do cat requirements.txt >"$packages/part$part" || exit 1; sleep 0.01; done ;;
        *)
            exec /usr/bin/python3 "$@" ;;
        esac
        """;

    /// <summary>Writes it into the workbench, and returns its path.</summary>
    public static string Install(Workbench bench)
    {
        var path = bench.Folder.Write("fake/python", Script + "\n");
        File.SetUnixFileMode(path, (UnixFileMode)0b111_101_101);
        bench.Environment["CALLS"] = bench["calls"];
        File.WriteAllText(bench["calls"], "");
        File.SetUnixFileMode(bench["calls"], (UnixFileMode)0b110_110_110);
        return path;
    }

    /// <summary>How often something was installed.</summary>
    public static int Installations(Workbench bench) => File.ReadAllLines(bench["calls"]).Length;
}
