using Entrypoint.Preparation;

namespace Entrypoint.Tests.Preparation;

public sealed class PackageFolderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("entrypoint-test-").FullName;

    public PackageFolderTests() => Install(_folder, "alpha", "1.0");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static void Install(string folder, string name, string version)
    {
        var description = Directory.CreateDirectory(Path.Combine(folder, $"{name}-{version}.dist-info")).FullName;
        File.WriteAllText(Path.Combine(description, "METADATA"), $"Name: {name}\nVersion: {version}\n");
        File.WriteAllText(Path.Combine(folder, name + ".py"), "");
    }

    private void AssertChanges(bool changes, Action change)
    {
        string[] folders = [_folder, Path.Combine(_folder, "missing")];
        var before = PackageFolder.Digest(folders);
        change();
        Assert.Equal(changes, before != PackageFolder.Digest(folders));
    }

    [Fact]
    public void Does_not_depend_on_times_and_places()
    {
        AssertChanges(false, () => Directory.SetLastWriteTimeUtc(_folder, new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc)));
        var before = PackageFolder.Digest([_folder]);
        var elsewhere = Directory.CreateDirectory(Path.Combine(_folder, "..", Path.GetFileName(_folder) + "-2")).FullName;
        Install(elsewhere, "alpha", "1.0");

        Assert.Equal(before, PackageFolder.Digest([elsewhere]));
        Directory.Delete(elsewhere, recursive: true);
    }

    [Fact]
    public void Changes_with_what_is_installed()
    {
        AssertChanges(true, () => Install(_folder, "beta", "1.0"));
        AssertChanges(true, () => File.WriteAllText(Path.Combine(_folder, "alpha-1.0.dist-info", "RECORD"), "alpha.py,,\n"));
        AssertChanges(true, () => File.Delete(Path.Combine(_folder, "alpha.py")));
    }

    [Fact]
    public void Changes_with_the_folders_that_path_files_add()
    {
        AssertChanges(true, () => File.WriteAllText(Path.Combine(_folder, "x.pth"), "/one\n"));
        AssertChanges(true, () => File.WriteAllText(Path.Combine(_folder, "x.pth"), "/two\n"));
    }

    [Fact]
    public void Does_not_see_what_python_keeps_for_itself_and_folders_without_anything()
    {
        AssertChanges(false, () => Directory.CreateDirectory(Path.Combine(_folder, "__pycache__")));
        Assert.Equal(PackageFolder.Digest([]), PackageFolder.Digest([Path.Combine(_folder, "missing")]));
    }
}
