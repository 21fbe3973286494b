namespace Entrypoint.EndToEnd.Preparation;

/// <summary><c>--dependencies</c> with a package: built by the real backends with the real pips, and installed; nothing is left in its folder.</summary>
public sealed class ProjectPackageTests : IAsyncLifetime
{
    private const string Setuptools = "[build-system]\nrequires = [\"setuptools\"]\nbuild-backend = \"setuptools.build_meta\"\n";
    private const string Hatchling = "[build-system]\nrequires = [\"hatchling\"]\nbuild-backend = \"hatchling.build\"\n";
    private const string Poetry = "[build-system]\nrequires = [\"poetry-core\"]\nbuild-backend = \"poetry.core.masonry.api\"\n";
    private const string Project = "[project]\nname = \"pack\"\nversion = \"1\"\ndependencies = [\"alpha\"]\n[project.optional-dependencies]\nmore = [\"beta\"]\n[dependency-groups]\nrun = [\"gamma\"]\n";
    private const string PoetryProject = "[tool.poetry]\nname = \"pack\"\nversion = \"1\"\ndescription = \"\"\nauthors = []\npackages = [{ include = \"pack\", from = \"src\" }]\n[tool.poetry.dependencies]\nalpha = \"*\"\n";
    private const string Main =
        """
        import alpha, pack
        print('pack', pack.value, 'from', pack.__file__)

        """;

    private readonly Workbench _bench = new();

    public async ValueTask InitializeAsync()
    {
        _bench.WithWheel("alpha").WithWheel("beta").WithWheel("gamma");
        _bench.Environment["PIP_FIND_LINKS"] = $"{_bench["wheels"]} {await BuildBackends.WheelsAsync()}";
    }

    public ValueTask DisposeAsync()
    {
        _bench.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData(Setuptools + Project, Pips.Own)]
    [InlineData(Setuptools + Project, Pips.Trixie)]
    [InlineData(Setuptools + Project, Pips.Sid)]
    [InlineData(Hatchling + Project, Pips.Own)]
    [InlineData(Hatchling + Project, Pips.Sid)]
    [InlineData(Poetry + Project, Pips.Trixie)]
    [InlineData(Poetry + PoetryProject, Pips.Own)]
    [InlineData(Poetry + PoetryProject, Pips.Sid)]
    public async Task Is_built_and_installed_and_its_folder_stays_as_it_was(string project, string pip)
    {
        Write(project);

        await ProjectJob.LivesAsync(
            _bench, _bench.Job, await Pips.PythonAsync(_bench, pip), "pyproject.toml", $"pack 1 from {_bench["state"]}", "--dependencies", "auto");
    }

    [Theory]
    [InlineData(Pips.Own)]
    [InlineData(Pips.Sid)]
    public async Task Is_installed_with_the_extras_and_groups_that_are_asked_for(string pip)
    {
        Write(Setuptools + Project);
        _bench.Folder.Write("job/__main__.py", Main + "import beta, gamma\nprint('all of it')\n");

        await ProjectJob.LivesAsync(
            _bench, _bench.Job, await Pips.PythonAsync(_bench, pip), "pyproject.toml", "all of it", "--dependencies", "auto", "--extra", "more", "--group", "run");
    }

    [Fact]
    public async Task Is_built_of_a_setup_py_too_which_may_have_extras()
    {
        Write(null);
        _bench.Folder.Write("job/setup.py",
            """
            from setuptools import setup
            setup(name='pack', version='1', package_dir={'': 'src'}, packages=['pack'], install_requires=['alpha'], extras_require={'more': ['beta']})
            """);

        await ProjectJob.LivesAsync(_bench, _bench.Job, _bench.Python, "setup.py", "pack 1 from", "--dependencies", "auto", "--extra", "more");
        ProjectJob.AssertRefused(await _bench.RunAsync("--dependencies", "auto", "--extra", "mores"), "there is no extra mores in it, it has more. Did you mean more?");
    }

    [Fact]
    public async Task Is_built_where_only_a_build_can_tell_its_dependencies()
    {
        Write(Setuptools + "[project]\nname = \"pack\"\nversion = \"1\"\ndynamic = [\"dependencies\"]\n[tool.setuptools.dynamic]\ndependencies = { file = [\"needs.txt\"] }\n");
        _bench.Folder.Write("job/needs.txt", "alpha\n");

        await ProjectJob.LivesAsync(_bench, _bench.Job, _bench.Python, "pyproject.toml", "pack 1 from", "--dependencies", "auto");
    }

    [Theory]
    [InlineData(Pips.Own)]
    [InlineData(Pips.Sid)]
    public async Task Is_built_from_a_folder_that_cannot_be_written_to(string pip)
    {
        Write(Setuptools + Project);
        var python = await Pips.PythonAsync(_bench, pip);
        string[] readOnly = ["unshare", "--mount", "sh", "-c", $"mount --bind '{_bench.Job}' '{_bench.Job}' && mount -o remount,bind,ro '{_bench.Job}' && exec \"$@\"", "sh"];

        var result = await EntrypointProcess.RunAsync([_bench.Job, "--python", python, "--dependencies", "auto"], _bench.Environment, _bench.Folder.Path, readOnly);

        ProjectJob.AssertRan(result, "pack 1 from");
    }

    [Fact]
    public async Task Is_installed_anew_when_its_code_changes_without_what_it_no_longer_has()
    {
        Write(Setuptools + Project);
        _bench.Folder.Write("job/src/pack/gone.py", "");
        _bench.Folder.Write("job/__main__.py", Main + "import importlib.util\nprint('gone', importlib.util.find_spec('pack.gone'))\n");
        ProjectJob.AssertRan(await _bench.RunAsync("--dependencies", "auto"), "pack 1 from");
        File.Delete(_bench["job/src/pack/gone.py"]);
        _bench.Folder.Write("job/src/pack/__init__.py", "value = 2\n");

        var result = await _bench.RunAsync("--dependencies", "auto");

        ProjectJob.AssertRan(result, "pack 2 from");
        Assert.Contains("gone None", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_two_revisions_each_has_an_environment_of_its_own()
    {
        Write(Setuptools + Project);
        Workbench.Run("cp", "-r", _bench.Job, _bench["other"]);
        _bench.Folder.Write("other/src/pack/__init__.py", "value = 2\n");

        var results = await Task.WhenAll(
            _bench.RunAsync("--dependencies", "auto"),
            EntrypointProcess.RunAsync([_bench["other"], "--python", _bench.Python, "--dependencies", "auto"], _bench.Environment));

        ProjectJob.AssertRan(results[0], "pack 1 from");
        ProjectJob.AssertRan(results[1], "pack 2 from");
        ProjectJob.AssertRan(await _bench.RunAsync("--dependencies", "auto", "--code-only"), "pack 1 from");
    }

    [Theory]
    [InlineData(Setuptools + "[project]\nname = \"pack\"\nversion = \"1\"\n", "data models", "Multiple top-level packages discovered", "tool.uv.package")]
    [InlineData(Hatchling + "[project]\nname = \"elsewhere\"\nversion = \"1\"\n", "data", "Unable to determine which files to ship", "tool.uv.package")]
    [InlineData("[build-system]\nrequires = [\"nosuchbackend\"]\nbuild-backend = \"x\"\n" + Project, "data", "No matching distribution found for nosuchbackend", "no such package")]
    [InlineData(Setuptools + "[project]\nname = \"pack\"\nversion = \"1\"\nrequires-python = \">=3.99\"\n", "data", "asks for Python >=3.99", "--python")]
    public async Task Fails_with_what_the_build_says(string project, string folders, string reason, string advice)
    {
        _bench.With("print('JOB RAN')\n", ("pyproject.toml", project));
        foreach (var folder in folders.Split(' '))
        {
            _bench.Folder.Write($"job/{folder}/x.py", "");
        }

        ProjectJob.AssertRefused(await _bench.RunAsync("--dependencies", "auto"), reason, advice);
    }

    [Theory]
    [InlineData("[tool.uv]\npackage = false\n")]
    [InlineData("[tool.poetry]\npackage-mode = false\n")]
    public async Task Is_none_where_a_tool_says_so(string tool)
    {
        _bench.With(ProjectJob.Main, ("pyproject.toml", Setuptools + Project + tool), ("data/x.py", ""), ("models/y.py", ""));

        await ProjectJob.LivesAsync(_bench, _bench.Job, _bench.Python, "pyproject.toml", "alpha 1.0", "--dependencies", "auto");
    }

    private void Write(string? project)
    {
        _bench.With(Main, ("src/pack/__init__.py", "value = 1\n"));
        if (project is not null)
        {
            _bench.Folder.Write("job/pyproject.toml", project);
        }
    }
}
