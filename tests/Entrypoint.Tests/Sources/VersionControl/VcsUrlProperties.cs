using Entrypoint.Failures;
using Entrypoint.Output;
using Entrypoint.Sources.VersionControl;
using FsCheck;
using FsCheck.Fluent;

namespace Entrypoint.Tests.Sources.VersionControl;

public sealed class VcsUrlProperties
{
    private const string Secret = "S3CR3T";

    private static readonly string[] Starts =
    [
        "git+https://", "git+http://", "git+ssh://", "git+file://", "git+git@", "git+", "hg+https://", "svn+svn://", "svn+ssh://", "bzr+lp:", "bzr+sftp://", "hg+ssh://", "GIT+HTTPS://",
    ];

    private static readonly string[] Pieces =
    [
        "@", "/", "#", "?", "&", ":", "-", "..", ".", "+", "%40", "%23", "%2F", "%2D", "%", "%0A", "[", "]", "//", "://", "host", "r.git", "v1",
        "subdirectory=", "egg=", " ", "\\", "ä", "\uD800", "\n", "\0", "8080",
    ];

    private static Gen<string> Text(Gen<string> piece) =>
        from start in Gen.Elements(Starts)
        from pieces in Gen.ListOf(piece)
        select start + string.Concat(pieces);

    [Fact]
    public void Any_text_gives_a_value_or_a_clean_error()
    {
        var anything = ArbMap.Default.GeneratorFor<string>().Select(text => text ?? "");
        var texts = Gen.OneOf(Text(Gen.Elements(Pieces)), Text(Gen.OneOf(Gen.Elements(Pieces), anything)));

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(3000), Prop.ForAll(texts.ToArbitrary(), text =>
        {
            try
            {
                var url = VcsUrl.Parse(SafeAddress.Of(text), text);
                return url.Address.Reveal().Length > 0
                    && url.Revision is not ['-', ..] and not ""
                    && url.Subdirectory is not ['-', ..] and not ['/', ..] and not ""
                    && url.Subdirectory?.Split('/').Contains("..") != true
                    && !url.Host.StartsWith('-')
                    && !url.Address.Reveal().Any(char.IsControl);
            }
            catch (EntrypointException exception)
            {
                return exception.Code == ExitCode.DataError && !exception.Message.Any(char.IsControl);
            }
        }));
    }

    [Fact]
    public void Nothing_that_is_shown_holds_the_password_whatever_surrounds_it()
    {
        // A secret in the user information, with all kinds of things around it.
        var texts =
            from start in Gen.Elements("git+https://", "git+http://", "hg+https://", "svn+https://", "svn+svn://", "bzr+https://")
            from user in Gen.Elements("me:", "", "me%40corp:", "a@b:", ":")
            let isToken = user.Length == 0
            from before in Gen.Elements<string>(isToken ? ["", "x", "%40", "%2F", "%"] : ["", "x", "%40", "%2F", ":", "%", "/", "#", "?"])
            from after in Gen.Elements<string>(isToken ? ["", "x", "%40", "%2F", "%"] : ["", "x", "%40", "%2F", ":", "%", "/", "#", "?"])
            from host in Gen.Elements("host", "host:8080", "-host", "", "host:x", "[::1]")
            from rest in Gen.Elements("/r.git", "/r.git@v1", "/r.git@", "/r@-x", "", "/r#subdirectory=..", "/r@v1#subdirectory=a", "/a@b/r")
            select $"{start}{user}{before}{Secret}{after}@{host}{rest}";

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(5000), Prop.ForAll(texts.ToArbitrary(), text =>
        {
            try
            {
                var url = VcsUrl.Parse(SafeAddress.Of(text), text);

                // A bare slash or hash ends the host, as in pip; then what follows is no password any more.
                var isPassword = $"{url.UserName?.Reveal()}{url.Password?.Reveal()}".Contains(Secret, StringComparison.Ordinal);
                return !isPassword || !$"{url} {url.Repository} {url.Address.Reveal()}".Contains(Secret, StringComparison.Ordinal);
            }
            catch (EntrypointException exception)
            {
                return !exception.Message.Contains(Secret, StringComparison.Ordinal);
            }
        }));
    }
}
