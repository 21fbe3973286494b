using Entrypoint.Preparation;
using Entrypoint.Processes;

namespace Entrypoint.Tests.Preparation;

public sealed class RequirementsLinesTests
{
    private static readonly ProcessEnvironment Environment = ProcessEnvironment.Empty.With("VERSION", "2.0").With("EMPTY", "");

    private static RequirementsLine[] Read(string text) => [.. RequirementsLines.Read(text, Environment)];

    [Theory]
    [InlineData("alpha\nbeta\n", "alpha|beta")]
    [InlineData("alpha\r\nbeta", "alpha|beta")]
    [InlineData("\uFEFFalpha\n\n  \nbeta # why\n# all of it\n", "alpha|beta")]
    [InlineData("alpha#egg\n", "alpha#egg")]
    [InlineData("alpha \\\n  --hash=sha256:0\nbeta\n", "alpha   --hash=sha256:0|beta")]
    [InlineData("alpha==${VERSION} ${EMPTY} ${UNSET} ${lower}", "alpha==2.0 ${EMPTY} ${UNSET} ${lower}")]
    public void Are_cut_as_pip_cuts_them(string text, string lines) => Assert.Equal(lines, string.Join('|', Read(text).Select(line => line.Text)));

    [Theory]
    [InlineData("-r base.txt", "base.txt")]
    [InlineData("-rbase.txt", "base.txt")]
    [InlineData("--requirement base.txt", "base.txt")]
    [InlineData("--requirement=base.txt", "base.txt")]
    [InlineData("-c 'with space.txt'", "with space.txt")]
    [InlineData("--constraint \"pins.txt\"", "pins.txt")]
    [InlineData("-r v${VERSION}.txt", "v2.0.txt")]
    [InlineData("-r a.txt -c b.txt", "a.txt|b.txt")]
    [InlineData("--no-index", "")]
    [InlineData("--require-hashes", "")]
    [InlineData("alpha -rest", "est")]
    [InlineData("-r", "")]
    public void Name_nested_files(string line, string files) => Assert.Equal(files, string.Join('|', Read(line).SelectMany(read => read.NestedFiles)));

    [Theory]
    [InlineData("-e .", ".")]
    [InlineData("--editable=./package[extra]", "./package[extra]")]
    [InlineData("-e git+https://host/x", "git+https://host/x")]
    [InlineData("--extra-index-url https://host", "")]
    public void Name_editable_requirements(string line, string editables) =>
        Assert.Equal(editables, string.Join('|', Read(line).SelectMany(read => read.Editables)));
}
