using Entrypoint.Failures;
using Entrypoint.Sources.Lab;

namespace Entrypoint.Tests.Sources.Lab;

public sealed class LabDataKeyTests
{
    [Theory]
    [InlineData("datasets/a.csv", "datasets/a.csv", null)]
    [InlineData("datasets/a.csv.v1", "datasets/a.csv", 1)]
    [InlineData("datasets/a.csv.v10", "datasets/a.csv", 10)]
    [InlineData("datasets/a.v2.csv", "datasets/a.v2.csv", null)]
    [InlineData("datasets/a.csv.v", "datasets/a.csv.v", null)]
    [InlineData("datasets/a.csv.vx", "datasets/a.csv.vx", null)]
    [InlineData("datasets/.v1", "datasets/.v1", null)]
    [InlineData("datasets/a.v99999999999", "datasets/a.v99999999999", null)]
    public void Splits_name_and_version(string text, string name, int? version) =>
        Assert.Equal((name, version), (LabDataKey.Parse(text).Name, LabDataKey.Parse(text).Version));

    [Theory]
    [InlineData("../a")]
    [InlineData("a/../../b")]
    [InlineData("a/..")]
    [InlineData("/a")]
    [InlineData("a//b")]
    [InlineData("a/./b")]
    [InlineData("")]
    [InlineData("a\0b")]
    public void Refuses_what_could_leave_the_folder(string text) =>
        Assert.Equal(ExitCode.DataError, Assert.Throws<EntrypointException>(() => LabDataKey.Parse(text)).Code);

    [Theory]
    [InlineData("attachment; filename=\"news.csv\"; creation-date=\"x\"; modification-date=\"y\"; size=5", 5L)]
    [InlineData("attachment; filename=\"a; size=3\"; size=12", 12L)]
    [InlineData("attachment; filename=\"size=3\"", null)]
    [InlineData("attachment; filename=\"a; size=3\"", null)]
    [InlineData("attachment", null)]
    public void The_size_of_a_download_is_the_last_parameter(string disposition, long? size) => Assert.Equal(size, JavaLab.SizeIn(disposition));

    [Theory]
    [InlineData("churn", "churn")]
    [InlineData("Lab_User 7", "lab-user-7")]
    [InlineData("../x", "---x")]
    public void A_projects_folder_is_a_plain_name(string project, string folder) => Assert.Equal(folder, JavaLab.ProjectFolder(project));

    [Theory]
    [InlineData("p", "a/b.csv", "x1", "p/a/b.csv.x1")]
    [InlineData("p", "a", "", "p/a")]
    [InlineData("p", "a", "../x", null)]
    [InlineData("..", "a", "1", null)]
    [InlineData("p/q", "a", "1", null)]
    public void A_copy_of_the_second_generation_stays_in_its_folder(string project, string key, string version, string? path) =>
        Assert.Equal(path, Contaxy.CopyPath(project, key, version));
}
