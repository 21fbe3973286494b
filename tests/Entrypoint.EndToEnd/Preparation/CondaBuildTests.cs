namespace Entrypoint.EndToEnd.Preparation;

/// <summary>The building of an environment: stopped, killed, waited for, and shared with others.</summary>
public sealed class CondaBuildTests : CondaTest
{
    [Theory]
    [InlineData(15)]
    [InlineData(2)]
    public async Task Is_removed_when_stopped_and_does_not_reappear(int signal)
    {
        Bench.With(PrintsPrefix, ("environment.yml", "# stand-in: stubborn-child\n# stand-in: hang\n"));
        using var process = EntrypointProcess.Start([Bench.Job, "--grace-period=1s"], Bench.Environment);
        await process.WaitForAsync("hanging");

        process.Signal(signal);
        var result = await process.WaitAsync();

        Assert.Equal(128 + signal, result.ExitCode);
        Assert.Empty(Prefixes());
        Assert.Empty(ProcessState.WithEnvironment($"CALLS={Bench["calls"]}"));
    }

    [Fact]
    public async Task Is_taken_over_from_a_start_that_was_killed_with_its_processes_ended_first()
    {
        Bench.With(PrintsPrefix, ("environment.yml", "# stand-in: stubborn-child\n# stand-in: hang\n"));
        using (var process = EntrypointProcess.Start([Bench.Job], Bench.Environment))
        {
            await process.WaitForAsync("hanging");
            process.Signal(SIGKILL);
            await process.WaitAsync();
        }

        Assert.NotEmpty(ProcessState.WithEnvironment($"CALLS={Bench["calls"]}"));
        var file = File.ReadAllText(Bench["conda/bin/conda"]);
        File.WriteAllText(Bench["conda/bin/conda"], file.Replace("told() {", "told() { return 1; ", StringComparison.Ordinal));

        AssertRan(await RunAsync(), $"prefix {Prefixes().Single()} True");
        Assert.Empty(ProcessState.WithEnvironment($"CALLS={Bench["calls"]}"));
        Assert.False(Directory.Exists(Path.Combine(Prefixes().Single(), "pkgs")));
    }

    [Fact]
    public async Task Is_right_after_kills_at_any_moment()
    {
        Bench.With(PrintsPrefix, ("environment.yml", "# stand-in: slow\n# stand-in: stubborn-child\n"));
        var file = File.ReadAllText(Bench["conda/bin/conda"]);
        File.WriteAllText(Bench["conda/bin/conda"], file.Replace("rm \"$prefix/conda-meta/half-built\"", "rm \"$prefix/conda-meta/half-built\"; kill -9 $!", StringComparison.Ordinal));
        var random = new Random(5);
        for (var round = 0; round < 12; round++)
        {
            // One that was completed just before is no use for another round.
            if (Prefixes().All(IsComplete))
            {
                Bench.Folder.Write("job/setup.sh", $"# {round}\n");
            }

            using var process = EntrypointProcess.Start([Bench.Job, "--grace-period=100ms"], Bench.Environment);
            await Task.WhenAny(process.WaitAsync(), Task.Delay(random.Next(10, 500)));
            process.Signal(random.Next(2) == 0 ? SIGKILL : SIGTERM);
            await process.WaitAsync();
        }

        AssertRan(await RunAsync(), $"prefix {Environments}/entrypoint-");
        Assert.All(Prefixes(), prefix => Assert.True(File.Exists(Path.Combine(prefix, "part10")) && IsComplete(prefix)));
        Assert.Empty(ProcessState.WithEnvironment($"CALLS={Bench["calls"]}"));
    }

    [Fact]
    public async Task Is_built_once_for_starts_at_the_same_time()
    {
        Bench.With(PrintsPrefix, ("environment.yml", "# stand-in: slow\n"));

        var results = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => RunAsync()));

        Assert.All(results, result => AssertRan(result, $"prefix {Prefixes().Single()} True"));
        Assert.Single(CondaStandIn.Calls(Bench));
        Assert.Contains(results, result => result.Output.Contains("Waiting for another start that is preparing this environment, pid ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Is_waited_for_by_code_only_while_another_start_makes_it()
    {
        Bench.With(
            """
            import os
            print('conda', os.environ.get('CONDA_PREFIX'))
            """, ("environment.yml", "# stand-in: slow\n"));
        using var preparation = EntrypointProcess.Start([Bench.Job, "--requirements-only"], Bench.Environment);
        await preparation.WaitForAsync("Collecting package metadata");

        var result = await RunAsync("--code-only");

        AssertRan(result, $"conda {Prefixes().Single()}");
        Assert.Equal(0, (await preparation.WaitAsync()).ExitCode);
    }

    [Fact]
    public async Task Goes_to_the_state_folder_where_conda_cannot_be_written()
    {
        Bench.With(PrintsPrefix, ("environment.yml", Environment));
        Directory.CreateDirectory(Bench["state"]);
        File.SetUnixFileMode(Bench["state"], (UnixFileMode)0b111_111_111);
        Bench.Environment["HOME"] = Bench["state"];

        for (var time = 0; time < 2; time++)
        {
            AssertRan(await EntrypointProcess.RunAsync([Bench.Job], Bench.Environment, "/", Workbench.Nobody), $"prefix {Bench["state/envs/entrypoint-"]}");
        }

        Assert.Single(CondaStandIn.Calls(Bench));
    }

    [Fact]
    public async Task Is_used_by_others_who_cannot_write_to_it()
    {
        Bench.WithWheel("alpha").With("import alpha\n" + PrintsPrefix, ("environment.yml", Environment), ("requirements.txt", "alpha\n"));
        await RunAsync("--requirements-only");

        foreach (var option in new[] { "--code-only", "--log-level=info" })
        {
            var result = await EntrypointProcess.RunAsync([Bench.Job, option], Bench.Environment, "/", Workbench.Nobody);
            AssertRan(result, $"prefix {Prefixes().Single()} True");
            Assert.DoesNotContain("WARNING", result.Output, StringComparison.Ordinal);
        }
    }
}
