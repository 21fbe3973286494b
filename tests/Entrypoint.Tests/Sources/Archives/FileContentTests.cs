using System.Text;
using Entrypoint.Sources.Archives;

namespace Entrypoint.Tests.Sources.Archives;

public sealed class FileContentTests
{
    [Theory]
    [InlineData("", FileNature.Empty, null)]
    [InlineData(" \r\n\t", FileNature.Empty, null)]
    [InlineData("\uFEFF\n", FileNature.Empty, null)]
    [InlineData("<!DOCTYPE html>\n<html><head><title> Sign in </title>", FileNature.Html, "Sign in")]
    [InlineData("\n  <HTML>", FileNature.Html, null)]
    [InlineData("<p>404</p>", FileNature.Html, null)]
    [InlineData("<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>", FileNature.Xml, "Access Denied")]
    [InlineData("<Error><Code>NoSuchKey</Code></Error>", FileNature.Xml, null)]
    [InlineData("{\"message\": \"Not Found\"}", FileNature.Json, "Not Found")]
    [InlineData("\uFEFF{\"errors\": [{\"detail\": \"no\"}]}\n", FileNature.Json, "no")]
    [InlineData("[]", FileNature.Json, null)]
    [InlineData("[print(x) for x in (1, 2)]", FileNature.Text, null)]
    [InlineData("{'a': 1}", FileNature.Text, null)]
    [InlineData("{\"a\": 1}\nprint(1)\n", FileNature.Text, null)]
    [InlineData("#!/usr/bin/env python3\n", FileNature.Text, null)]
    [InlineData("\"\"\"What it does.\"\"\"", FileNature.Text, null)]
    [InlineData("\u007fELF\0", FileNature.Binary, null)]
    public void Is_told_by_what_is_in_it(string text, object nature, string? words) =>
        Assert.Equal(((int)(FileNature)nature, words), Look(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void A_part_of_a_document_proves_nothing() => Assert.Equal(FileNature.Text, FileContent.Look("{\"a\": [1, 2"u8, isWhole: false).Nature);

    [Fact]
    public void Deep_nesting_is_no_trouble() =>
        Assert.Equal(((int)FileNature.Json, (string?)null), Look(Encoding.UTF8.GetBytes(new string('[', 100_000) + new string(']', 100_000))));

    private static (int Nature, string? Words) Look(byte[] bytes)
    {
        var (nature, words) = FileContent.Look(bytes, isWhole: true);
        return ((int)nature, words);
    }
}
