using System.Diagnostics;
using System.Globalization;

namespace Entrypoint.EndToEnd;

/// <summary>What <c>/proc/PID/stat</c> says about a process (proc(5)).</summary>
/// <param name="State">R, S, D, T (stopped), Z (zombie) …</param>
/// <param name="Group">Process group.</param>
/// <param name="TerminalGroup">Foreground process group of its controlling terminal; -1 without one.</param>
public sealed record ProcessState(int Id, string Name, char State, int Parent, int Group, int Session, int TerminalGroup)
{
    /// <summary>The state of one process, or null where it is gone.</summary>
    public static ProcessState? Of(int processId)
    {
        string stat;
        try
        {
            stat = File.ReadAllText($"/proc/{processId}/stat");
        }
        catch (IOException)
        {
            return null;
        }

        // The name stands in parentheses and may hold anything.
        var open = stat.IndexOf('(', StringComparison.Ordinal);
        var close = stat.LastIndexOf(')');
        var fields = stat[(close + 2)..].Split(' ');
        int Number(int index) => int.Parse(fields[index], CultureInfo.InvariantCulture);
        return new ProcessState(processId, stat[(open + 1)..close], fields[0][0], Number(1), Number(2), Number(3), Number(5));
    }

    /// <summary>All processes there are.</summary>
    public static IEnumerable<ProcessState> All() =>
        from folder in Directory.EnumerateDirectories("/proc")
        let id = int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0
        where id > 0
        let state = Of(id)
        where state is not null
        select state;

    /// <summary>A process and all that descend from it.</summary>
    public static IReadOnlyList<ProcessState> Tree(int processId)
    {
        var children = All().ToLookup(state => state.Parent);
        List<ProcessState> tree = [.. Of(processId) is { } root ? [root] : Array.Empty<ProcessState>()];
        for (var i = 0; i < tree.Count; i++)
        {
            tree.AddRange(children[tree[i].Id]);
        }

        return tree;
    }

    /// <summary>Processes, wherever they are now, whose environment holds this setting, such as <c>MARK=7f3a</c>; zombies have none.</summary>
    public static IReadOnlyList<ProcessState> WithEnvironment(string setting) =>
        [.. All().Where(state => Environment(state.Id).Contains(setting, StringComparer.Ordinal))];

    /// <summary>Whether a process is there and no zombie.</summary>
    public static bool IsAlive(int processId) => Of(processId) is { State: not 'Z' and not 'X' };

    /// <summary>Waits until it is so; fails with the description after <see cref="EntrypointProcess.Limit"/>.</summary>
    public static async Task WaitUntilAsync(Func<bool> condition, string description)
    {
        var deadline = Stopwatch.StartNew();
        for (var pause = 5; !condition(); pause = Math.Min(pause * 2, 160))
        {
            Assert.True(deadline.Elapsed < EntrypointProcess.Limit, $"It never came to pass that {description}.");
            await Task.Delay(pause);
        }
    }

    private static string[] Environment(int processId)
    {
        try
        {
            return File.ReadAllText($"/proc/{processId}/environ").Split('\0');
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
