using Entrypoint.Failures;
using Entrypoint.Sources;

namespace Entrypoint.Tests.Sources;

public sealed class ReferenceFragmentTests
{
    private const string Digest = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    [Theory]
    [InlineData(null, null)]
    [InlineData("", null)]
    [InlineData("egg=name", null)]
    [InlineData("subdirectory=a/b", "a/b")]
    [InlineData("egg=x&subdirectory=a", "a")]
    [InlineData("subdirectory=a&egg=x", "a")]
    [InlineData("subdirectory=a&subdirectory=b", "a")]
    [InlineData("subdirectory=//a//b/", "a/b")]
    [InlineData("subdirectory=./a/../b/c.py", "b/c.py")]
    [InlineData("subdirectory=a/..", null)]
    [InlineData("subdirectory=", null)]
    [InlineData("subdirectory=a%20b", "a%20b")]
    [InlineData("subdirectory=a=b", "a=b")]
    public void Names_a_part(string? text, string? subdirectory) => Assert.Equal(new ReferenceFragment(subdirectory, null), Parse(text));

    [Theory]
    [InlineData("sha256", 64)]
    [InlineData("sha384", 96)]
    [InlineData("sha512", 128)]
    public void Names_a_digest(string algorithm, int digits)
    {
        var fragment = Parse($"{algorithm}={new string('A', digits)}&subdirectory=b");

        Assert.Equal(new ReferenceFragment("b", new FileDigest(algorithm, new string('a', digits))), fragment);
    }

    [Theory]
    [InlineData("subdiretory=train", "subdirectory=")]
    [InlineData("subdir=train", "subdirectory=")]
    [InlineData("Subdirectory=train", "subdirectory=")]
    [InlineData("sub_directory=train", "subdirectory=")]
    [InlineData("subdirectory", "subdirectory=")]
    [InlineData("eg=x", "egg=")]
    [InlineData("sha265=00", "sha256=")]
    [InlineData("main:train", "@branch#subdirectory=folder")]
    [InlineData("train", "subdirectory=")]
    [InlineData("egg=x&branch=main", "subdirectory=")]
    [InlineData("md5=d41d8cd98f00b204e9800998ecf8427e", "sha256=")]
    [InlineData("sha256=abc", "64 hexadecimal digits")]
    [InlineData("sha256=" + Digest + "0", "64 hexadecimal digits")]
    [InlineData("subdirectory=../x", "leaves the tree")]
    [InlineData("subdirectory=a/../../x", "leaves the tree")]
    public void Refuses_what_means_nothing_and_names_what_was_meant(string text, string hint) =>
        Assert.Contains(hint, Assert.Throws<EntrypointException>(() => Parse(text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("ssw0rd@host/repository.git")]
    [InlineData("ssw0rd:train")]
    [InlineData("ssw0rd=x")]
    [InlineData("ssw0rd")]
    public void Never_shows_what_may_be_the_rest_of_a_password(string text) =>
        Assert.DoesNotContain("ssw0rd", Assert.Throws<EntrypointException>(() => Parse(text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("datasets/job.zip#subdirectory=a", "datasets/job.zip", "a")]
    [InlineData("datasets/job#1.zip", "datasets/job#1.zip", null)]
    [InlineData("datasets/job#run=1", "datasets/job#run=1", null)]
    [InlineData("datasets/job", "datasets/job", null)]
    public void Is_split_off_where_it_is_meant(string text, string before, string? subdirectory) =>
        Assert.Equal((before, new ReferenceFragment(subdirectory, null)), ReferenceFragment.SplitIfMeant(text, Malformed));

    [Theory]
    [InlineData("datasets/job#sha256=1")]
    [InlineData("datasets/job#subdir=1")]
    public void Is_refused_where_it_is_meant_and_malformed(string text) =>
        Assert.Throws<EntrypointException>(() => ReferenceFragment.SplitIfMeant(text, Malformed));

    private static ReferenceFragment Parse(string? text) => ReferenceFragment.Parse(text, Malformed);

    private static EntrypointException Malformed(string problem) => new(ExitCode.DataError, problem);
}
