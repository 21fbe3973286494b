using Entrypoint.Failures;
using Entrypoint.Output;
using Entrypoint.Sources.VersionControl;

namespace Entrypoint.Tests.Sources.VersionControl;

public sealed class VcsUrlTests
{
    [Theory]
    // The whole form, and each of its parts left out.
    [InlineData("git+https://host/o/r.git@v1#subdirectory=a/b&egg=name", "git", "https://host/o/r.git", "v1", "a/b")]
    [InlineData("git+https://host/o/r.git", "git", "https://host/o/r.git", null, null)]
    [InlineData("git+https://host/o/r.git#egg=name", "git", "https://host/o/r.git", null, null)]
    [InlineData("git+https://host:8443/r.git@main", "git", "https://host:8443/r.git", "main", null)]
    [InlineData("git+https://[::1]:8443/r.git@main", "git", "https://[::1]:8443/r.git", "main", null)]
    // Schemes in any case.
    [InlineData("GIT+HTTPS://Host/R.git@V1", "git", "https://Host/R.git", "V1", null)]
    [InlineData("Hg+Http://host/r", "hg", "http://host/r", null, null)]
    // Each VCS with its schemes.
    [InlineData("git+http://host/r", "git", "http://host/r", null, null)]
    [InlineData("git+ssh://git@host/o/r.git@v1", "git", "ssh://git@host/o/r.git", "v1", null)]
    [InlineData("git+git://host/r", "git", "git://host/r", null, null)]
    [InlineData("git+file:///srv/r.git@v1", "git", "file:///srv/r.git", "v1", null)]
    [InlineData("git+file:/srv/r.git", "git", "file:///srv/r.git", null, null)]
    [InlineData("git+file://localhost/srv/r.git", "git", "file://localhost/srv/r.git", null, null)]
    [InlineData("hg+file:///srv/r@tip", "hg", "file:///srv/r", "tip", null)]
    [InlineData("hg+https://host/r", "hg", "https://host/r", null, null)]
    [InlineData("hg+ssh://me@host/r", "hg", "ssh://me@host/r", null, null)]
    [InlineData("hg+static-http://host/r", "hg", "static-http://host/r", null, null)]
    [InlineData("svn+ssh://me@host/svn/trunk@7", "svn", "svn+ssh://me@host/svn/trunk", "7", null)]
    [InlineData("svn+http://host/svn", "svn", "http://host/svn", null, null)]
    [InlineData("svn+https://host/svn", "svn", "https://host/svn", null, null)]
    [InlineData("svn+svn://host/svn", "svn", "svn://host/svn", null, null)]
    [InlineData("svn+file:///srv/svn/trunk@5", "svn", "file:///srv/svn/trunk", "5", null)]
    [InlineData("bzr+http://host/b", "bzr", "http://host/b", null, null)]
    [InlineData("bzr+https://host/b", "bzr", "https://host/b", null, null)]
    [InlineData("bzr+ssh://me@host/b@3", "bzr", "bzr+ssh://me@host/b", "3", null)]
    [InlineData("bzr+sftp://me@host/b", "bzr", "sftp://me@host/b", null, null)]
    [InlineData("bzr+ftp://host/b", "bzr", "ftp://host/b", null, null)]
    [InlineData("bzr+file:///srv/b", "bzr", "file:///srv/b", null, null)]
    [InlineData("bzr+lp:Name@3", "bzr", "lp:Name", "3", null)]
    [InlineData("bzr+lp://Name@3", "bzr", "lp://Name@3", null, null)]
    // The form of scp: a revision is found only behind a slash.
    [InlineData("git+git@host:o/r.git@v1", "git", "git@host:o/r.git", "v1", null)]
    [InlineData("git+git@host:/abs/r.git@v1#subdirectory=a", "git", "git@host:/abs/r.git", "v1", "a")]
    [InlineData("git+git@host:r.git@v1", "git", "git@host:r.git@v1", null, null)]
    // An @ elsewhere than in the path is no revision, and the last one in the path counts.
    [InlineData("git+https://host/a@b/r.git@v1", "git", "https://host/a@b/r.git", "v1", null)]
    [InlineData("git+https://host/r.git?x=a@b", "git", "https://host/r.git?x=a@b", null, null)]
    [InlineData("git+https://host/r.git@v1?x=1", "git", "https://host/r.git?x=1", "v1", null)]
    [InlineData("git+https://host/r.git#egg=a@b", "git", "https://host/r.git", null, null)]
    [InlineData("svn+file:///srv/trunk@5@9", "svn", "file:///srv/trunk@5", "9", null)]
    // The revision is decoded once; that of git+file twice, because its path is decoded first.
    [InlineData("git+https://host/r.git@feature%2Fx", "git", "https://host/r.git", "feature/x", null)]
    [InlineData("git+https://host/r.git@feature/x", "git", "https://host/r.git", "feature/x", null)]
    [InlineData("git+https://host/r.git@a%2540b", "git", "https://host/r.git", "a%40b", null)]
    [InlineData("git+https://host/a%40b.git", "git", "https://host/a%40b.git", null, null)]
    [InlineData("git+file:///srv/r%40v1", "git", "file:///srv/r", "v1", null)]
    [InlineData("git+file:///srv/r@a%252Fb", "git", "file:///srv/r", "a/b", null)]
    [InlineData("git+file:///srv/r%23x", "git", "file:///srv/r", null, null)]
    [InlineData("git+file:///srv/r%3Fx=1", "git", "file:///srv/r?x=1", null, null)]
    [InlineData("git+file:///my%20jobs/r.git", "git", "file:///my jobs/r.git", null, null)]
    [InlineData("hg+file:///my%20jobs/r", "hg", "file:///my%20jobs/r", null, null)]
    // The subdirectory: the first wins, in any order, undecoded, and its key is in lower case.
    [InlineData("git+https://host/r#egg=x&subdirectory=a", "git", "https://host/r", null, "a")]
    [InlineData("git+https://host/r#subdirectory=a&subdirectory=b", "git", "https://host/r", null, "a")]
    [InlineData("git+https://host/r#subdirectory=a%20b", "git", "https://host/r", null, "a%20b")]
    [InlineData("git+https://host/r#subdirectory=", "git", "https://host/r", null, null)]
    [InlineData("git+https://host/r?x=1&subdirectory=a", "git", "https://host/r?x=1&subdirectory=a", null, "a")]
    [InlineData("git+https://host/r#subdirectory=//a//b/", "git", "https://host/r", null, "a/b")]
    [InlineData("git+https://host/r#subdirectory=./a/../b/c.py", "git", "https://host/r", null, "b/c.py")]
    [InlineData("git+https://host/r#subdirectory=a/..", "git", "https://host/r", null, null)]
    // Without a path there is no revision.
    [InlineData("git+http://foo.com@ref#egg=foo", "git", "http://ref", null, null)]
    public void Is_taken_apart_as_pip_does(string text, string vcs, string address, string? revision, string? subdirectory)
    {
        var url = VcsUrl.Parse(SafeAddress.Of(text), text);

        Assert.Equal((vcs, address, revision, subdirectory), (url.Vcs, url.Address.Reveal(), url.Revision, url.Subdirectory));
    }

    [Theory]
    [InlineData("git+https://me:s3cret@host/r@v1", "https://host/r", "me", "s3cret", "https://me:****@host/r")]
    [InlineData("git+https://t0ken@host/r@v1", "https://host/r", "t0ken", null, "https://****@host/r")]
    [InlineData("git+https://me:@host/r", "https://host/r", "me", "", "https://me:****@host/r")]
    [InlineData("git+https://me:p%40ss%2Fw@host/r", "https://host/r", "me", "p@ss/w", "https://me:****@host/r")]
    [InlineData("git+https://me%40corp:p:w@host/r", "https://host/r", "me@corp", "p:w", "https://me%40corp:****@host/r")]
    [InlineData("git+https://me@corp:pw@host/r", "https://host/r", "me@corp", "pw", "https://me@corp:****@host/r")]
    [InlineData("git+http://foo.com@ref#egg=foo", "http://ref", "foo.com", null, "http://****@ref")]
    [InlineData("git+ssh://git@host/r", "ssh://git@host/r", "git", null, "ssh://git@host/r")]
    [InlineData("git+ssh://git:pw@host/r", "ssh://git@host/r", "git", "pw", "ssh://git:****@host/r")]
    [InlineData("hg+https://me:s3cret@host/r@v1", "https://host/r", "me", "s3cret", "https://me:****@host/r")]
    [InlineData("svn+https://me:s3%40cret@host/r@9", "https://host/r", "me", "s3@cret", "https://me:****@host/r")]
    [InlineData("svn+svn://me:@host/r", "svn://host/r", "me", "", "svn://me:****@host/r")]
    [InlineData("svn+ssh://me@host/r", "svn+ssh://me@host/r", "me", null, "svn+ssh://me@host/r")]
    [InlineData("bzr+https://me:s3cret@host/r", "https://host/r", "me", "s3cret", "https://me:****@host/r")]
    public void Keeps_user_and_password_apart_from_the_address(string text, string address, string user, string? password, string shown)
    {
        var url = VcsUrl.Parse(SafeAddress.Of(text), text);

        Assert.Equal((address, user, password), (url.Address.Reveal(), url.UserName?.Reveal(), url.Password?.Reveal()));
        Assert.Equal(shown, url.Repository.ToString());
    }

    [Theory]
    [InlineData("git+https://host/r@", "empty revision")]
    [InlineData("git+https://host/r#Subdirectory=a", "subdirectory=")]
    [InlineData("git+https://host/r#subdiretory=a", "subdirectory=")]
    [InlineData("git+https://host/r#main:train", "@branch#subdirectory=folder")]
    [InlineData("git+https://host/r#sha256=e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "name a commit")]
    [InlineData("git+https://host/r#subdirectory=a/train.ipynb", "jupyter nbconvert --to script 'train.ipynb'")]
    [InlineData("git+https://host/r@?x=1", "empty revision")]
    [InlineData("git+ftp://host/r", "git+ftp")]
    [InlineData("git+ext::sh -c true", "git+ext")]
    [InlineData("git+svn://host/r", "git+svn")]
    [InlineData("hg+git://host/r", "hg+git")]
    [InlineData("svn+git://host/r", "svn+git")]
    [InlineData("bzr+bzr://host/r", "bzr+bzr")]
    [InlineData("git+host/r", "form")]
    [InlineData("git+", "form")]
    [InlineData("git+/srv/r.git", "form")]
    [InlineData("git+https:///r", "no host")]
    [InlineData("git+https:/host/r", "no host")]
    [InlineData("git+ssh://git@/r", "no host")]
    [InlineData("git+file://host/r", "file URL")]
    [InlineData("git+ssh://git@host:owner/r.git", "port")]
    // What a program would take for an option.
    [InlineData("git+https://host/r@-x", "hyphen")]
    [InlineData("git+https://host/r@--detach", "hyphen")]
    [InlineData("git+https://host/r@%2D%2Ddetach", "hyphen")]
    [InlineData("git+file:///srv/r@%252Dx", "hyphen")]
    [InlineData("hg+https://host/r@--config=alias.update=!touch /tmp/x", "hyphen")]
    [InlineData("svn+https://host/r@-1", "hyphen")]
    [InlineData("bzr+https://host/r@-1", "hyphen")]
    [InlineData("git+ssh://-oProxyCommand=x/r", "hyphen")]
    [InlineData("git+ssh://%2DoProxyCommand=x/r", "hyphen")]
    [InlineData("git+ssh://git@-oProxyCommand=x/r", "hyphen")]
    [InlineData("git+ssh://-oProxyCommand=x@host/r", "hyphen")]
    [InlineData("hg+ssh://-oProxyCommand=x/r", "hyphen")]
    [InlineData("git+git@-oProxyCommand=x:r", "hyphen")]
    [InlineData("git+git@host:-x/r", "hyphen")]
    [InlineData("git+https://host/-x", "hyphen")]
    [InlineData("bzr+lp:-x", "hyphen")]
    [InlineData("git+https://host/r#subdirectory=-x", "hyphen")]
    // What leaves the tree.
    [InlineData("git+https://host/r#subdirectory=..", "leaves")]
    [InlineData("git+https://host/r#subdirectory=../x", "leaves")]
    [InlineData("git+https://host/r#subdirectory=a/../../x", "leaves")]
    [InlineData("git+https://host/r#subdirectory=/../x", "leaves")]
    // What could begin another line somewhere.
    [InlineData("git+https://host/r\n[remote]", "control")]
    [InlineData("git+https://host/r\0", "control")]
    [InlineData("git+https://host/r@a%0Ab", "control")]
    [InlineData("git+https://me%0Ahost=x:pw@host/r", "control")]
    public void Refuses_what_is_malformed_or_unsafe(string text, string reason)
    {
        var failure = Assert.Throws<EntrypointException>(() => VcsUrl.Parse(SafeAddress.Of(text), text));

        Assert.Equal(ExitCode.DataError, failure.Code);
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(failure.Message, char.IsControl);
    }

    [Theory]
    [InlineData("git+https://me:s3cret@host/r@")]
    [InlineData("git+https://s3cret@host/r@-x")]
    [InlineData("git+https://me:s3/cret@host/r")]
    [InlineData("git+https://me:s3#cret@host/r")]
    [InlineData("git+https://me:cret?s3cret@host/r")]
    [InlineData("git+gopher://me:s3cret@host/r")]
    [InlineData("git+https://me:s3cret@@host:x/r")]
    [InlineData("git+me:s3cret@host/r")]
    public void Shows_no_secret_when_it_refuses(string text)
    {
        var failure = Assert.Throws<EntrypointException>(() => VcsUrl.Parse(SafeAddress.Of(text), text));

        Assert.DoesNotContain("cret", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Shows_what_was_given_and_not_what_a_variable_held()
    {
        var failure = Assert.Throws<EntrypointException>(() => VcsUrl.Parse(SafeAddress.Of("git+https://${TOKEN}@host/r@"), "git+https://s3cret@host/r@"));

        Assert.DoesNotContain("s3cret", failure.Message, StringComparison.Ordinal);
        Assert.Contains("host/r@", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("git+x", true)]
    [InlineData("HG+x", true)]
    [InlineData("svn+", true)]
    [InlineData("bzr+lp:x", true)]
    [InlineData("gitx+x", false)]
    [InlineData("https://host/git+x", false)]
    [InlineData("+git", false)]
    [InlineData("", false)]
    public void Is_meant_where_the_name_of_a_vcs_and_a_plus_come_first(string text, bool meant) => Assert.Equal(meant, VcsUrl.IsMeant(text));
}
