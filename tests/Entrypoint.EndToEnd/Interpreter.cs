namespace Entrypoint.EndToEnd;

/// <summary>The Python that runs the jobs of the tests.</summary>
public static class Interpreter
{
    /// <summary>Its full path. Not what stands on the <c>PATH</c>: that may be a script (a shim) which finds the interpreter anew each time.</summary>
    public static string Program { get; } = Find();

    /// <summary>A <c>PATH</c> on which it comes first.</summary>
    public static string SearchPath { get; } =
        $"{Path.GetDirectoryName(Program)}:{Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin"}";

    private static string Find()
    {
        string[] question = ["-c", "import sys; print(sys.executable)"];
        return Tool.RunAsync("python3", question).GetAwaiter().GetResult().Trim();
    }
}
