using Entrypoint.Failures;

namespace Entrypoint.Tests.Failures;

public sealed class PackagesTests
{
    [Theory]
    [InlineData("git", "install it (Debian: apt-get install git; RHEL: dnf install git; Alpine: apk add git)")]
    [InlineData("brz", "install it (Debian: apt-get install brz; RHEL: dnf install breezy; Alpine: apk add breezy)")]
    [InlineData("python3-pip", "install it (Debian: apt-get install python3-pip; RHEL: dnf install python3-pip; Alpine: apk add py3-pip)")]
    [InlineData("openssh-client", "install it (Debian: apt-get install openssh-client; RHEL: dnf install openssh-clients; Alpine: apk add openssh-client)")]
    public void Are_named_in_the_words_of_each_distribution(string package, string sentence) => Assert.Equal(sentence, Packages.Install(package));

    [Fact]
    public void Several_make_one_command() =>
        Assert.Equal("Debian: apt-get install git openssh-client; RHEL: dnf install git openssh-clients; Alpine: apk add git openssh-client", Packages.Named("git", "openssh-client"));
}
