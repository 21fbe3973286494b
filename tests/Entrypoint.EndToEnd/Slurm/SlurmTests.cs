using Entrypoint.EndToEnd.Preparation;

namespace Entrypoint.EndToEnd.Slurm;

/// <summary>The job scripts in <c>docker/slurm</c>, on three nodes.</summary>
public sealed class SlurmTests : IClassFixture<SlurmCluster>
{
    /// <summary>On SIGTERM it does what a training does with its last checkpoint, and ends with a code of its own.</summary>
    private const string Saving =
        """
        import os, signal, sys, time
        stopped = False
        def stop(number, frame):
            global stopped
            stopped = True
        signal.signal(signal.SIGTERM, stop)
        print("ready", flush=True)
        while not stopped:
            time.sleep(0.05)
        for part in range(20):
            time.sleep(0.05)
        job = os.environ.get("SLURM_ARRAY_JOB_ID") or os.environ["SLURM_JOB_ID"]
        open(f"saved-{job}-{os.environ['RANK']}", "w").close()
        sys.exit(42)
        """;

    private readonly SlurmCluster _cluster;

    public SlurmTests(SlurmCluster cluster) => _cluster = cluster;

    [Fact]
    public async Task Array_gives_each_task_its_rank_and_its_own_exit_code()
    {
        var job = Job("ranks", "import os, sys; print('rank', os.environ['RANK'], 'of', os.environ['WORLD_SIZE'], sys.argv[1:]); sys.exit(int(os.environ['RANK']))");

        var number = await _cluster.SubmitAsync("--array=1-4", Script("array"), job, "--", "--epochs", "a b");
        var tasks = await _cluster.WaitForEndAsync(number);

        Assert.Equal(["0:0", "1:0", "2:0", "3:0"], tasks.OrderBy(task => task.Key).Select(task => task.Value.ExitCode));
        Assert.Equal(["COMPLETED", "FAILED", "FAILED", "FAILED"], tasks.OrderBy(task => task.Key).Select(task => task.Value.State));
        for (var rank = 0; rank < 4; rank++)
        {
            await _cluster.WaitForOutputAsync($"ml-job-{number}_{rank + 1}.out", $"rank {rank} of 4 ['--epochs', 'a b']");
        }
    }

    [Fact]
    public async Task Array_reports_what_kept_the_job_from_running()
    {
        var number = await _cluster.SubmitAsync("--array=0-0", Script("array"), "/nothing/here");
        var tasks = await _cluster.WaitForEndAsync(number);

        Assert.Equal("66:0", tasks[0].ExitCode);
    }

    [Fact]
    public async Task Array_prepares_once_on_the_shared_folder()
    {
        var job = Job("prepared", "import greeting; print('hello from the wheel')");
        Wheel.Write(job, "greeting");
        File.WriteAllText(Path.Combine(job, "requirements.txt"), "--no-index\n--find-links .\ngreeting\n");

        var number = await _cluster.SubmitAsync("--array=0-2", Script("array"), job);
        var tasks = await _cluster.WaitForEndAsync(number);

        Assert.All(tasks.Values, task => Assert.Equal("0:0", task.ExitCode));
        string[] outputs = [.. tasks.Keys.Select(index => File.ReadAllText(Path.Combine(_cluster.Shared, $"ml-job-{number}_{index}.out")))];
        Assert.All(outputs, output => Assert.Contains("hello from the wheel", output, StringComparison.Ordinal));
        Assert.Single(outputs, output => output.Contains("Successfully installed greeting", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Cancelling_an_array_reaches_the_jobs_handler()
    {
        var job = Job("saving", Saving);
        var number = await _cluster.SubmitAsync("--array=0-1", Script("array"), job);
        await _cluster.WaitForOutputAsync($"ml-job-{number}_0.out", "ready");
        await _cluster.WaitForOutputAsync($"ml-job-{number}_1.out", "ready");

        await _cluster.ClientAsync("scancel", $"{number}");
        var tasks = await _cluster.WaitForEndAsync(number);

        Assert.All(tasks.Values, task => Assert.Equal("CANCELLED", task.State));
        await _cluster.WaitForOutputAsync($"ml-job-{number}_0.out", "exit code: 42");
        await _cluster.WaitForOutputAsync($"ml-job-{number}_1.out", "exit code: 42");
        Assert.All((int[])[0, 1], rank => Assert.True(File.Exists(Path.Combine(_cluster.Shared, $"saved-{number}-{rank}")), $"rank {rank}"));
    }

    [Fact]
    public async Task Many_nodes_find_each_other()
    {
        var job = Job(
            "together",
            """
            import os, socket, sys
            rank, size = int(os.environ["RANK"]), int(os.environ["WORLD_SIZE"])
            address = (os.environ["MASTER_ADDR"], int(os.environ["MASTER_PORT"]))
            if rank == 0:
                server = socket.create_server(address)
                ranks = [0]
                while len(ranks) < size:
                    connection, _ = server.accept()
                    ranks.append(int(connection.recv(16)))
                    connection.close()
                print("all ranks", sorted(ranks), "local", os.environ["LOCAL_RANK"], sys.argv[1:])
            else:
                while True:
                    try:
                        connection = socket.create_connection(address, timeout=60)
                        break
                    except ConnectionRefusedError:
                        pass
                connection.send(str(rank).encode())
            """);

        var number = await _cluster.SubmitAsync("--nodes=3", Script("multi-node"), job, "--", "a b");
        var tasks = await _cluster.WaitForEndAsync(number);

        await _cluster.WaitForOutputAsync($"ml-job-{number}.out", "all ranks [0, 1, 2] local 0 ['a b']");
        Assert.Equal("0:0", tasks[0].ExitCode);
    }

    [Fact]
    public async Task Many_nodes_are_stopped_when_one_fails()
    {
        var job = Job(
            "failing",
            """
            import os, sys, time
            ready = lambda rank: os.path.join(os.environ["ENTRYPOINT_CODE"], f"ready-{rank}")
            open(ready(os.environ["RANK"]), "w").close()
            while os.environ["RANK"] != "2" or not (os.path.exists(ready(0)) and os.path.exists(ready(1))):
                time.sleep(0.05)
            sys.exit(5)
            """);

        var number = await _cluster.SubmitAsync("--nodes=3", Script("multi-node"), job);
        var tasks = await _cluster.WaitForEndAsync(number);

        Assert.Equal(("FAILED", $"{128 + SIGTERM}:0"), (tasks[0].State, tasks[0].ExitCode));
        await _cluster.WaitForOutputAsync($"ml-job-{number}.out", "2: Exited with exit code 5");
        await _cluster.WaitForOutputAsync($"ml-job-{number}.out", "Execution failed with exit code: 5");
    }

    [Fact]
    public async Task A_single_node_ends_with_the_exit_code_of_its_job()
    {
        var job = Job("refusing", "import sys; sys.exit(5)");

        var number = await _cluster.SubmitAsync("--nodes=1", Script("multi-node"), job);
        var tasks = await _cluster.WaitForEndAsync(number);

        Assert.Equal(("FAILED", "5:0"), (tasks[0].State, tasks[0].ExitCode));
    }

    [Fact]
    public async Task Cancelling_many_nodes_reaches_every_handler()
    {
        var job = Job("saving-together", Saving);
        var number = await _cluster.SubmitAsync("--nodes=3", Script("multi-node"), job);
        foreach (var rank in (int[])[0, 1, 2])
        {
            await _cluster.WaitForOutputAsync($"ml-job-{number}.out", $"{rank}: ready");
        }

        await _cluster.ClientAsync("scancel", $"{number}");
        var tasks = await _cluster.WaitForEndAsync(number);

        Assert.Equal("CANCELLED", tasks[0].State);
        Assert.All((int[])[0, 1, 2], rank => Assert.True(File.Exists(Path.Combine(_cluster.Shared, $"saved-{number}-{rank}")), $"rank {rank}"));
    }

    [Fact]
    public async Task Of_the_readme_run_as_printed()
    {
        foreach (var folder in (string[])["docker/slurm", "test-fixtures"])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_cluster.Shared, folder))!);
            await Tool.RunAsync("cp", ["-R", Repository.File(folder), Path.Combine(_cluster.Shared, folder)]);
        }

        var commands = ReadmeCommands.Containing("sbatch");
        var submitted = await _cluster.ClientAsync("bash", "-e", "-c", string.Join('\n', commands));
        Assert.True(submitted.ExitCode == 0, submitted.ToString());
        var numbers = submitted.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => int.Parse(line["Submitted batch job ".Length..], System.Globalization.CultureInfo.InvariantCulture))
            .ToArray();

        Assert.Equal(2, numbers.Length);
        foreach (var number in numbers)
        {
            Assert.All((await _cluster.WaitForEndAsync(number)).Values, task => Assert.Equal(("COMPLETED", "0:0"), (task.State, task.ExitCode)));
        }
    }

    private string Job(string name, string python)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_cluster.Shared, name)).FullName;
        File.WriteAllText(Path.Combine(folder, "__main__.py"), python);
        return folder;
    }

    private static string Script(string name) => Repository.File("docker", "slurm", $"{name}.sbatch");
}
