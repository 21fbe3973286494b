using System.Text.Json;

namespace Entrypoint.EndToEnd.Preparation;

/// <summary>What every source of packages has to do, whichever it is: plan, install, be left alone, be found again, be reported, leave nothing.</summary>
internal static class ProjectJob
{
    /// <summary>A job that prints what it has imported, and where that came from.</summary>
    public const string Main = """
        import alpha, sys
        print("alpha", alpha.version, "in", sys.prefix)

        """;

    /// <summary>Runs it through all of its life.</summary>
    /// <param name="code">The folder or script.</param>
    /// <param name="step">The name of the step.</param>
    /// <param name="expected">What the job prints.</param>
    /// <param name="options">Those that choose the packages.</param>
    public static async Task LivesAsync(Workbench bench, string code, string python, string step, string expected, params string[] options)
    {
        string[] line = [code, "--python", python, .. options];
        var files = Files(code);

        var plan = await EntrypointProcess.RunAsync(["--dry-run", .. line], bench.Environment, bench.Folder.Path);
        Assert.True(plan.ExitCode == 0, plan.ToString());
        AssertStep(JsonDocument.Parse(plan.Output).RootElement, step, "run");

        var first = await EntrypointProcess.RunAsync(["--requirements-only", "--report", bench["first.json"], .. line], bench.Environment, bench.Folder.Path);
        Assert.True(first.ExitCode == 0, first.ToString());
        AssertStep(JsonDocument.Parse(await File.ReadAllTextAsync(bench["first.json"])).RootElement, step, "done");

        var reused = await EntrypointProcess.RunAsync(["--code-only", .. line], bench.Environment, bench.Folder.Path);
        AssertRan(reused, expected);
        Assert.DoesNotContain("[WARNING]", reused.Output, StringComparison.Ordinal);

        var second = await EntrypointProcess.RunAsync(["--report", bench["second.json"], .. line], bench.Environment, bench.Folder.Path);
        AssertRan(second, expected);
        Assert.Contains($"Nothing has changed since {step} was applied", second.Output, StringComparison.Ordinal);
        AssertStep(JsonDocument.Parse(await File.ReadAllTextAsync(bench["second.json"])).RootElement, step, "unchanged");

        Assert.Equal(files, Files(code));
    }

    /// <summary>That it ended with 0 and printed the text.</summary>
    public static void AssertRan(RunResult result, string text)
    {
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains(text, result.Output, StringComparison.Ordinal);
    }

    /// <summary>That it failed as preparations do, with that in the last line.</summary>
    public static void AssertRefused(RunResult result, params string[] texts)
    {
        Assert.True(result.ExitCode == 78, result.ToString());
        var last = result.Output.TrimEnd().Split('\n')[^1];
        Assert.All(texts, text => Assert.Contains(text, last, StringComparison.Ordinal));
        Assert.DoesNotContain("JOB RAN", result.Output, StringComparison.Ordinal);
    }

    /// <summary>What is in the folder, but for what Python writes when it runs the job.</summary>
    private static string[] Files(string code) => Directory.Exists(code)
        ? [.. Directory.EnumerateFileSystemEntries(code, "*", SearchOption.AllDirectories).Where(path => !path.Contains("__pycache__", StringComparison.Ordinal)).Order(StringComparer.Ordinal)]
        : [];

    private static void AssertStep(JsonElement document, string name, string state)
    {
        var step = Assert.Single(document.GetProperty("steps").EnumerateArray());
        Assert.Equal((name, state), (step.GetProperty("name").GetString(), step.GetProperty("state").GetString()));
        Assert.NotEqual(0, step.GetProperty("command").GetArrayLength());
    }
}
