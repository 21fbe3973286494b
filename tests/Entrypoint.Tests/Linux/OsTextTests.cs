using Entrypoint.Linux;

namespace Entrypoint.Tests.Linux;

public sealed class OsTextTests
{
    [Theory]
    [InlineData("")]
    [InlineData("61")]
    [InlineData("c3a4e282acf09f9880")]
    [InlineData("ff")]
    [InlineData("61ff62c3")]
    [InlineData("eda080")]
    [InlineData("f0808080")]
    [InlineData("c080fe80bf")]
    public void Bytes_come_back_as_they_were(string hex)
    {
        var bytes = Convert.FromHexString(hex);

        Assert.Equal(bytes, OsText.Encode(OsText.Decode(bytes)));
    }

    [Fact]
    public void Any_bytes_come_back_as_they_were()
    {
        var random = new Random(1);
        for (var round = 0; round < 2000; round++)
        {
            var bytes = new byte[random.Next(12)];
            random.NextBytes(bytes);
            Assert.Equal(bytes, OsText.Encode(OsText.Decode(bytes)));
        }
    }

    [Fact]
    public void Text_for_JSON_has_no_lone_surrogates() => Assert.Equal("a\uFFFD", OsText.ToUnicode(OsText.Decode([0x61, 0xFF])));
}
