using Entrypoint.Output;

namespace Entrypoint.Tests.Output;

public sealed class SafeAddressTests
{
    [Theory]
    [InlineData("git+https://alice:pw@h.invalid/x.git@v1#subdirectory=a", "git+https://alice:****@h.invalid/x.git@v1#subdirectory=a")]
    [InlineData("\"git+https://alice:pw@h.invalid/x.git\"", "\"git+https://alice:****@h.invalid/x.git\"")]
    [InlineData(" git+https://alice:pw@h.invalid/x.git", " git+https://alice:****@h.invalid/x.git")]
    [InlineData("git://alice:pw@h.invalid/x.git", "git://alice:****@h.invalid/x.git")]
    [InlineData("s3://AKIA:pw@bucket/x.zip", "s3://AKIA:****@bucket/x.zip")]
    [InlineData("alice:pw@h.invalid:x/y.git", "alice:****@h.invalid:x/y.git")]
    [InlineData("https:/alice:pw@h.invalid/x", "https:/****@h.invalid/x")]
    [InlineData("https//alice:pw@h.invalid/x", "https//****@h.invalid/x")]
    [InlineData("https://alice:p/w@h.invalid/x", "https://alice:****@h.invalid/x")]
    [InlineData("https://alice:p#w@h.invalid/x", "https://alice:****@h.invalid/x")]
    [InlineData("https://alice:p w@h.invalid/x", "https://alice:****@h.invalid/x")]
    [InlineData("https://alice:12/34@h.invalid/x", "https://alice:****@h.invalid/x")]
    [InlineData("https://tok/en@h.invalid/x", "https://****@h.invalid/x")]
    [InlineData("https://alice:p@s/w@h.invalid/x", "https://alice:****@h.invalid/x")]
    [InlineData("https://alice:pw", "https://alice:****")]
    [InlineData("https://${TOKEN}@host/x", "https://${TOKEN}@host/x")]
    [InlineData("https://host/x?sig=1&b=2#egg=c", "https://host/x?****#egg=c")]
    [InlineData("host/x?sig=1", "host/x?****")]
    [InlineData("git@github.com:you/repo.git", "git@github.com:you/repo.git")]
    [InlineData("git+git@host:path@v1", "git+git@host:path@v1")]
    [InlineData("ghp_0123456789abcdef@github.com/you/repo", "****@github.com/you/repo")]
    [InlineData("ssh://ghp_0123456789abcdef@github.com/you/repo", "ssh://****@github.com/you/repo")]
    [InlineData("bzr+lp:~me/project/trunk@5", "bzr+lp:~me/project/trunk@5")]
    [InlineData("git+file:///srv/r.git@v1", "git+file:///srv/r.git@v1")]
    [InlineData("datasets/train.zip.v2", "datasets/train.zip.v2")]
    [InlineData("./job", "./job")]
    public void Shows_what_is_no_secret_by_its_place(string reference, string shown) => Assert.Equal(shown, SafeAddress.Of(reference).ToString());

    [Fact]
    public void Is_one_line() => Assert.Equal("a\uFFFDb", SafeAddress.Of("a\nb").ToString());

    [Fact]
    public void A_path_that_is_there_is_shown_as_it_is() => Assert.Equal("a:b@c", SafeAddress.OfPath("a:b@c").ToString());
}
