using Entrypoint.Preparation;
using Entrypoint.Processes;

namespace Entrypoint.Tests.Preparation;

public sealed class PrivateRequirementsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("entrypoint-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(".", "WHEEL")]
    [InlineData(".[gpu,plots]", "WHEEL[gpu,plots]")]
    [InlineData("./  # this", "WHEEL")]
    [InlineData("alpha==1.0 ; python_version > '3'\n.\n-e ./other\n", "alpha==1.0 ; python_version > '3'|WHEEL|-e ./other")]
    [InlineData("--find-links links\n--find-links nowhere\n-f links\n.\n", "--find-links \"FOLDER/links\"|--find-links nowhere|--find-links \"FOLDER/links\"|WHEEL")]
    [InlineData("-c pins.txt\n.\n", "-c \"FOLDER/pins.txt\"|WHEEL")]
    [InlineData("--index-url https://${TOKEN}@host/simple\n.\n", "--index-url https://${TOKEN}@host/simple|WHEEL")]
    [InlineData("me @ file://FOLDER\n", "WHEEL")]
    [InlineData("me[gpu] @ file://FOLDER\n", "WHEEL[gpu]")]
    public void Name_the_wheel_in_place_of_the_folder(string requirements, string rewritten)
    {
        var found = Find(requirements)!;
        Assert.Equal([_folder], found.Projects);

        var written = Write(found);

        Assert.Equal(rewritten.Replace("FOLDER", _folder, StringComparison.Ordinal).Split('|'), File.ReadAllLines(written));
    }

    [Fact]
    public void Follow_nested_files()
    {
        File.WriteAllText(Path.Combine(_folder, "base.txt"), ".\nbeta\n");

        var lines = File.ReadAllLines(Write(Find("-r base.txt\nalpha\n")!));

        Assert.Equal("alpha", lines[1]);
        Assert.Equal(["WHEEL", "beta"], File.ReadAllLines(lines[0]["-r \"".Length..^1]));
    }

    [Fact]
    public void Keep_what_says_where_packages_come_from_for_the_build()
    {
        var found = Find("--no-index\n--find-links links\nalpha\n.\n")!;
        Write(found);

        Assert.Equal(["--no-index", $"--find-links \"{_folder}/links\""], File.ReadAllLines(found.IndexFile));
    }

    [Theory]
    [InlineData("alpha\n-e .\n")]
    [InlineData("./wheels/x.whl\n")]
    [InlineData(". ; python_version < '3'\n")]
    [InlineData(". --config-settings a=b\n")]
    [InlineData(".\n-r one.txt -c two.txt\n")]
    [InlineData(".\n-r requirements.txt\n")]
    [InlineData(".\n-r missing.txt\n")]
    public void Leave_to_pip_what_names_no_folder_or_is_not_simple(string requirements) => Assert.Null(Find(requirements));

    private PrivateRequirements? Find(string requirements)
    {
        File.WriteAllText(Path.Combine(_folder, "pyproject.toml"), "");
        Directory.CreateDirectory(Path.Combine(_folder, "links"));
        Directory.CreateDirectory(Path.Combine(_folder, "wheels"));
        File.WriteAllText(Path.Combine(_folder, "wheels", "x.whl"), "");
        File.WriteAllText(Path.Combine(_folder, "requirements.txt"), requirements.Replace("FOLDER", _folder, StringComparison.Ordinal));
        return PrivateRequirements.Find(_folder, "requirements.txt", ProcessEnvironment.Current().With("TOKEN", "secret"));
    }

    private string Write(PrivateRequirements found)
    {
        found.Prepare(Directory.CreateDirectory(Path.Combine(_folder, "private")).FullName);
        found.Built(_folder, "WHEEL");
        return found.Write("requirements.txt");
    }
}
