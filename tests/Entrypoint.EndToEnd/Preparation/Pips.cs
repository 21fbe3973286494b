namespace Entrypoint.EndToEnd.Preparation;

/// <summary>Pythons with pips of several ages, all real: this machine's, and those of Debian's newer suites.</summary>
internal static class Pips
{
    /// <summary>Debian 12's, which knows neither groups nor locks.</summary>
    public const string Own = "own";

    /// <summary>25.1: knows groups, and takes a lock for requirements.</summary>
    public const string Trixie = "trixie";

    /// <summary>26.1 or newer: reads locks.</summary>
    public const string Sid = "sid";

    private static readonly Version ReadsLocks = new(26, 1);

    /// <summary>Makes a virtual environment with that pip in the workbench, and returns its Python.</summary>
    public static async Task<string> PythonAsync(Workbench bench, string pip)
    {
        if (pip == Own)
        {
            return bench.Python;
        }

        var packages = Path.Combine(await DebianPackages.UnpackAsync(pip, "python3-pip"), "usr/lib/python3/dist-packages");
        Workbench.Run(Workbench.SystemPython, "-m", "venv", "--without-pip", bench[pip]);
        var target = Directory.GetDirectories(bench[$"{pip}/lib"]).Select(folder => Path.Combine(folder, "site-packages")).First(Directory.Exists);
        Workbench.Run("cp", ["-r", .. Directory.GetDirectories(packages, "pip*"), target]);
        var python = bench[$"{pip}/bin/python"];
        var version = (await Tool.RunAsync(python, ["-m", "pip", "--version"])).Split(' ')[1];
        Assert.True(pip != Sid || Version.Parse(string.Join('.', version.Split('.')[..2])) >= ReadsLocks, $"Debian's sid has pip {version}, and these tests need {ReadsLocks}.");
        return python;
    }
}
