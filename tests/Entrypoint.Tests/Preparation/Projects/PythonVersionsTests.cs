using Entrypoint.Preparation.Projects;

namespace Entrypoint.Tests.Preparation.Projects;

/// <summary>What fits is what Python's own <c>packaging</c> (as in pip 26.2) says of the same specifiers and Pythons.</summary>
public sealed class PythonVersionsTests
{
    private const string All = "3.6.0 3.8.18 3.9.0 3.10.14 3.11.7 3.12.0 3.13.1 3.15.1";
    private const string From39 = "3.9.0 3.10.14 3.11.7 3.12.0 3.13.1 3.15.1";
    private const string Above39 = "3.10.14 3.11.7 3.12.0 3.13.1 3.15.1";
    private const string Not39 = "3.6.0 3.8.18 3.10.14 3.11.7 3.12.0 3.13.1 3.15.1";

    [Theory]
    [InlineData(">=3.9", From39)]
    [InlineData(">3.9", Above39)]
    [InlineData("<3.9", "3.6.0 3.8.18")]
    [InlineData("<=3.9", "3.6.0 3.8.18 3.9.0")]
    [InlineData("==3.9", "3.9.0")]
    [InlineData("!=3.9", Not39)]
    [InlineData("~=3.9", From39)]
    [InlineData("===3.9.0", "3.9.0")]
    [InlineData(">=3.9.0", From39)]
    [InlineData(">3.9.0", Above39)]
    [InlineData("<=3.9.0", "3.6.0 3.8.18 3.9.0")]
    [InlineData("==3.9.0", "3.9.0")]
    [InlineData("!=3.9.0", Not39)]
    [InlineData("~=3.9.0", "3.9.0")]
    [InlineData("===3.9", "")]
    [InlineData("==3.*", All)]
    [InlineData("!=3.*", "")]
    [InlineData("==3.9.*", "3.9.0")]
    [InlineData("!=3.9.*", Not39)]
    [InlineData("~=3.8.1", "3.8.18")]
    [InlineData("~=3.0", All)]
    [InlineData(">=3.10,<3.13", "3.10.14 3.11.7 3.12.0")]
    [InlineData(">=3.8,!=3.9.*,!=3.10.14", "3.8.18 3.11.7 3.12.0 3.13.1 3.15.1")]
    [InlineData(">=3.13.0a1", "3.13.1 3.15.1")]
    [InlineData(">3.9.0rc1", From39)]
    [InlineData("<3.9.0rc1", "3.6.0 3.8.18")]
    [InlineData("<=3.12.0rc2", "3.6.0 3.8.18 3.9.0 3.10.14 3.11.7")]
    [InlineData("==3.9.0rc1", "")]
    [InlineData("!=3.9.0rc1", All)]
    [InlineData(">=3.9.0.dev1", From39)]
    [InlineData(">3.9.0.post1", Above39)]
    [InlineData("<3.9.0.post1", "3.6.0 3.8.18 3.9.0")]
    [InlineData(">=3", All)]
    [InlineData(">=3.11.7", "3.11.7 3.12.0 3.13.1 3.15.1")]
    [InlineData(">3.11.7", "3.12.0 3.13.1 3.15.1")]
    [InlineData("<4", All)]
    [InlineData("<4.0a0", All)]
    [InlineData(">=1!3.9", "")]
    [InlineData("<1!0", All)]
    [InlineData("==v3.9", "3.9.0")]
    [InlineData(">= 3.9", From39)]
    [InlineData("  >=3.9 , <3.12 ", "3.9.0 3.10.14 3.11.7")]
    [InlineData("", All)]
    [InlineData(">=3.9,", From39)]
    [InlineData(",", All)]
    [InlineData(">=3.9.0-1", Above39)]
    [InlineData("~=3.9rc1", From39)]
    [InlineData("==3.9.0+local", "")]
    [InlineData("!=3.9.0+local", All)]
    [InlineData(">=03.09", From39)]
    [InlineData("==3.09.*", "3.9.0")]
    [InlineData(">=3.9.0.0.0", From39)]
    [InlineData("~=3.9.0.0", "3.9.0")]
    [InlineData("==3.9.0.*", "3.9.0")]
    [InlineData(">3", All)]
    [InlineData(">3.15", "3.15.1")]
    [InlineData("<3", "")]
    [InlineData(">=2.7,!=3.0.*,!=3.1.*,!=3.2.*,!=3.3.*,!=3.4.*", All)]
    [InlineData("===3.11.7", "3.11.7")]
    [InlineData("==3.11.7.0", "3.11.7")]
    [InlineData(">=3.9-alpha", From39)]
    [InlineData(">=3.9_rc.1", From39)]
    [InlineData("==3.9.0.post.1", "")]
    public void Fit_the_Pythons_that_packaging_says(string specifiers, string pythons)
    {
        var versions = PythonVersions.Read(specifiers)!;

        Assert.Equal(pythons, string.Join(' ', All.Split(' ').Where(versions.Contain)));
    }

    [Theory]
    [InlineData("3.9")]
    [InlineData("^3.8")]
    [InlineData(">=3.x")]
    [InlineData(">=3.*")]
    [InlineData("<3.9.*")]
    [InlineData("~=3")]
    [InlineData("~=3.*")]
    [InlineData(">=")]
    [InlineData("=>3.9")]
    [InlineData("=3.9")]
    [InlineData(">=3.9+local")]
    [InlineData(">3.9;<4")]
    [InlineData(">=3.9 <4")]
    [InlineData("latest")]
    [InlineData("==3.*.1")]
    [InlineData("!=3.9.dev1.*")]
    [InlineData("==3.9rc1.*")]
    [InlineData("==3.9+l.*")]
    [InlineData(">=3.99999999999999999999999999")]
    public void Are_none_where_packaging_says_so(string specifiers) => Assert.Null(PythonVersions.Read(specifiers));

    [Theory]
    [InlineData("3.14.0rc1", true)]
    [InlineData("3.12.1+", true)]
    [InlineData("3.11.9", false)]
    [InlineData("no version", false)]
    public void Look_at_the_three_numbers_of_a_Python(string version, bool fits) => Assert.Equal(fits, PythonVersions.Read(">=3.12")!.Contain(version));
}
