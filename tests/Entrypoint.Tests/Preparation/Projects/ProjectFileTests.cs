using Entrypoint.Failures;
using Entrypoint.Preparation.Projects;

namespace Entrypoint.Tests.Preparation.Projects;

public sealed class ProjectFileTests
{
    private const string Project = "[project]\nname = \"My.Job\"\nversion = \"1\"\ndependencies = [\"alpha>=1\", 'beta[x] ; python_version > \"3\"']\n";
    private const string Build = "[build-system]\nrequires = [\"hatchling\"]\nbuild-backend = \"hatchling.build\"\n";

    [Theory]
    [InlineData(Project, "alpha>=1|beta[x] ; python_version > \"3\"")]
    [InlineData("\uFEFF[project]\r\nname = \"x\"\r\ndependencies = [\r\n  \"alpha\",\r\n]\r\n", "alpha")]
    [InlineData("project.name = \"x\"\nproject.dependencies = [\"alpha\"]\n", "alpha")]
    [InlineData("project = { name = \"x\", dependencies = [\"alpha\"] }\n", "alpha")]
    [InlineData("[project]\n\"name\" = \"x\"\n'dependencies' = ['alpha']\n", "alpha")]
    [InlineData("[tool.x]\ntext = \"\"\"\n[project]\ndependencies = ['beta']\n\"\"\"\n", "")]
    public void Names_its_dependencies(string text, string dependencies) =>
        Assert.Equal(dependencies, string.Join('|', ProjectFile.Read(text.TrimStart('\uFEFF')).Dependencies.Select(dependency => dependency.Text)));

    [Theory]
    [InlineData(Project, false)]
    [InlineData(Project + Build, true)]
    [InlineData(Build, true)]
    [InlineData(Project + Build + "[tool.uv]\npackage = false\n", false)]
    [InlineData(Project + "[tool.uv]\npackage = true\n", true)]
    [InlineData(Project + Build + "[tool.poetry]\npackage-mode = false\n", false)]
    [InlineData("[project]\nname = \"x\"\ndynamic = [\"dependencies\"]\n", true)]
    [InlineData("[project]\nname = \"x\"\ndynamic = [\"version\"]\n", false)]
    [InlineData("[tool.ruff]\nline-length = 100\n", false)]
    public void Is_a_package_where_it_can_be_built_and_does_not_say_otherwise(string text, bool isPackage) =>
        Assert.Equal(isPackage, ProjectFile.Read(text).IsPackage([]));

    [Theory]
    [InlineData("dynamic = [\"optional-dependencies\"]\n", true)]
    [InlineData("dynamic = [\"version\"]\n", false)]
    public void Is_a_package_where_only_a_build_knows_the_extras(string line, bool isPackage) =>
        Assert.Equal(isPackage, ProjectFile.Read("[project]\nname = \"x\"\n" + line).IsPackage(["gpu"]));

    [Theory]
    [InlineData("[project\n", "line 1")]
    [InlineData("[project]\nname = \"x\"\ndependencies = = 1\n", "line 3, column")]
    [InlineData("[project]\ndependencies = \"alpha\"\n", "project.dependencies is not an array of texts")]
    [InlineData("[project]\noptional-dependencies = [\"alpha\"]\n", "project.optional-dependencies is not a table")]
    [InlineData("project = 3\n", "project is not a table")]
    [InlineData("[project]\nrequires-python = 3.9\n", "project.requires-python is not a text")]
    [InlineData("[project]\nrequires-python = \"^3.9\"\n", "project.requires-python is not a version specifier")]
    [InlineData("[project]\ndependencies = [\"./here\"]\n", "'./here' is no dependency")]
    [InlineData("[project]\ndependencies = [\"folder/here\"]\n", "'folder/here' is no dependency")]
    [InlineData("[project]\ndependencies = [\"--index-url=https://x/\"]\n", "is no dependency")]
    [InlineData("[project]\ndependencies = [\"alpha\\n-r x\"]\n", "is no dependency")]
    [InlineData("[project]\ndependencies = [\"alpha\\u0000\"]\n", "is no dependency")]
    [InlineData("[dependency-groups]\ndev = [{ include = \"x\" }]\n", "dependency-groups.dev is not an array of texts and of tables")]
    [InlineData("[dependency-groups]\na-b = []\nA_b = []\n", "only group of that name")]
    [InlineData("[tool.uv]\npackage = \"no\"\n", "tool.uv.package is not true or false")]
    public void Says_what_is_broken(string text, string reason)
    {
        var failure = Assert.Throws<EntrypointException>(() => ProjectFile.Read(text));

        Assert.Equal(ExitCode.PreparationFailed, failure.Code);
        Assert.StartsWith("pyproject.toml ", failure.Message, StringComparison.Ordinal);
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Is_never_a_bug_whatever_it_holds()
    {
        var random = new Random(1);
        const string Pieces = "[]{}\"'=.,#\n\\ abproject\u00e4\0-1";
        for (var round = 0; round < 5000; round++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(40)).Select(_ => Pieces[random.Next(Pieces.Length)]));
            try
            {
                _ = ProjectFile.Read(text);
            }
            catch (EntrypointException)
            {
                // That is how it is to be said.
            }
        }

        Assert.Throws<EntrypointException>(() => ProjectFile.Read("a = " + new string('[', 10_000) + new string(']', 10_000)));
    }

    [Fact]
    public void Expands_extras_of_its_own_name()
    {
        var file = ProjectFile.Read(Project + "[project.optional-dependencies]\ngpu = [\"gamma\"]\nplots = [\"delta; sys_platform == 'linux'\"]\nall = [\"my_job[gpu]\", \"my-job[PLOTS] ; python_version >= '3.9'\"]\nloop = [\"my.job[loop,gpu]\"]\n");

        Assert.Equal(
            ["alpha>=1", "beta[x] ; python_version > \"3\"", "gamma", "delta ; (sys_platform == 'linux') and (python_version >= '3.9')"],
            ChosenRequirements.OfProject(file, ["All"], []).Select(requirement => requirement.Text));
        Assert.Equal("gamma", ChosenRequirements.OfProject(file, ["loop"], [])[^1].Text);
    }

    [Fact]
    public void Expands_groups_with_those_that_they_include()
    {
        var file = ProjectFile.Read("[dependency-groups]\nTest = [\"alpha\"]\ndev_tools = [\"beta\", { include-group = \"test\" }, \"gamma\"]\nall = [{ include-group = \"dev-tools\" }, { include-group = \"TEST\" }]\n");

        Assert.Equal(["beta", "alpha", "gamma"], ChosenRequirements.OfGroups(file, ["all"]).Select(requirement => requirement.Text));
    }

    [Theory]
    [InlineData("a = [{ include-group = \"b\" }]\nb = [{ include-group = \"a\" }]\n", "includes itself (a → b → a)")]
    [InlineData("a = [{ include-group = \"nowhere\" }]\n", "includes nowhere, which is not there")]
    [InlineData("a = [\"-e .\"]\n", "'-e .' is no dependency")]
    public void Says_what_is_wrong_with_a_group(string groups, string reason) =>
        Assert.Contains(reason, Assert.Throws<EntrypointException>(() => ChosenRequirements.OfGroups(ProjectFile.Read("[dependency-groups]\n" + groups), ["a"])).Message, StringComparison.Ordinal);

    [Fact]
    public void Does_not_expand_what_includes_without_end()
    {
        var groups = string.Concat(Enumerable.Range(0, 60).Select(number => $"g{number} = [{{ include-group = \"g{number + 1}\" }}, {{ include-group = \"g{number + 1}\" }}]\n"));

        Assert.Single(ChosenRequirements.OfGroups(ProjectFile.Read($"[dependency-groups]\n{groups}g60 = [\"alpha\"]\n"), ["g0"]));
    }

    [Theory]
    [InlineData("gpuu", "there is no extra gpuu in it, it has gpu, plots. Did you mean gpu?")]
    [InlineData("zzzzzz", "it has gpu, plots.")]
    public void Lists_the_extras_that_there_are(string extra, string reason)
    {
        var file = ProjectFile.Read(Project + "[project.optional-dependencies]\ngpu = []\nplots = []\n");

        var failure = Assert.Throws<EntrypointException>(() => ChosenRequirements.OfProject(file, [extra], []));

        Assert.Equal(ExitCode.PreparationFailed, failure.Code);
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Project + Build + "[tool.uv.sources]\nx = { path = \"y\" }\n", true)]
    [InlineData(Project + "[[tool.uv.index]]\nurl = \"https://x/\"\n", true)]
    [InlineData(Project + "[[tool.poetry.source]]\nname = \"x\"\n", true)]
    [InlineData(Project + "[tool.uv]\ndev-dependencies = []\n", false)]
    public void Knows_whether_packages_come_from_elsewhere(string text, bool names) => Assert.Equal(names, ProjectFile.Read(text).NamesIndexes);
}
