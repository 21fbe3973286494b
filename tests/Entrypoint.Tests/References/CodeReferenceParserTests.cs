using Entrypoint.Failures;
using Entrypoint.Output;
using Entrypoint.Processes;
using Entrypoint.References;
using Entrypoint.Sources;
using Entrypoint.Sources.VersionControl;

namespace Entrypoint.Tests.References;

public sealed class CodeReferenceParserTests
{
    [Theory]
    [InlineData("job", "/base/job")]
    [InlineData("./job/", "/base/job/")]
    [InlineData("/abs/job", "/abs/job")]
    [InlineData("..", "/")]
    public void A_path_that_is_there_is_a_path(string text, string path) =>
        Assert.Equal(new LocalPath(SafeAddress.OfPath(text), path), Parse(text, paths: [path]));

    [Fact]
    public void A_path_that_looks_like_a_URL_is_still_a_path() =>
        Assert.IsType<LocalPath>(Parse("git+local", paths: ["/base/git+local"]));

    [Fact]
    public void A_path_with_a_dollar_sign_needs_no_variable() =>
        Assert.IsType<LocalPath>(Parse("a${NOT_SET}b", paths: ["/base/a${NOT_SET}b"]));

    [Theory]
    [InlineData("git+https://host/repo.git@main#subdirectory=job")]
    [InlineData("GIT+HTTPS://host/repo.git")]
    [InlineData("hg+http://host/repo")]
    [InlineData("svn+svn://host/repo")]
    [InlineData("bzr+lp:project")]
    public void A_vcs_URL_is_one(string text) => Assert.IsType<VcsUrl>(Parse(text));

    [Fact]
    public void A_web_address_gives_its_fragment_apart()
    {
        var address = Assert.IsType<WebAddress>(Parse("https://me:pw@host/a.zip?x=1#subdirectory=/a/b&egg=c"));

        Assert.Equal("https://me:pw@host/a.zip?x=1", address.Address.Reveal());
        Assert.Equal("https://me:****@host/a.zip?****", address.Address.ToString());
        Assert.Equal("a/b", address.Subdirectory);
    }

    [Fact]
    public void What_is_nothing_else_is_a_Lab_key_where_there_is_a_Lab() =>
        Assert.Equal(new LabKey(SafeAddress.Of("datasets/a b.zip.v2"), "datasets/a b.zip.v2"), Parse("datasets/a b.zip.v2", lab: true));

    [Fact]
    public void What_is_nothing_else_is_a_Lab_key_where_its_copy_is_here() =>
        Assert.IsType<LabKey>(Parse("datasets/a.zip", copies: ["datasets/a.zip"]));

    [Theory]
    [InlineData("/missing")]
    [InlineData("./missing")]
    [InlineData("../missing")]
    [InlineData("~/missing")]
    public void A_missing_path_is_no_Lab_key(string text) => Assert.Equal(ExitCode.NoInput, Failure(text, lab: true).Code);

    [Fact]
    public void Says_what_was_tried_for_each_kind()
    {
        var failure = Failure("missing");

        Assert.Equal(ExitCode.NoInput, failure.Code);
        Assert.All(["/base/missing", "git+", "http://", "LAB_ENDPOINT"], word => Assert.Contains(word, failure.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("git@github.com:you/repo.git", "git+git@github.com:you/repo.git")]
    [InlineData("ssh://git@host/repo.git", "git+ssh://git@host/repo.git")]
    [InlineData("git://host/repo.git", "git+git://host/repo.git")]
    [InlineData("\"git+https://host/repo.git\"", "quotation marks")]
    [InlineData(" git+https://host/repo.git", "blanks")]
    public void Hints_at_the_VCS_form(string text, string hint) => Assert.Contains(hint, Failure(text).Message, StringComparison.Ordinal);

    [Fact]
    public void The_name_of_a_program_is_answered_with_the_way_to_run_it()
    {
        var failure = Failure("bash");

        Assert.Equal(ExitCode.NoInput, failure.Code);
        Assert.Contains("--entrypoint bash", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Variables_are_replaced_and_kept_secret()
    {
        var secrets = new Secrets();
        var url = Assert.IsType<VcsUrl>(Parse("git+https://${TOKEN}@host/repo.git", secrets: secrets));

        Assert.Contains("s3cret", url.Repository.Reveal(), StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", url.Repository.ToString(), StringComparison.Ordinal);
        Assert.Equal("git+https://${TOKEN}@host/repo.git", url.Given.ToString());
        Assert.Equal("a **** b", secrets.HideReference("a s3cret b"));
    }

    [Theory]
    [InlineData("git+https://${UNSET}@host/repo.git", "UNSET")]
    [InlineData("${EMPTY}", "EMPTY")]
    public void A_variable_that_is_not_set_or_empty_is_an_error(string text, string name)
    {
        var failure = Failure(text);

        Assert.Equal(ExitCode.Usage, failure.Code);
        Assert.Contains(name, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("$TOKEN")]
    [InlineData("${token}")]
    public void Only_the_form_of_requirements_files_is_a_variable(string text) => Assert.Equal(ExitCode.NoInput, Failure(text).Code);

    [Theory]
    [InlineData("http://")]
    [InlineData("https:///path")]
    [InlineData("http://ho st/")]
    [InlineData("nul\0character")]
    [InlineData("ftp://host/a.zip")]
    [InlineData("s3://bucket/a.zip")]
    [InlineData("htps://host/a.zip")]
    public void What_is_malformed_is_refused(string text) => Assert.Equal(ExitCode.DataError, Failure(text).Code);

    private static EntrypointException Failure(string text, bool lab = false) => Assert.Throws<EntrypointException>(() => Parse(text, lab: lab));

    private static CodeReference Parse(
        string text, string[]? paths = null, bool lab = false, string[]? copies = null, Secrets? secrets = null) =>
        CodeReferenceParser.Parse(text, new ReferenceContext(
            "/base",
            path => paths?.Contains(path) == true,
            ProcessEnvironment.From([new("TOKEN", "s3cret"), new("EMPTY", "")]),
            secrets ?? new Secrets(),
            lab,
            key => copies?.Contains(key) == true,
            name => name == "bash"));
}
