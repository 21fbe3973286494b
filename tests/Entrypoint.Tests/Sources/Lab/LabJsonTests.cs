using Entrypoint.Sources.Lab;

namespace Entrypoint.Tests.Sources.Lab;

public sealed class LabJsonTests
{
    [Theory]
    [InlineData("""{"a": "x"}""", "x")]
    [InlineData("""{"a": 7}""", "7")]
    [InlineData("""{"b": {"a": 1}, "a": "x", "c": [[{}]], "d": 1e999}""", "x")]
    [InlineData("\uFEFF{\"a\": \"x\"}", "x")]
    [InlineData("""{"a": true}""", null)]
    [InlineData("""{"a": null}""", null)]
    [InlineData("""{"a": {"b": 1}}""", null)]
    [InlineData("""{"a": "\ud800"}""", null)]
    [InlineData("[1]", null)]
    [InlineData("<html>", null)]
    [InlineData("", null)]
    public void Reads_a_text_whatever_stands_beside_it(string json, string? text) => Assert.Equal(text, LabJson.Parse(json)["a"].Text);

    [Theory]
    [InlineData("5", 5L)]
    [InlineData("\"5\"", 5L)]
    [InlineData("5.0", 5L)]
    [InlineData("1e3", 1000L)]
    [InlineData("5.5", null)]
    [InlineData("1e300", null)]
    [InlineData("true", null)]
    [InlineData("\"x\"", null)]
    public void Reads_a_whole_number_in_any_form(string json, long? number) => Assert.Equal(number, LabJson.Parse($"{{\"a\": {json}}}")["a"].Number);

    [Fact]
    public void What_is_not_there_has_nothing_in_it()
    {
        var nothing = LabJson.Parse("{}")["a"]["b"];

        Assert.False(nothing.IsThere);
        Assert.Empty(nothing.Elements);
    }

    [Fact]
    public void Deep_nesting_beside_it_is_no_trouble() =>
        Assert.Equal("x", LabJson.Parse($"{{\"deep\": {new string('[', 5000)}{new string(']', 5000)}, \"a\": \"x\"}}")["a"].Text);
}
