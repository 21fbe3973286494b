namespace Entrypoint.EndToEnd.Preparation;

/// <summary>What is prepared is found again for what pip, conda and Python really use, no more and no less.</summary>
public sealed class IdentityTests : IDisposable
{
    private const string PrintsAlpha =
        """
        import alpha, sys
        print('alpha', alpha.version, sys.prefix)

        """;

    private readonly Workbench _bench = new();

    public void Dispose() => _bench.Dispose();

    private static void AssertRan(RunResult result, string text)
    {
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains(text, result.Output, StringComparison.Ordinal);
    }

    private string Executable(string name, string text)
    {
        var path = _bench.Folder.Write(name, text);
        File.SetUnixFileMode(path, (UnixFileMode)0b111_101_101);
        return path;
    }

    [Fact]
    public async Task The_interpreter_behind_a_launcher_counts()
    {
        _bench.WithWheel("alpha").With(PrintsAlpha, ("requirements.txt", "alpha\n"));
        var (one, two) = (_bench.MakePython("one"), _bench.MakePython("two"));
        var shim = Executable("shims/python", $"#!/bin/sh\n[ \"$(cat {_bench["version"]})\" = two ] && exec {two} \"$@\"\nexec {one} \"$@\"\n");
        foreach (var name in new[] { "one", "two" })
        {
            File.WriteAllText(_bench["version"], name);

            var first = await _bench.RunWithAsync(shim);
            AssertRan(first, $"alpha 1.0 {_bench[name]}\n");
            Assert.Contains("-m pip install", first.Output, StringComparison.Ordinal);
            AssertRan(await _bench.RunWithAsync(shim), "Nothing has changed since requirements.txt was applied");
        }
    }

    [Fact]
    public async Task Times_do_not_count()
    {
        _bench.WithWheel("alpha").With(PrintsAlpha, ("requirements.txt", "alpha\n"));
        AssertRan(await _bench.RunAsync("--requirements-only"), "Finished");
        Workbench.Run("find", _bench["python"], _bench["state"], "-exec", "touch", "-h", "-d", "@1000000000", "{}", "+");

        AssertRan(await _bench.RunAsync(), "Nothing has changed since requirements.txt was applied");
        AssertRan(await _bench.RunAsync("--code-only"), "alpha 1.0");
    }

    [Fact]
    public async Task Code_only_of_what_was_never_prepared_warns()
    {
        _bench.With("print('job')", ("requirements.txt", "alpha\n"));

        AssertRan(await _bench.RunAsync("--code-only"), $"[WARNING] The packages of {_bench["job/requirements.txt"]} have not been prepared for {_bench.Python}");
    }

    [Theory]
    [InlineData("PIP_TARGET")]
    [InlineData("PIP_PREFIX")]
    public async Task What_sends_packages_elsewhere_counts(string variable)
    {
        _bench.WithWheel("alpha").With("print('job')", ("requirements.txt", "alpha\n"));
        AssertRan(await _bench.RunAsync(), "-m pip install");
        _bench.Environment[variable] = _bench["elsewhere"];

        AssertRan(await _bench.RunAsync(), "-m pip install");
        AssertRan(await _bench.RunAsync(), "Nothing has changed since requirements.txt was applied");
    }

    [Theory]
    [InlineData("PIP_USER", "1")]
    [InlineData("PIP_TARGET", "elsewhere")]
    [InlineData("PIP_PREFIX", "elsewhere")]
    public async Task Within_a_virtual_environment_of_ours_nothing_sends_packages_elsewhere(string variable, string value)
    {
        _bench.WithWheel("alpha").With(PrintsAlpha, ("requirements.txt", "alpha\n"));
        _bench.Environment[variable] = value;

        var result = await _bench.RunWithAsync(Workbench.SystemPython);

        AssertRan(result, $"alpha 1.0 {_bench["state/venvs/"]}");
        Assert.Contains($"{variable}={value} does not count", result.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_bench["job/elsewhere"]));
    }

    [Fact]
    public async Task An_edited_local_package_is_installed_again_beside_the_one_before()
    {
        _bench.With(
            """
            import local
            print('local', local.word)
            """, ("requirements.txt", "./local-1.0-py3-none-any.whl\n"));
        foreach (var word in new[] { "one", "two" })
        {
            Workbench.Run(
                "python3", "-c",
                """
                import sys, zipfile
                with zipfile.ZipFile(sys.argv[1], "w") as wheel:
                    wheel.writestr("local.py", "word = %r\n" % sys.argv[2])
                    wheel.writestr("local-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: local\nVersion: 1.0\n")
                    wheel.writestr("local-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
                    wheel.writestr("local-1.0.dist-info/RECORD", "local.py,,\nlocal-1.0.dist-info/METADATA,,\nlocal-1.0.dist-info/WHEEL,,\nlocal-1.0.dist-info/RECORD,,\n")
                """,
                _bench["job/local-1.0-py3-none-any.whl"], word);

            AssertRan(await _bench.RunWithAsync(Workbench.SystemPython), $"local {word}");
        }

        Assert.Equal(2, Directory.GetDirectories(_bench["state/venvs"]).Length);
    }

    [Fact]
    public async Task A_package_folder_below_that_changes_makes_another_environment()
    {
        _bench.WithWheel("alpha").WithWheel("beta").With(PrintsAlpha, ("requirements.txt", "alpha\n"));
        var python = _bench.Python;
        Directory.CreateDirectory(_bench["state"]);
        File.SetUnixFileMode(_bench["state"], (UnixFileMode)0b111_111_111);
        File.SetUnixFileMode(_bench["tmp"], (UnixFileMode)0b111_111_111);
        _bench.Environment["HOME"] = null;
        Task<RunResult> StartAsync() => EntrypointProcess.RunAsync([_bench.Job, "--python", python], _bench.Environment, "/", Workbench.Nobody);
        AssertRan(await StartAsync(), "-m venv");
        Workbench.Run(python, "-m", "pip", "install", "--no-index", "--find-links", _bench["wheels"], "beta");

        AssertRan(await StartAsync(), "-m venv");
        AssertRan(await StartAsync(), "Nothing has changed since requirements.txt was applied");
    }

    [Fact]
    public async Task A_home_that_cannot_be_written_is_replaced_for_conda_but_not_for_the_job()
    {
        CondaStandIn.Install(_bench, "conda/bin/conda");
        var conda = File.ReadAllText(_bench["conda/bin/conda"]);
        File.WriteAllText(
            _bench["conda/bin/conda"],
            conda.Replace("told() {", "mkdir -p \"$HOME/.conda\" && : >\"$HOME/.conda/environments.txt\" || exit 1\ntold() {", StringComparison.Ordinal));
        _bench.With(
            """
            import os
            print('home', repr(os.environ['HOME']))
            """, ("environment.yml", "dependencies:\n  - python\n"));
        File.SetUnixFileMode(_bench["tmp"], (UnixFileMode)0b111_111_111);
        Directory.CreateDirectory(_bench["state"]);
        File.SetUnixFileMode(_bench["state"], (UnixFileMode)0b111_111_111);
        foreach (var home in new[] { "/", "/proc", "" })
        {
            _bench.Environment["HOME"] = home;

            AssertRan(await EntrypointProcess.RunAsync([_bench.Job, "--refresh"], _bench.Environment, "/", Workbench.Nobody), $"home '{home}'");
        }
    }

    [Fact]
    public async Task Another_active_conda_environment_is_left_first_and_a_script_that_fails_is_named()
    {
        CondaStandIn.Install(_bench, "conda/bin/conda");
        _bench.With(
            """
            import os
            print('job', [os.environ.get(name) for name in ('OUTER', 'OUTER_STATE', 'FROM_SCRIPT', 'LAST')])
            """,
            ("environment.yml", "# stand-in: activate\ndependencies:\n  - python\n"));
        AssertRan(await EntrypointProcess.RunAsync([_bench.Job], _bench.Environment), "job [None, None,");
        var own = Path.Combine(Directory.GetDirectories(_bench["conda/envs"]).Single(), "etc/conda/activate.d");
        File.WriteAllText(Path.Combine(own, "c-exits.sh"), "exit 3\n");
        File.WriteAllText(Path.Combine(own, "d-returns.sh"), "return 4\n");
        File.WriteAllText(Path.Combine(own, "e-last.sh"), "export LAST=last\n");
        var outer = _bench["conda/envs/outer"];
        _bench.Folder.Write("conda/envs/outer/etc/conda/deactivate.d/outer.sh", "unset OUTER\n");
        _bench.Folder.Write("conda/envs/outer/conda-meta/state", """{"env_vars": {"OUTER_STATE": "x"}}""");
        _bench.Environment["CONDA_PREFIX"] = outer;
        _bench.Environment["CONDA_SHLVL"] = "1";
        _bench.Environment["OUTER"] = outer;
        _bench.Environment["OUTER_STATE"] = "x";

        var result = await EntrypointProcess.RunAsync([_bench.Job], _bench.Environment);

        AssertRan(result, "job [None, None, 'a b of ");
        Assert.Contains("'last']", result.Output, StringComparison.Ordinal);
        Assert.Contains($"[WARNING] The script {own}/c-exits.sh of the conda environment ended the shell", result.Output, StringComparison.Ordinal);
        Assert.Contains($"[WARNING] The script {own}/d-returns.sh of the conda environment ended with exit code 4", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Packages_go_into_the_conda_environment_while_it_is_built_and_above_it_later()
    {
        CondaStandIn.Install(_bench, "conda/bin/conda");
        _bench.WithWheel("alpha").WithWheel("beta").With(PrintsAlpha, ("environment.yml", "dependencies:\n  - python\n"), ("requirements.txt", "alpha\n"));
        AssertRan(await EntrypointProcess.RunAsync([_bench.Job], _bench.Environment), $"alpha 1.0 {_bench["conda/envs/entrypoint-"]}");
        var second = await EntrypointProcess.RunAsync([_bench.Job], _bench.Environment);
        AssertRan(second, "Nothing has changed since requirements.txt was applied");
        var prefix = Directory.GetDirectories(_bench["conda/envs"]).Single();

        // Somebody changes what is named: it is left as it is, for those that run in it.
        Workbench.Run(Path.Combine(prefix, "bin/python"), "-m", "pip", "install", "--no-index", "--find-links", _bench["wheels"], "beta");
        var third = await EntrypointProcess.RunAsync([_bench.Job], _bench.Environment);

        AssertRan(third, $"alpha 1.0 {_bench["state/venvs/"]}");
        AssertRan(await EntrypointProcess.RunAsync([_bench.Job], _bench.Environment), "Nothing has changed since requirements.txt was applied");
        Assert.Single(CondaStandIn.Calls(_bench));
    }
}
