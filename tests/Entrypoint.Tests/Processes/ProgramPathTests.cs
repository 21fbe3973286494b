using Entrypoint.Processes;

namespace Entrypoint.Tests.Processes;

public sealed class ProgramPathTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("entrypoint-test-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Finds_the_first_that_can_be_executed()
    {
        Write("one/tool", executable: false);
        var second = Write("two/tool", executable: true);

        Assert.Equal(second, Find("tool", $"{_folder}/one:{_folder}/two"));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData(":")]
    [InlineData("relative")]
    public void Never_looks_in_the_current_directory(string path) => Assert.Null(Find("Entrypoint.Tests.dll", path));

    [Fact]
    public void A_folder_is_no_program()
    {
        Directory.CreateDirectory($"{_folder}/tool");

        Assert.Null(Find("tool", $"{_folder}"));
    }

    [Fact]
    public void A_path_is_taken_as_it_is() => Assert.Equal("/bin/sh", Find("/bin/sh", "/nowhere"));

    [Fact]
    public void Without_a_PATH_the_usual_folders_are_searched() => Assert.NotNull(ProgramPath.Find("sh", ProcessEnvironment.Empty));

    private static string? Find(string program, string path) => ProgramPath.Find(program, ProcessEnvironment.From([new("PATH", path)]));

    private string Write(string name, bool executable)
    {
        var path = Path.Combine(_folder.FullName, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "#!/bin/sh\n");
        File.SetUnixFileMode(path, executable ? UnixFileMode.UserRead | UnixFileMode.UserExecute : UnixFileMode.UserRead);
        return path;
    }
}
