using System.Text.Json;
using Entrypoint.EndToEnd.Containers;
using Entrypoint.EndToEnd.Preparation;

namespace Entrypoint.EndToEnd.Kubernetes;

/// <summary>The pods that the manifests describe, run as containers under the same user, root, mounts, arguments and variables.</summary>
[Collection(ContainerImages.Collection)]
public sealed class PodTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Of_the_indexed_job_share_one_preparation_and_know_their_ranks()
    {
        using var git = await GitDaemon.StartAsync();
        var wheel = Directory.CreateDirectory(_folder["wheel"]).FullName;
        Wheel.Write(wheel, "greeting");
        await git.AddAsync(
            "ml",
            ("train/__main__.py", "import os, sys, greeting; print('hello from the wheel', *(os.environ[n] for n in ('RANK', 'WORLD_SIZE', 'MASTER_ADDR')), sys.argv[1:])"),
            ("train/requirements.txt", "--no-index\n--find-links /wheel\ngreeting\n"));
        var job = await JobAsync("indexed-job.yaml");
        var state = WritableFolder("state");

        var workers = await Task.WhenAll(
            Enumerable.Range(0, job.Specification.GetProperty("completions").GetInt32()).Select(index => Podman.RunAsync(
                ContainerImages.Jobs,
                [
                    .. Options(job, $"git+{git.Url("ml")}@main#subdirectory=train", $"{index}"), "--volume", $"{state}:/state", "--volume", $"{wheel}:/wheel:ro",
                ],
                Arguments(job))));

        Assert.All(workers, worker => Assert.True(worker.ExitCode == 0, worker.ToString()));
        Assert.All(
            workers.Select((worker, index) => (worker.Output, index)),
            worker => Assert.Contains($"hello from the wheel {worker.index} 4 ml-workers-0.ml-workers ['--epochs', '10']", worker.Output, StringComparison.Ordinal));
        Assert.Single(workers, worker => worker.Output.Contains("Successfully installed greeting", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("raise SystemExit(66)", 66)]
    [InlineData("raise SystemExit(1)", 1)]
    public async Task Of_the_job_end_with_the_code_that_the_policy_looks_at(string python, int expected)
    {
        var job = await JobAsync("job.yaml");
        var code = _folder.Job(python);

        var result = await Podman.RunAsync(
            ContainerImages.Jobs,
            [.. Options(job, "/code", ""), "--volume", $"{WritableFolder("state")}:/state", "--volume", $"{code}:/code:ro"],
            Arguments(job));

        Assert.True(result.ExitCode == expected, result.ToString());
    }

    [Theory]
    [InlineData("job.yaml")]
    [InlineData("indexed-job.yaml")]
    [InlineData("cronjob.yaml")]
    public async Task Have_a_home_and_shared_memory_that_can_be_written_to(string file)
    {
        var job = await JobAsync(file);
        var code = _folder.Job("""
            import multiprocessing.shared_memory, os, pathlib
            (pathlib.Path.home() / ".cache").mkdir()
            size = 256 << 20
            memory = multiprocessing.shared_memory.SharedMemory(create=True, size=size)
            memory.buf[size - 1] = 1
            memory.close()
            memory.unlink()
            print("home", os.environ["HOME"])
            """);

        var result = await Podman.RunAsync(
            ContainerImages.Jobs,
            [.. Options(job, "/code", "0"), "--env", "EXECUTE_CODE=/code", "--volume", $"{WritableFolder("state")}:/state", "--volume", $"{code}:/code:ro"],
            ["--", "--epochs", "1"]);

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("home /tmp", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_the_job_say_why_they_failed_where_the_cluster_looks()
    {
        var job = await JobAsync("job.yaml");
        var message = _folder.Write("termination-log", "");
        File.SetUnixFileMode(message, (UnixFileMode)0b110_110_110);

        var result = await Podman.RunAsync(
            ContainerImages.Jobs,
            [.. Options(job, "/nothing/here", ""), "--volume", $"{WritableFolder("state")}:/state", "--volume", $"{message}:/dev/termination-log"],
            Arguments(job));

        Assert.True(result.ExitCode == 66, result.ToString());
        var line = Assert.Single(await File.ReadAllLinesAsync(message));
        Assert.Contains("/nothing/here", line, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Arguments(JobManifest job) => job.Container.GetProperty("args").EnumerateArray().Select(word => word.GetString()!);

    /// <summary>The pod's settings as options of <c>podman run</c>, with another code and what the cluster would fill in.</summary>
    private static IEnumerable<string> Options(JobManifest job, string code, string index)
    {
        var security = job.Pod.GetProperty("securityContext");
        var variables = job.Variables.Select(variable => $"{variable.Key}={Value(variable.Key, variable.Value, code, index)}");
        return
        [
            "--user", $"{security.GetProperty("runAsUser").GetInt32()}:{security.GetProperty("runAsGroup").GetInt32()}",
            // A pod's user has no line in the image's passwd file unless the image has one; podman would add it.
            "--passwd=false",
            "--read-only", "--read-only-tmpfs=false", "--cap-drop", "all", "--security-opt", "no-new-privileges",
            .. EmptyFolders(job).SelectMany(folder => (string[])["--tmpfs", folder]),
            .. variables.SelectMany(variable => (string[])["--env", variable]),
        ];
    }

    /// <summary>Where the manifest mounts an empty folder, in memory or not.</summary>
    private static IEnumerable<string> EmptyFolders(JobManifest job)
    {
        var names = job.Pod.GetProperty("volumes").EnumerateArray()
            .Where(volume => volume.TryGetProperty("emptyDir", out _))
            .Select(volume => volume.GetProperty("name").GetString())
            .ToList();
        return job.Container.GetProperty("volumeMounts").EnumerateArray()
            .Where(mount => names.Contains(mount.GetProperty("name").GetString()))
            .Select(mount => mount.GetProperty("mountPath").GetString()!);
    }

    private static string Value(string name, JsonElement variable, string code, string index) =>
        name == "EXECUTE_CODE" ? code
        : variable.TryGetProperty("value", out var value) ? value.GetString()!
        : variable.GetProperty("valueFrom").TryGetProperty("fieldRef", out _) ? index
        : "a-token";

    private string WritableFolder(string name)
    {
        var folder = Directory.CreateDirectory(_folder[name]).FullName;
        File.SetUnixFileMode(folder, (UnixFileMode)0b111_111_101);
        return folder;
    }

    private static async Task<JobManifest> JobAsync(string file)
    {
        var (_, documents) = await ApiSchemas.CheckAsync(Repository.File("docker", "kubernetes", file));
        return JobManifest.Of(documents);
    }
}
