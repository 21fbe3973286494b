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
        Assert.Equal(new LocalPath(SafeAddress.OfPath(text), path, ReferenceFragment.None), Parse(text, paths: [path]));

    [Theory]
    [InlineData("job.zip#subdirectory=/train/", "/base/job.zip", "train")]
    [InlineData("a#b.zip#egg=x&subdirectory=train", "/base/a#b.zip", "train")]
    [InlineData("a#b.zip", "/base/a#b.zip", null)]
    public void A_path_may_have_a_fragment_behind_it(string text, string path, string? subdirectory)
    {
        var local = Assert.IsType<LocalPath>(Parse(text, paths: [path]));

        Assert.Equal((path, new ReferenceFragment(subdirectory, null)), (local.Path, local.Fragment));
    }

    [Theory]
    [InlineData("job.zip#subdir=train")]
    [InlineData("https://host/job.zip#subdir=train")]
    [InlineData("https://host/job.zip#main:train")]
    [InlineData("https://host/job.zip#subdirectory=../..")]
    [InlineData("https://host/job.zip#sha256=00")]
    [InlineData("git+https://host/r#subdir=train")]
    public void A_fragment_that_means_nothing_is_malformed(string text) =>
        Assert.Equal(ExitCode.DataError, Assert.Throws<EntrypointException>(() => Parse(text, paths: ["/base/job.zip"])).Code);

    [Theory]
    [InlineData("https://host/a/train.ipynb?x=1")]
    [InlineData("https://host/a/tr%61in.ipynb")]
    [InlineData("https://host/a.zip#subdirectory=train.ipynb")]
    [InlineData("git+https://host/r#subdirectory=train.ipynb")]
    [InlineData("datasets/train.ipynb.v3")]
    [InlineData("datasets/train.IPYNB")]
    public void A_notebook_is_answered_with_the_way_to_make_a_script_of_it(string text)
    {
        var failure = Failure(text, lab: true);

        Assert.Equal(ExitCode.DataError, failure.Code);
        Assert.Contains("jupyter nbconvert --to script 'train.", failure.Message, StringComparison.Ordinal);
    }

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
        Assert.Equal("a/b", address.Fragment.Subdirectory);
    }

    [Fact]
    public void What_is_nothing_else_is_a_Lab_key_where_there_is_a_Lab() =>
        Assert.Equal(new LabKey(SafeAddress.Of("datasets/a b.zip.v2"), "datasets/a b.zip.v2", ReferenceFragment.None), Parse("datasets/a b.zip.v2", lab: true));

    [Fact]
    public void A_Lab_key_may_have_a_fragment_and_a_number_sign_of_its_own()
    {
        Assert.Equal(new ReferenceFragment("train", null), Assert.IsType<LabKey>(Parse("a#b.zip#subdirectory=train", lab: true)).Fragment);
        Assert.Equal("a#b.zip", Assert.IsType<LabKey>(Parse("a#b.zip", lab: true)).Key);
    }

    [Fact]
    public void What_is_nothing_else_is_a_Lab_key_where_its_copy_is_here() =>
        Assert.IsType<LabKey>(Parse("datasets/a.zip", copies: ["datasets/a.zip"]));

    [Theory]
    [InlineData("/missing")]
    [InlineData("./missing")]
    [InlineData("../missing")]
    [InlineData("~/missing")]
    public void A_missing_path_is_no_Lab_key(string text) => Assert.Equal(ExitCode.NoInput, Failure(text, lab: true).Code);

    [Theory]
    [InlineData("ftp://host/a.zip", "no known scheme")]
    [InlineData("s3://bucket/a.zip", "no known scheme")]
    [InlineData("htps://host/a.zip", "no known scheme")]
    [InlineData("gti+https://host/a.git", "no known scheme")]
    [InlineData("\"https://host/a.zip\"", "no known scheme")]
    [InlineData("a/b://c", "no known scheme")]
    public void An_unknown_scheme_is_malformed_and_never_a_Lab_key(string text, string word)
    {
        var failure = Failure(text, lab: true);

        Assert.Equal(ExitCode.DataError, failure.Code);
        Assert.Contains(word, failure.Message, StringComparison.Ordinal);
    }

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

    /// <summary>A token that was read from a file.</summary>
    [Theory]
    [InlineData("s3cret\n", "https://s3cret@host/repo.git")]
    [InlineData("s3cret\r\n", "https://s3cret@host/repo.git")]
    [InlineData("s3cret\n\n", "https://s3cret@host/repo.git")]
    public void A_line_break_behind_the_value_of_a_variable_is_no_part_of_it(string value, string address)
    {
        var secrets = new Secrets();
        var url = Assert.IsType<VcsUrl>(Parse("git+https://${LINES}@host/repo.git", secrets: secrets, lines: value));

        Assert.Equal(address, url.Repository.Reveal());
        Assert.Equal("a **** b", secrets.HideReference("a s3cret b"));
    }

    [Theory]
    [InlineData("s3c\nret")]
    [InlineData("\ns3cret")]
    [InlineData("\r\n")]
    public void A_line_break_elsewhere_is_an_error_that_names_the_variable(string value)
    {
        var failure = Assert.Throws<EntrypointException>(() => Parse("git+https://${LINES}@host/repo.git", lines: value));

        Assert.Equal(ExitCode.Usage, failure.Code);
        Assert.Contains("variable LINES holds", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3c", failure.Message, StringComparison.Ordinal);
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
        string text, string[]? paths = null, bool lab = false, string[]? copies = null, Secrets? secrets = null, string lines = "") =>
        CodeReferenceParser.Parse(text, new ReferenceContext(
            "/base",
            path => paths?.Contains(path) == true,
            ProcessEnvironment.From([new("TOKEN", "s3cret"), new("EMPTY", ""), new("LINES", lines)]),
            secrets ?? new Secrets(),
            lab,
            key => copies?.Contains(key) == true,
            name => name == "bash"));
}
