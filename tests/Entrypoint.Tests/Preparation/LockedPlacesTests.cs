using Entrypoint.Preparation;

namespace Entrypoint.Tests.Preparation;

public sealed class LockedPlacesTests
{
    [Theory]
    [InlineData("wheels = [{ path = \"wheels/alpha-1.0-py3-none-any.whl\", hashes = { sha256 = \"0\" } }]", "wheels/alpha-1.0-py3-none-any.whl")]
    [InlineData("[packages.directory]\npath = 'lib'\neditable = false", "lib")]
    [InlineData("source = { editable = \".\" }\nsource = { virtual = \".\" }\nsource = { directory = \"../lib\" }", ".|../lib")]
    [InlineData("source = { registry = \"https://x/simple\" }\nfile-path = \"no\"", "")]
    public void Are_the_paths_in_a_lock(string text, string places) => Assert.Equal(places, string.Join('|', LockedPlaces.In(text)));
}
