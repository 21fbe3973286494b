using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Entrypoint.EndToEnd.Slurm;

/// <summary>
/// A Slurm of three nodes on this machine, with one CPU each, and an authentication service of its own. All its state is in one temporary
/// folder, which also stands for the file system that the nodes of a cluster share.
/// </summary>
public sealed partial class SlurmCluster : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<Process> _daemons = [];

    /// <summary>The folder from which jobs are submitted.</summary>
    public string Shared => Directory.CreateDirectory(_folder["shared"]).FullName;

    public async ValueTask InitializeAsync()
    {
        // Daemons of another user must be able to pass through.
        File.SetUnixFileMode(_folder.Path, (UnixFileMode)0b111_101_101);
        _folder.Write("munge/key", Convert.ToHexString(System.Security.Cryptography.RandomNumberGenerator.GetBytes(64)));
        File.SetUnixFileMode(_folder["munge/key"], (UnixFileMode)0b110_000_000);
        File.SetUnixFileMode(_folder["munge"], (UnixFileMode)0b111_101_101);
        _folder.Write("slurm.conf", Configuration());
        Directory.CreateDirectory(_folder["state"]);

        // A Python whose packages may change.
        await Tool.RunAsync(Interpreter.Program, ["-m", "venv", _folder["python"]]);
        Start(
            "munged",
            "--foreground",
            $"--socket={_folder["munge/socket"]}",
            $"--key-file={_folder["munge/key"]}",
            $"--pid-file={_folder["munge/pid"]}",
            $"--seed-file={_folder["munge/seed"]}",
            $"--log-file={_folder["munge/log"]}");
        await ProcessState.WaitUntilAsync(() => File.Exists(_folder["munge/socket"]), "munged listened");
        Start("slurmctld", "-D", "-f", _folder["slurm.conf"]);
        foreach (var node in (string[])["n1", "n2", "n3"])
        {
            Directory.CreateDirectory(_folder[$"spool-{node}"]);
            Start("slurmd", "-D", "-N", node, "-f", _folder["slurm.conf"]);
        }

        await WaitAsync("sinfo", ["--noheader", "--Node", "--format=%T"], text => text.Split('\n').Count(line => line == "idle") == 3);
    }

    /// <summary>Submits a job from <see cref="Shared"/>, and returns its number.</summary>
    public async Task<int> SubmitAsync(params IEnumerable<string> words)
    {
        var result = await ClientAsync("sbatch", ["--parsable", .. words]);
        Assert.True(result.ExitCode == 0, result.ToString());
        return int.Parse(result.Output.Trim(), System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>Any command, in <see cref="Shared"/>, with the executable and a Python of its own on its <c>PATH</c>.</summary>
    public async Task<RunResult> ClientAsync(string program, params IEnumerable<string> words)
    {
        var environment = new Dictionary<string, string?>
        {
            ["SLURM_CONF"] = _folder["slurm.conf"],
            ["PATH"] = $"{_folder["python/bin"]}:{Path.GetDirectoryName(EntrypointProcess.Executable)}:{Interpreter.SearchPath}",
        };
        using var client = EntrypointProcess.Start(words, environment, Shared, program: program);
        client.CloseInput();
        return await client.WaitAsync();
    }

    /// <summary>Waits until all tasks of a job have ended, and returns what Slurm says about each, by task number (0 for a job of one).</summary>
    public async Task<IReadOnlyDictionary<int, SlurmTask>> WaitForEndAsync(int job)
    {
        var text = await WaitAsync(
            "scontrol", ["show", "job", "--oneliner", $"{job}"], text => text.Length > 0 && SlurmTask.ParseAll(text).All(task => task.HasEnded));
        return SlurmTask.ParseAll(text).ToDictionary(task => task.Index);
    }

    /// <summary>Waits until a file that a job writes holds the text.</summary>
    public async Task WaitForOutputAsync(string file, string text)
    {
        var path = Path.Combine(Shared, file);
        await ProcessState.WaitUntilAsync(
            () => File.Exists(path) && File.ReadAllText(path).Contains(text, StringComparison.Ordinal), $"'{text}' was in {file}");
    }

    public ValueTask DisposeAsync()
    {
        // The nodes first: they end what still runs on them.
        foreach (var daemon in Enumerable.Reverse(_daemons))
        {
            EntrypointProcess.SendSignal(daemon.Id, SIGTERM);
            if (!daemon.WaitForExit(TimeSpan.FromSeconds(20)))
            {
                daemon.Kill(entireProcessTree: true);
            }

            daemon.Dispose();
        }

        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private string Configuration()
    {
        var host = LocalName().Match(Dns.GetHostName()).Value;
        var ports = FreePorts(4);
        return $"""
            ClusterName=test
            SlurmctldHost={host}(127.0.0.1)
            SlurmctldPort={ports[0]}
            SlurmUser=root
            AuthType=auth/munge
            AuthInfo=socket={_folder["munge/socket"]}
            CredType=cred/munge
            ProctrackType=proctrack/linuxproc
            TaskPlugin=task/none
            SelectType=select/cons_tres
            SelectTypeParameters=CR_CPU
            MpiDefault=none
            ReturnToService=2
            SchedulerParameters=batch_sched_delay=0,sched_min_interval=0
            StateSaveLocation={_folder["state"]}
            SlurmdSpoolDir={_folder["spool-%n"]}
            SlurmctldPidFile={_folder["slurmctld.pid"]}
            SlurmdPidFile={_folder["slurmd-%n.pid"]}
            SlurmctldLogFile={_folder["slurmctld.log"]}
            SlurmdLogFile={_folder["slurmd-%n.log"]}
            NodeName=n1 NodeHostname={host} NodeAddr=127.0.0.1 Port={ports[1]} CPUs=1 State=UNKNOWN
            NodeName=n2 NodeHostname={host} NodeAddr=127.0.0.1 Port={ports[2]} CPUs=1 State=UNKNOWN
            NodeName=n3 NodeHostname={host} NodeAddr=127.0.0.1 Port={ports[3]} CPUs=1 State=UNKNOWN
            PartitionName=main Nodes=n1,n2,n3 Default=YES MaxTime=INFINITE State=UP

            """;
    }

    private void Start(string program, params string[] words) => _daemons.Add(Process.Start(program, words));

    private async Task<string> WaitAsync(string program, string[] words, Func<string, bool> isDone)
    {
        var deadline = Stopwatch.StartNew();
        while (true)
        {
            var result = await ClientAsync(program, words);
            if (result.ExitCode == 0 && isDone(result.Output))
            {
                return result.Output;
            }

            Assert.True(deadline.Elapsed < EntrypointProcess.Limit, $"{program} {string.Join(' ', words)}: {result}\n{Logs()}");
            await Task.Delay(50);
        }
    }

    private string Logs() =>
        string.Join('\n', Directory.EnumerateFiles(_folder.Path, "*.log").Select(file => $"{Path.GetFileName(file)}:\n{string.Join('\n', File.ReadLines(file).TakeLast(20))}"));

    private static int[] FreePorts(int count)
    {
        TcpListener[] listeners = [.. Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0))];
        Array.ForEach(listeners, listener => listener.Start());
        int[] ports = [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        Array.ForEach(listeners, listener => listener.Dispose());
        return ports;
    }

    [GeneratedRegex("^[^.]*")]
    private static partial Regex LocalName();
}
