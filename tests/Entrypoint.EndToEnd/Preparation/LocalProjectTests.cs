namespace Entrypoint.EndToEnd.Preparation;

/// <summary>A requirements.txt that names the code's own folder, or projects below it.</summary>
public sealed class LocalProjectTests : IAsyncLifetime
{
    private const string Project = "[build-system]\nrequires = [\"setuptools\"]\nbuild-backend = \"setuptools.build_meta\"\n[project]\nname = \"NAME\"\nversion = \"1\"\n[tool.setuptools]\npackages = [\"NAME\"]\n";

    private readonly Workbench _bench = new();

    public async ValueTask InitializeAsync() => _bench.Environment["PIP_FIND_LINKS"] = $"{_bench["wheels"]} {await BuildBackends.WheelsAsync()}";

    public ValueTask DisposeAsync()
    {
        _bench.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData(Pips.Own)]
    [InlineData(Pips.Sid)]
    public async Task Leaves_nothing_in_their_folders_and_mixes_nothing_up(string pip)
    {
        Write("job", "one");
        Write("job/libs/two", "two");
        _bench.With(
            """
            import one, os, two
            print('both', sorted(os.listdir(os.path.dirname(two.__file__) + '/..')))
            """, ("requirements.txt", "-r more.txt\n./libs/two\n"), ("more.txt", ".\n"));

        await ProjectJob.LivesAsync(_bench, _bench.Job, await Pips.PythonAsync(_bench, pip), "requirements.txt", "both");
    }

    [Theory]
    [InlineData(Pips.Own)]
    [InlineData(Pips.Sid)]
    public async Task Needs_no_right_to_write_there(string pip)
    {
        Write("job", "one");
        _bench.With(
            """
            import one
            print('one', one.__file__)
            """, ("requirements.txt", ".\n"));
        string[] readOnly = ["unshare", "--mount", "sh", "-c", $"mount --bind '{_bench.Job}' '{_bench.Job}' && mount -o remount,bind,ro '{_bench.Job}' && exec \"$@\"", "sh"];

        var result = await EntrypointProcess.RunAsync([_bench.Job, "--python", await Pips.PythonAsync(_bench, pip)], _bench.Environment, _bench.Folder.Path, readOnly);

        ProjectJob.AssertRan(result, "one ");
    }

    [Fact]
    public async Task Builds_from_where_the_file_says_that_packages_are()
    {
        Write("job", "one");
        Workbench.Run("cp", "-r", await BuildBackends.WheelsAsync(), _bench["job/backends"]);
        _bench.Environment.Remove("PIP_FIND_LINKS");
        _bench.Environment.Remove("PIP_NO_INDEX");
        _bench.With(
            """
            import one
            print('one', one.__file__)
            """, ("requirements.txt", "--no-index\n--find-links backends\n.\n"));

        ProjectJob.AssertRan(await _bench.RunAsync(), "one ");
    }

    private void Write(string folder, string name)
    {
        _bench.Folder.Write($"{folder}/pyproject.toml", Project.Replace("NAME", name, StringComparison.Ordinal));
        _bench.Folder.Write($"{folder}/{name}/__init__.py", "");
    }
}
