using System.Collections.Immutable;
using Entrypoint.CommandLine;
using Entrypoint.Failures;
using Entrypoint.Processes;
using Entrypoint.Workspace;

namespace Entrypoint.Tests.Workspace;

public sealed class WorkspaceCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("entrypoint-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Goes_to_the_shell_as_it_is()
    {
        var (program, arguments) = Resolve(With("jupyter lab --port 8080"), []);

        Assert.Equal("/bin/sh", program);
        Assert.Equal(["-c", "jupyter lab --port 8080", "sh"], arguments.AsEnumerable());
    }

    [Fact]
    public void Gets_the_arguments_at_its_end()
    {
        var (_, arguments) = Resolve(With("jupyter lab\n"), ["--port", "a b", "$(x)"]);

        Assert.Equal(["-c", "jupyter lab \"$@\"", "sh", "--port", "a b", "$(x)"], arguments.AsEnumerable());
    }

    [Theory]
    [InlineData("start \"$@\" --last")]
    [InlineData("start $* --last")]
    [InlineData("start ${1} --last")]
    [InlineData("start \"${1:-none}\"")]
    [InlineData("echo 'it is' $2")]
    public void Says_itself_where_the_arguments_go(string command)
    {
        var (_, arguments) = Resolve(With(command), ["x"]);

        Assert.Equal(["-c", command, "sh", "x"], arguments.AsEnumerable());
    }

    [Theory]
    [InlineData("awk '{ print $1 }'")]
    [InlineData("echo \\$1")]
    [InlineData("echo $HOME $# $0 ${A1}")]
    [InlineData("echo \"it's\" '$1'")]
    [InlineData("echo 'open $1")]
    public void Gets_the_arguments_at_its_end_where_it_only_seems_to_name_them(string command)
    {
        var (_, arguments) = Resolve(With(command), ["x"]);

        Assert.Equal(["-c", command + " \"$@\"", "sh", "x"], arguments.AsEnumerable());
    }

    [Fact]
    public void Is_the_script_of_the_image_where_none_is_given()
    {
        var script = Write("scripts/run_workspace.py", executable: false);
        var python = Write("bin/python", executable: true);

        var (program, arguments) = Resolve(WithoutCommand(), ["--port", "80"]);

        Assert.Equal(python, program);
        Assert.Equal([script, "--port", "80"], arguments.AsEnumerable());
    }

    [Fact]
    public void Takes_python3_where_there_is_no_python()
    {
        Write("scripts/run_workspace.py", executable: false);
        var python = Write("bin/python3", executable: true);

        Assert.Equal(python, Resolve(WithoutCommand(), []).Program);
    }

    [Fact]
    public void Fails_with_66_where_the_script_is_missing()
    {
        var error = Assert.Throws<EntrypointException>(() => Resolve(WithoutCommand(), []));

        Assert.Equal(ExitCode.NoInput, error.Code);
        Assert.Contains($"{_folder}/scripts/run_workspace.py", error.Message, StringComparison.Ordinal);
        Assert.Contains("EXECUTE_CODE", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fails_with_127_where_python_is_missing()
    {
        Write("scripts/run_workspace.py", executable: false);

        var error = Assert.Throws<EntrypointException>(() => Resolve(WithoutCommand(), []));

        Assert.Equal(ExitCode.NotFound, error.Code);
        Assert.Contains("python3", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fails_with_126_where_python_cannot_be_executed()
    {
        Write("scripts/run_workspace.py", executable: false);
        var python = Write("bin/python", executable: false);

        var error = Assert.Throws<EntrypointException>(() => Resolve(WithoutCommand(), []));

        Assert.Equal(ExitCode.CannotExecute, error.Code);
        Assert.Contains(python, error.Message, StringComparison.Ordinal);
    }

    private static (string Program, ImmutableArray<string> Arguments) Resolve(Settings settings, ImmutableArray<string> jobArguments) =>
        WorkspaceCommand.Resolve(new Options { Settings = settings, JobArguments = jobArguments });

    private Settings With(string command) => WithoutCommand() with { WorkspaceCommand = command };

    private Settings WithoutCommand() => new()
    {
        Environment = ProcessEnvironment.Empty.With("PATH", $"{_folder}/bin"),
        CurrentDirectory = "/",
        ResourcesPath = _folder,
        StateFolder = $"{_folder}/state",
    };

    private string Write(string name, bool executable)
    {
        var path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "");
        File.SetUnixFileMode(path, executable ? (UnixFileMode)0b111_101_101 : (UnixFileMode)0b110_100_100);
        return path;
    }
}
