namespace Entrypoint.EndToEnd.Preparation;

/// <summary>A state folder that several users share.</summary>
public sealed class SharedStateTests : IDisposable
{
    private readonly Workbench _bench = new();
    private readonly string _python;

    public SharedStateTests()
    {
        _python = FakePython.Install(_bench);
        Directory.CreateDirectory(_bench["state"]);
        Open(_bench["tmp"]);
        _bench.Environment["HOME"] = null;
    }

    public void Dispose() => _bench.Dispose();

    /// <summary>Three users: root, and two of its group.</summary>
    private static Dictionary<string, string[]> Users { get; } = new(StringComparer.Ordinal)
    {
        ["root"] = [],
        ["one"] = ["setpriv", "--reuid=4242", "--regid=0", "--clear-groups"],
        ["two"] = ["setpriv", "--reuid=4243", "--regid=0", "--clear-groups"],
    };

    public static TheoryData<string, int> Orders
    {
        get
        {
            var orders = new TheoryData<string, int>();
            foreach (var order in new[] { "root one two", "root two one", "one root two", "one two root", "two root one", "two one root" })
            {
                orders.Add(order, 0b111_111_111);
                orders.Add(order, 0b111_111_101);
            }

            return orders;
        }
    }

    private static void Open(string folder, int permissions = 0b111_111_111) => File.SetUnixFileMode(folder, (UnixFileMode)permissions);

    private string Job(string name, string requirements)
    {
        _bench.Folder.Write($"jobs/{name}/__main__.py", FakePython.PrintsParts);
        _bench.Folder.Write($"jobs/{name}/requirements.txt", requirements);
        return _bench[$"jobs/{name}"];
    }

    private async Task<RunResult> RunAsync(string job, string[] user, string umask = "022")
    {
        var result = await EntrypointProcess.RunAsync(
            [job, "--python", _python], _bench.Environment, "/", ["sh", "-c", $"umask {umask}; exec \"$@\"", "sh", .. user]);
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("parts 5", result.Output, StringComparison.Ordinal);
        return result;
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task Is_used_and_filled_by_root_and_users_of_its_group_in_every_order(string order, int permissions)
    {
        Open(_bench["state"], permissions);
        var shared = Job("shared", "shared\n");
        foreach (var name in order.Split(' '))
        {
            // Only root, oneself and the owner of the folder (root) are trusted, so what another made is made again, for this run.
            await RunAsync(shared, Users[name], "077");
            await RunAsync(Job(name, $"{name}\n"), Users[name], "077");
        }

        foreach (var user in Users.Values)
        {
            await RunAsync(Job("root", "root\n"), user, "077");
        }
    }

    [Fact]
    public async Task What_root_prepared_is_used_by_every_user_whatever_the_umask()
    {
        var job = Job("job", "alpha\n");
        await RunAsync(job, [], "077");

        var result = await RunAsync(job, Workbench.Nobody);

        Assert.Contains("Nothing has changed since requirements.txt was applied", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("[WARNING]", result.Output, StringComparison.Ordinal);
        Assert.Equal(1, FakePython.Installations(_bench));
    }

    [Fact]
    public async Task What_a_user_may_not_write_is_not_touched_and_something_new_is_temporary()
    {
        await RunAsync(Job("first", "alpha\n"), []);

        var result = await RunAsync(Job("second", "beta\n"), Workbench.Nobody);

        Assert.Contains("[WARNING] What this run prepares is kept only until it ends", result.Output, StringComparison.Ordinal);
        Assert.Single(Directory.GetDirectories(_bench["state/venvs"]));
        Assert.Empty(Directory.GetFileSystemEntries(_bench["tmp"]));
    }

    [Fact]
    public async Task New_folders_get_the_group_bits_of_the_folder()
    {
        Workbench.Run("chmod", "2775", _bench["state"]);
        await RunAsync(Job("first", "alpha\n"), Users["root"], "077");

        var second = await RunAsync(Job("second", "beta\n"), Users["one"], "077");

        Assert.DoesNotContain("[WARNING]", second.Output, StringComparison.Ordinal);
        Assert.Equal(2, Directory.GetDirectories(_bench["state/venvs"]).Length);
        var mode = File.GetUnixFileMode(_bench["state/venvs"]);
        Assert.True(mode.HasFlag(UnixFileMode.GroupWrite) && mode.HasFlag(UnixFileMode.SetGroup), mode.ToString());
    }

    [Fact]
    public async Task What_another_user_made_is_named_and_not_used()
    {
        Open(_bench["state"]);
        var job = Job("job", "alpha\n");
        await RunAsync(job, Workbench.Nobody);

        var result = await RunAsync(job, []);

        Assert.Contains($"[WARNING] {_bench["state/venvs"]} is not used: user 4242 made it", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain($" {_bench["state/venvs/"]}", result.Output.Split("parts 5")[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Links_in_place_of_locks_are_not_followed()
    {
        var job = Job("job", "alpha\n");
        await RunAsync(job, []);
        var victim = _bench.Folder.Write("victim", "mine");
        var locks = _bench["state/locks"];
        _bench.Folder.Write("jobs/job/setup.sh", $"ls {locks} >{_bench["held"]}\n");
        await RunAsync(job, []);
        var name = File.ReadAllLines(_bench["held"]).First(line => !line.StartsWith("python", StringComparison.Ordinal));
        File.CreateSymbolicLink(Path.Combine(locks, name), victim);

        await RunAsync(job, []);

        Assert.Equal("mine", await File.ReadAllTextAsync(victim));
    }
}
