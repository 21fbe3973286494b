using Entrypoint.Preparation;
using Entrypoint.Processes;
using Entrypoint.Sources;

namespace Entrypoint.Tests.Preparation;

public sealed class ContentDigestTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("entrypoint-test-").FullName;

    private ProcessEnvironment _environment = ProcessEnvironment.Empty;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    private ContentDigest Digest(CodeTree tree) => ContentDigest.Of(DependencyFiles.Find(tree), RequirementsFile.Find(tree), _environment);

    private ContentDigest Read() => Digest(new CodeTree(_folder, _folder));

    private void AssertChanges(bool changes, Action change)
    {
        var before = Read().Name;
        change();
        Assert.Equal(changes, before != Read().Name);
    }

    [Fact]
    public void Is_a_short_name_that_any_file_system_takes()
    {
        Write("requirements.txt", "alpha\n");
        Assert.Matches("^[0-9a-f]{20}$", Read().Name);
        Assert.False(Read().HasUnknownParts);
    }

    [Fact]
    public void Is_the_same_for_the_same_content_elsewhere()
    {
        Write("a/requirements.txt", "-r sub/base.txt\n./alpha.whl\n");
        Write("a/sub/base.txt", "beta\n");
        Write("a/alpha.whl", "wheel");
        Directory.Move(Path.Combine(_folder, "a"), Path.Combine(_folder, "b"));
        Write("a/requirements.txt", "-r sub/base.txt\n./alpha.whl\n");
        Write("a/sub/base.txt", "beta\n");
        Write("a/alpha.whl", "wheel");
        string Of(string name) => Digest(new CodeTree(Path.Combine(_folder, name), "")).Name;

        Assert.Equal(Of("a"), Of("b"));
    }

    [Theory]
    [InlineData("environment.yml")]
    [InlineData("setup.sh")]
    [InlineData("requirements.txt")]
    public void Changes_with_each_dependency_file(string name)
    {
        AssertChanges(true, () => Write(name, "one\n"));
        AssertChanges(true, () => Write(name, "two\n"));
        AssertChanges(false, () => Write("README.md", "three\n"));
    }

    [Fact]
    public void Tells_the_files_apart()
    {
        Write("setup.sh", "same");
        var before = Read().Name;
        File.Move(Path.Combine(_folder, "setup.sh"), Path.Combine(_folder, "requirements.txt"));
        Assert.NotEqual(before, Read().Name);
    }

    [Fact]
    public void Changes_with_nested_files_however_deep()
    {
        Write("requirements.txt", "-r more/one.txt\n");
        Write("more/one.txt", "-c two.txt\n");
        AssertChanges(true, () => Write("more/two.txt", "alpha==1\n"));
        AssertChanges(true, () => Write("more/two.txt", "alpha==2\n"));
    }

    [Fact]
    public void Changes_with_the_files_that_a_conda_environment_names_for_pip()
    {
        Write("environment.yml", "dependencies:\n  - pip:\n    - -r base.txt\n    - \"--constraint pins.txt\"\n");
        AssertChanges(true, () => Write("base.txt", "alpha\n"));
        AssertChanges(true, () => Write("pins.txt", "alpha==1\n"));
    }

    [Fact]
    public void Ends_where_files_name_each_other()
    {
        Write("requirements.txt", "-r other.txt\n");
        Write("other.txt", "-r requirements.txt\n-r other.txt\n");
        Assert.NotEmpty(Read().Name);
    }

    [Fact]
    public void Is_open_where_a_file_lies_at_a_web_address()
    {
        Write("requirements.txt", "-r https://host/base.txt\n");
        Assert.True(Read().HasUnknownParts);
    }

    [Fact]
    public void Changes_with_variables_in_requirements_but_not_with_tokens_in_addresses()
    {
        Write("requirements.txt", "alpha==${VERSION}\n--index-url https://${TOKEN}@host/simple\n");
        _environment = _environment.With("VERSION", "1").With("TOKEN", "one");
        AssertChanges(true, () => _environment = _environment.With("VERSION", "2"));
        AssertChanges(false, () => _environment = _environment.With("TOKEN", "two"));
    }

    [Fact]
    public void Changes_with_every_file_of_a_local_project_that_is_installed()
    {
        Write("requirements.txt", "./project\n");
        Write("project/pyproject.toml", "");
        Write("project/module.py", "x = 1");
        AssertChanges(true, () => Write("project/module.py", "x = 2"));
        AssertChanges(true, () => Write("project/data/file", ""));
        AssertChanges(false, () => Write("project/build/lib/module.py", "x = 1"));
        AssertChanges(false, () => Write("project/project.egg-info/PKG-INFO", ""));
        AssertChanges(true, () => Write("project/pyproject.toml", "[project]"));
    }

    [Fact]
    public void Takes_editable_projects_by_their_description_and_place()
    {
        Write("requirements.txt", "-e .\n");
        Write("pyproject.toml", "");
        AssertChanges(false, () => Write("module.py", "x = 1"));
        AssertChanges(true, () => Write("setup.cfg", "x"));
        var elsewhere = _folder + "-moved";
        var before = Read().Name;
        Directory.Move(_folder, elsewhere);
        var after = Digest(new CodeTree(elsewhere, elsewhere)).Name;
        Directory.Move(elsewhere, _folder);

        Assert.NotEqual(before, after);
    }

    [Theory]
    [InlineData("  - pip:\n    - ./mypkg\n", true)]
    [InlineData("  - pip:\n      - \"./mypkg\"\n", true)]
    [InlineData("  - pip: [./mypkg, alpha]\n", true)]
    [InlineData("  - pip:\n    # local\n    - alpha\n\n    - ./mypkg[extra]\n", true)]
    [InlineData("  - ./mypkg\n", false)]
    [InlineData("  - pip:\n    - alpha\n  - ./mypkg\n", false)]
    public void Changes_with_local_projects_in_the_pip_list_of_an_environment(string list, bool changes)
    {
        Write("environment.yml", $"name: x\ndependencies:\n  - python\n{list}");
        Write("mypkg/setup.py", "one");

        AssertChanges(changes, () => Write("mypkg/setup.py", "two"));
    }

    [Theory]
    [InlineData("-e git+https://example.org/r.git#egg=r", true)]
    [InlineData("--editable=git+file:///r#egg=r", true)]
    [InlineData("-e .", false)]
    [InlineData("git+https://example.org/r.git", false)]
    public void Tells_whether_code_is_checked_out_for_good(string line, bool expected)
    {
        Write("requirements.txt", line + "\n");

        Assert.Equal(expected, Read().HasCheckouts);
    }

    [Theory]
    [InlineData("PIP_CONSTRAINT")]
    [InlineData("PIP_REQUIREMENT")]
    public void Changes_with_the_files_that_variables_of_pip_name(string variable)
    {
        Write("requirements.txt", "alpha\n");
        Write("limits.txt", "alpha<2\n");
        AssertChanges(true, () => _environment = _environment.With(variable, "limits.txt"));
        AssertChanges(true, () => Write("limits.txt", "alpha<3\n"));
    }

    [Fact]
    public void Does_not_depend_on_times()
    {
        Write("requirements.txt", "./project\n./alpha.whl\n");
        Write("project/module.py", "x = 1");
        Write("alpha.whl", "wheel");
        AssertChanges(false, () =>
        {
            File.SetLastWriteTimeUtc(Path.Combine(_folder, "project/module.py"), new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
            File.SetLastWriteTimeUtc(Path.Combine(_folder, "alpha.whl"), new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        });
        AssertChanges(true, () => Write("alpha.whl", "other"));
    }
}
