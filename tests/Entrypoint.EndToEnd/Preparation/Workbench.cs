namespace Entrypoint.EndToEnd.Preparation;

/// <summary>A folder with a job, wheels, a state folder and a Python that takes packages, for one test.</summary>
internal sealed class Workbench : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public Workbench()
    {
        foreach (var name in new[] { "wheels", "home", "tmp", "job", "conda" })
        {
            Directory.CreateDirectory(_folder[name]);
        }

        // Whoever a test runs as may look in; only that.
        File.SetUnixFileMode(_folder.Path, (UnixFileMode)0b111_101_101);
        Environment = new Dictionary<string, string?>
        {
            ["ENTRYPOINT_STATE"] = _folder["state"],
            ["CONDA_ROOT"] = _folder["conda"],
            ["HOME"] = _folder["home"],
            ["TMPDIR"] = _folder["tmp"],
            ["PIP_CONFIG_FILE"] = "/dev/null",
            ["PIP_NO_INDEX"] = "1",
            ["PIP_FIND_LINKS"] = _folder["wheels"],
        };
    }

    /// <summary>The environment of the runs.</summary>
    public Dictionary<string, string?> Environment { get; }

    public TemporaryFolder Folder => _folder;

    public string Job => _folder["job"];

    /// <summary>The full path of something in the folder.</summary>
    public string this[string name] => _folder[name];

    /// <summary>The Python of a virtual environment, made when it is first asked for.</summary>
    public string Python => field ??= MakePython("python");

    /// <summary>Debian's, which every user may execute; externally managed.</summary>
    public const string SystemPython = "/usr/bin/python3";

    /// <summary>In front of the executable: a user without rights, a passwd entry or a home.</summary>
    public static string[] Nobody { get; } = ["setpriv", "--reuid=4242", "--regid=4242", "--clear-groups"];

    /// <summary>Makes a virtual environment that sees pip, and returns its Python.</summary>
    public string MakePython(string name)
    {
        Run(SystemPython, "-m", "venv", "--without-pip", "--system-site-packages", _folder[name]);
        return _folder[$"{name}/bin/python"];
    }

    /// <summary>Writes the job's module, and files beside it.</summary>
    public Workbench With(string main, params (string Name, string Text)[] files)
    {
        _folder.Write("job/__main__.py", main);
        foreach (var (name, text) in files)
        {
            _folder.Write($"job/{name}", text);
        }

        return this;
    }

    public Workbench WithWheel(string name, string version = "1.0", string? requires = null)
    {
        Wheel.Write(_folder["wheels"], name, version, requires);
        return this;
    }

    /// <summary>Runs the job with the workbench's Python.</summary>
    public Task<RunResult> RunAsync(params string[] options) => RunWithAsync(Python, options);

    /// <summary>Runs the job with another Python.</summary>
    public Task<RunResult> RunWithAsync(string python, params string[] options) =>
        EntrypointProcess.RunAsync([Job, "--python", python, .. options], Environment, Folder.Path);

    /// <summary>Runs a program that is no part of the test's subject.</summary>
    public static void Run(string program, params string[] arguments)
    {
        var result = Tool.TryRunAsync(program, arguments).GetAwaiter().GetResult();
        Assert.True(result.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {result}");
    }

    public void Dispose() => _folder.Dispose();
}
