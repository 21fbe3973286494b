using System.Text;
using Entrypoint.Failures;
using Entrypoint.Preparation.Projects;

namespace Entrypoint.Tests.Preparation.Projects;

/// <summary>Blocks as pip 26.2 finds them, but for a mark of the byte order, behind which it finds none.</summary>
public sealed class ScriptBlockTests
{
    private const string Block = "# /// script\n# dependencies = [\"alpha\"]\n# ///\n";

    [Theory]
    [InlineData(Block)]
    [InlineData("#!/usr/bin/env python3\n# A comment.\n\n" + Block + "print()\n")]
    [InlineData("# /// script\r\n# dependencies = [\"alpha\"]\r\n# ///\r\nprint()\r\n")]
    [InlineData("# /// script\n# dependencies = [\"alpha\"]\n# ///")]
    [InlineData("# /// script\n#\n# dependencies = [\n#   \"alpha\",\n# ]\n#\n# ///\n")]
    [InlineData("text = '''\n" + Block + "'''\n")]
    [InlineData("\uFEFF" + Block)]
    [InlineData("# /// other\n# anything = [\n# ///\n\n" + Block)]
    [InlineData("# /// script\n# dependencies = [\"alpha\"]\n# ///\n#no space\n# ///\n")]
    public void Are_found(string script) => Assert.Equal(["alpha"], Read(script)!.Dependencies.Select(dependency => dependency.Name));

    [Fact]
    public void Are_found_after_many_lines() => Assert.NotNull(Read(new StringBuilder().Insert(0, "x = 1\n", 5000) + Block));

    [Theory]
    [InlineData("")]
    [InlineData("print()\n")]
    [InlineData("# /// script\n# dependencies = [\"alpha\"]\n")]
    [InlineData("# /// script\n# dependencies = [\"alpha\"]\n\n# ///\n")]
    [InlineData("# /// pyproject\n# dependencies = [\"alpha\"]\n# ///\n")]
    [InlineData("# /// script\n#\tdependencies = [\"alpha\"]\n# ///\n")]
    [InlineData("# /// script \n# dependencies = [\"alpha\"]\n# ///\n")]
    [InlineData("# /// script\n# dependencies = [\"alpha\"]\n# /// \n")]
    [InlineData("  # /// script\n  # dependencies = [\"alpha\"]\n  # ///\n")]
    [InlineData("# /// script\n# ///\n")]
    [InlineData("#/// script\n# dependencies = [\"alpha\"]\n#///\n")]
    public void Are_none_where_the_specification_finds_none(string script) => Assert.Null(Read(script));

    [Fact]
    public void Are_none_in_what_is_no_text() => Assert.Null(ScriptBlock.Read([0, .. Encoding.UTF8.GetBytes("\n" + Block)], "train.py"));

    [Theory]
    [InlineData(Block + "\n" + Block, "two \"script\" blocks (lines 1 and 5)")]
    [InlineData("# /// script\n# dependencies = [\n# ///\n", "line ")]
    [InlineData("# /// script\n# dependencies = [\"alpha\"]\n# ///\n# more\n# ///\n", "line ")]
    [InlineData("# /// script\n# dependencies = \"alpha\"\n# ///\n", "dependencies is not an array of texts")]
    [InlineData("# /// script\n# dependencies = [1]\n# ///\n", "dependencies is not an array of texts")]
    [InlineData("# /// script\n# dependencies = [\"-r other.txt\"]\n# ///\n", "'-r other.txt' is no dependency")]
    [InlineData("# /// script\n# requires-python = \"3.x\"\n# ///\n", "requires-python is not a version specifier")]
    public void Are_refused_with_78_and_the_reason(string script, string reason)
    {
        var failure = Assert.Throws<EntrypointException>(() => Read(script));

        Assert.Equal(ExitCode.PreparationFailed, failure.Code);
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
        Assert.Contains("train.py", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Are_refused_in_a_script_of_another_encoding()
    {
        var failure = Assert.Throws<EntrypointException>(() => ScriptBlock.Read([.. Encoding.UTF8.GetBytes(Block), 0xE4, (byte)'\n'], "train.py"));

        Assert.Contains("not written in UTF-8", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Say_which_Python_and_whose_indexes()
    {
        var block = Read("# /// script\n# requires-python = \">=3.12\"\n# [[tool.uv.index]]\n# url = \"https://x/\"\n# ///\n")!;

        Assert.Equal(">=3.12", block.Python!.Text);
        Assert.True(block.NamesIndexes);
        Assert.Empty(block.Dependencies);
    }

    [Fact]
    public void Are_looked_for_in_one_pass()
    {
        // Were each beginning followed to the end of the comments, this would take hours.
        Assert.Null(Read(new StringBuilder().Insert(0, "# /// script\n", 200_000).ToString()));
    }

    private static ScriptBlock? Read(string script) => ScriptBlock.Read(Encoding.UTF8.GetBytes(script), "train.py");
}
