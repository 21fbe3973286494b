using Entrypoint.Benchmarks.Measuring;
using Entrypoint.EndToEnd;

namespace Entrypoint.Benchmarks.Scenarios;

/// <summary>What every scenario works with: a folder that is removed at the end, and the programs.</summary>
/// <param name="Root">The folder.</param>
/// <param name="IsQuick">Small sizes and few rounds: for trying a scenario out, not for its numbers.</param>
internal sealed record Workbench(string Root, bool IsQuick)
{
    /// <summary>The interpreter that runs the jobs.</summary>
    public const string Python = "python3";

    /// <summary>Where the last measured process prints.</summary>
    public string Log => this["output.log"];

    /// <summary>The full path of something in the folder.</summary>
    public string this[params string[] names] => Path.Combine([Root, .. names]);

    /// <summary>The one or the other.</summary>
    public T Choose<T>(T full, T quick) => IsQuick ? quick : full;

    /// <summary>The published executable with arguments; each with a state folder of the scenario's own.</summary>
    public Command Entrypoint(params string[] arguments) => new([EntrypointProcess.Executable, .. arguments])
    {
        Environment = Environment,
        Folder = Root,
    };

    /// <summary>What the published executable is given.</summary>
    public IReadOnlyDictionary<string, string?> Environment => new Dictionary<string, string?>
    {
        ["ENTRYPOINT_STATE"] = this["state"],
        ["TMPDIR"] = Root,
        ["EXECUTE_CODE"] = null,

        // The same interpreter on both sides, also where `python` is another one.
        ["ENTRYPOINT_PYTHON"] = Python,
    };

    /// <summary>A folder with a <c>__main__.py</c>.</summary>
    public string Job(string name, string python = "")
    {
        var folder = this[name];
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "__main__.py"), python);
        return folder;
    }

    /// <summary>Runs a program that belongs to the preparation of a scenario.</summary>
    public Task<string> PrepareAsync(string program, params string[] arguments) =>
        Tool.RunAsync(program, arguments, Root, TimeSpan.FromMinutes(3));

    /// <summary>Removes something in the folder, if it is there.</summary>
    public void Remove(string name)
    {
        if (Directory.Exists(this[name]))
        {
            Directory.Delete(this[name], recursive: true);
        }

        File.Delete(this[name]);
    }
}
