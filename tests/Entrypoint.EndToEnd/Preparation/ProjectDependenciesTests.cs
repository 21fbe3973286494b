namespace Entrypoint.EndToEnd.Preparation;

/// <summary><c>--dependencies</c> with what names packages and needs no build: a script's block, a project that is no package, groups.</summary>
public sealed class ProjectDependenciesTests : IDisposable
{
    private const string Project = "[project]\nname = \"job\"\nversion = \"1\"\ndependencies = [\"alpha\"]\n";
    private const string Script = "# /// script\n# requires-python = \">=3.8\"\n# dependencies = [\"alpha\"]\n# ///\n" + ProjectJob.Main;

    private readonly Workbench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData(Pips.Own)]
    [InlineData(Pips.Trixie)]
    [InlineData(Pips.Sid)]
    public async Task Installs_what_a_script_names(string pip)
    {
        _bench.WithWheel("alpha").Folder.Write("job/train.py", Script);

        await ProjectJob.LivesAsync(_bench, _bench["job/train.py"], await Pips.PythonAsync(_bench, pip), "train.py", $"alpha 1.0 in {_bench["state"]}", "--dependencies", "auto");
    }

    [Theory]
    [InlineData(Pips.Own)]
    [InlineData(Pips.Trixie)]
    [InlineData(Pips.Sid)]
    public async Task Installs_what_a_project_that_is_no_package_names(string pip)
    {
        // Folders such as these stop setuptools, which is not asked.
        _bench.WithWheel("alpha").With(ProjectJob.Main, ("pyproject.toml", Project), ("data/x.txt", ""), ("models/y.txt", ""), ("train/z.py", ""));

        await ProjectJob.LivesAsync(_bench, _bench.Job, await Pips.PythonAsync(_bench, pip), "pyproject.toml", $"alpha 1.0 in {_bench["state"]}", "--dependencies", "auto");
    }

    [Theory]
    [InlineData(Pips.Own)]
    [InlineData(Pips.Sid)]
    public async Task Installs_extras_and_groups_that_are_asked_for(string pip)
    {
        _bench.WithWheel("alpha").WithWheel("beta").WithWheel("gamma").With(
            """
            import alpha, beta, gamma
            print('all', gamma.version)
            """,
            ("pyproject.toml", Project + "[project.optional-dependencies]\nGPU = [\"beta\"]\nall = [\"job[gpu]\"]\n[dependency-groups]\ntest = [\"gamma\"]\ndev = [{ include-group = \"test\" }]\n"));

        await ProjectJob.LivesAsync(
            _bench, _bench.Job, await Pips.PythonAsync(_bench, pip), "pyproject.toml", "all 1.0", "--dependencies", "auto", "--extra", "all", "--group", "dev");
    }

    [Fact]
    public async Task Installs_groups_of_what_has_no_project()
    {
        _bench.WithWheel("alpha").With(ProjectJob.Main, ("pyproject.toml", "[dependency-groups]\nrun = [\"alpha\"]\n"));

        await ProjectJob.LivesAsync(_bench, _bench.Job, _bench.Python, "pyproject.toml", "alpha 1.0", "--dependencies", "pyproject.toml", "--group", "run");
    }

    [Fact]
    public async Task Needs_no_index_for_what_the_Python_has_and_leaves_it_alone()
    {
        _bench.WithWheel("alpha").With(ProjectJob.Main, ("pyproject.toml", Project));
        Workbench.Run(_bench.Python, "-m", "pip", "install", "--no-index", "--find-links", _bench["wheels"], "alpha");
        _bench.WithWheel("alpha", "2.0").Environment["PIP_FIND_LINKS"] = "";
        ProjectJob.AssertRan(await _bench.RunAsync("--dependencies", "auto"), "alpha 1.0");

        _bench.Environment["PIP_FIND_LINKS"] = _bench["wheels"];
        _bench.With(ProjectJob.Main, ("pyproject.toml", Project.Replace("alpha", "alpha>=2", StringComparison.Ordinal)));
        ProjectJob.AssertRan(await _bench.RunAsync("--dependencies", "auto"), "alpha 2.0");
        ProjectJob.AssertRan(await _bench.RunAsync("--dependencies", "documented"), "alpha 1.0");
    }

    [Fact]
    public async Task Takes_requirements_before_a_project_and_a_script_before_both()
    {
        _bench.WithWheel("alpha").WithWheel("alpha", "2.0").WithWheel("alpha", "3.0").With(
            ProjectJob.Main, ("pyproject.toml", Project.Replace("alpha", "alpha==1.0", StringComparison.Ordinal)), ("requirements.txt", "alpha==2.0\n"),
            ("train.py", Script.Replace("[\"alpha\"]", "[\"alpha==3.0\"]", StringComparison.Ordinal)));

        ProjectJob.AssertRan(await _bench.RunAsync("--dependencies", "pyproject.toml"), "alpha 1.0");
        ProjectJob.AssertRan(await EntrypointProcess.RunAsync([_bench["job/train.py"], "--python", _bench.Python, "--dependencies", "auto"], _bench.Environment), "alpha 3.0");
        ProjectJob.AssertRan(await _bench.RunAsync("--dependencies", "auto"), "alpha 2.0");
    }

    [Fact]
    public async Task Does_not_install_again_when_the_code_or_a_tools_settings_change()
    {
        _bench.WithWheel("alpha").With(ProjectJob.Main, ("pyproject.toml", Project));
        ProjectJob.AssertRan(await _bench.RunAsync("--dependencies", "auto"), "alpha 1.0");
        _bench.With(ProjectJob.Main + "\nprint('changed')\n", ("pyproject.toml", "[tool.ruff]\nline-length = 99\n" + Project));

        var result = await _bench.RunAsync("--dependencies", "auto");

        ProjectJob.AssertRan(result, "changed");
        Assert.Contains("Nothing has changed since pyproject.toml was applied", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Installs_into_an_environment_of_its_own_where_the_Python_is_externally_managed_or_anothers()
    {
        _bench.WithWheel("alpha").With(ProjectJob.Main, ("pyproject.toml", Project));

        ProjectJob.AssertRan(await _bench.RunWithAsync(Workbench.SystemPython, "--dependencies", "auto"), $"alpha 1.0 in {_bench["state"]}");
    }

    [Fact]
    public async Task Installs_a_project_beside_a_conda_environment()
    {
        CondaStandIn.Install(_bench, "conda/bin/conda");
        _bench.WithWheel("alpha").With(ProjectJob.Main, ("environment.yml", "name: job\n"), ("pyproject.toml", Project));

        ProjectJob.AssertRan(await _bench.RunAsync("--dependencies", "auto"), $"alpha 1.0 in {_bench["state"]}");
        var second = await _bench.RunAsync("--dependencies", "auto");

        ProjectJob.AssertRan(second, $"alpha 1.0 in {_bench["state"]}");
        Assert.Contains("Nothing has changed since environment.yml was applied", second.Output, StringComparison.Ordinal);
        Assert.Contains("Nothing has changed since pyproject.toml was applied", second.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[project]\nname = \"job\"\nrequires-python = \">=3.99\"\ndependencies = [\"alpha\"]\n", "asks for Python >=3.99")]
    [InlineData("[project]\nname = \"job\"\nrequires-python = \">=3.99\"\n", "asks for Python >=3.99")]
    [InlineData("[project]\nname = \"job\"\ndependencies = = 3\n", "pyproject.toml could not be read: line 3, column")]
    [InlineData("[project]\nname = \"job\"\ndependencies = [\"-r x\"]\n", "'-r x' is no dependency")]
    [InlineData("[project]\nname = \"job\"\ndependencies = [\"nosuch\"]\n", "No matching distribution found for nosuch")]
    [InlineData("[project]\nname = \"job\"\ndynamic = [\"dependencies\"]\n[tool.uv]\npackage = false\n", "its dependencies are dynamic")]
    [InlineData("[tool.poetry]\npackage-mode = false\n[tool.poetry.dependencies]\nalpha = \"*\"\n", "cannot be applied by this program: export it")]
    public async Task Says_what_is_wrong_with_a_project(string project, string reason)
    {
        _bench.WithWheel("alpha").With("print('JOB RAN')\n", ("pyproject.toml", project));

        var result = await _bench.RunAsync("--dependencies", "auto");

        ProjectJob.AssertRefused(result, reason);
        Assert.False(
            Directory.Exists(_bench["state"]) && Directory.EnumerateFiles(_bench["state"], "pyvenv.cfg", SearchOption.AllDirectories).Any(), result.ToString());
        ProjectJob.AssertRan(await _bench.RunAsync(), "JOB RAN");
    }

    [Theory]
    [InlineData("--extra", "gpus", "there is no extra gpus in it, it has gpu. Did you mean gpu?")]
    [InlineData("--group", "tests", "there is no dependency group tests in it, it has test, dev.")]
    public async Task Lists_the_names_that_there_are(string option, string name, string reason)
    {
        _bench.With("print('JOB RAN')\n", ("pyproject.toml", Project + "[project.optional-dependencies]\ngpu = []\n[dependency-groups]\ntest = []\ndev = []\n"));

        ProjectJob.AssertRefused(await _bench.RunAsync("--dependencies", "auto", option, name), reason);
    }

    [Theory]
    [InlineData("uv.lock", "uv.lock was asked for (--dependencies) and is not in")]
    [InlineData("pylock.toml", "pylock.toml was asked for")]
    [InlineData("setup.py", "setup.py was asked for")]
    [InlineData("script", "script was asked for")]
    [InlineData("requirements.txt", "requirements.txt was asked for")]
    [InlineData("pyproject.toml", "names no packages")]
    public async Task Fails_where_the_source_that_was_asked_for_is_missing(string source, string reason)
    {
        _bench.With("print('JOB RAN')\n", ("pyproject.toml", "[tool.ruff]\n"));

        ProjectJob.AssertRefused(await _bench.RunAsync("--dependencies", source), reason);
        ProjectJob.AssertRan(await _bench.RunAsync("--dependencies", source, "--keep-going"), "JOB RAN");
    }

    [Fact]
    public async Task Fails_with_64_where_the_source_has_no_extras()
    {
        _bench.With("print('JOB RAN')\n", ("requirements.txt", ""));

        var result = await _bench.RunAsync("--dependencies", "auto", "--extra", "gpu");

        Assert.True(result.ExitCode == 64, result.ToString());
        Assert.Contains("--extra gpu was given, and the packages come from requirements.txt", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Says_which_two_blocks_a_script_has()
    {
        _bench.Folder.Write("job/train.py", "# /// script\n# dependencies = []\n# ///\n\n# /// script\n# dependencies = []\n# ///\nprint('JOB RAN')\n");

        var result = await EntrypointProcess.RunAsync([_bench["job/train.py"], "--python", _bench.Python, "--dependencies", "auto"], _bench.Environment);

        ProjectJob.AssertRefused(result, "train.py has two \"script\" blocks (lines 1 and 5); PEP 723 allows one.");
    }

    [Theory]
    [InlineData("# /// script\n# dependencies = []\n# ///\n", "train.py")]
    [InlineData("# /// script\n# requires-python = \">=3.0\"\n# ///\n", "train.py")]
    public async Task Makes_no_environment_for_a_block_that_names_nothing(string block, string step)
    {
        _bench.With("", ("requirements.txt", "nosuch\n"));
        _bench.Folder.Write("job/train.py", block + "import sys\nprint('JOB RAN in', sys.prefix)\n");

        var result = await EntrypointProcess.RunAsync([_bench["job/train.py"], "--python", _bench.Python, "--dependencies", "auto"], _bench.Environment);

        ProjectJob.AssertRan(result, $"JOB RAN in {_bench["python"]}");
        Assert.Contains($"{step}: unchanged", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Warns_of_what_is_not_read()
    {
        _bench.WithWheel("alpha").With(
            ProjectJob.Main, ("pyproject.toml", Project + "[[tool.uv.index]]\nurl = \"https://x.invalid/\"\n"), ("poetry.lock", ""), (".python-version", "2.7\n"));

        var result = await _bench.RunAsync("--dependencies", "auto");

        ProjectJob.AssertRan(result, "alpha 1.0");
        Assert.Contains("[WARNING] pyproject.toml names places of its own for packages", result.Output, StringComparison.Ordinal);
        Assert.Contains("[WARNING] poetry.lock is not read", result.Output, StringComparison.Ordinal);
        Assert.Contains("[WARNING] .python-version asks for Python 2.7", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Warns_with_code_only_where_nothing_was_prepared()
    {
        _bench.With("print('JOB RAN')\n", ("pyproject.toml", Project));

        var result = await _bench.RunAsync("--dependencies", "auto", "--code-only");

        ProjectJob.AssertRan(result, "JOB RAN");
        Assert.Contains("[WARNING] The packages of", result.Output, StringComparison.Ordinal);
    }
}
