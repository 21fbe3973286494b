namespace Entrypoint.Tests;

/// <summary>A file holds one concept: one that has grown beyond this holds two.</summary>
public sealed class FileLengthTests
{
    private const int MostLines = 250;

    [Fact]
    public void No_file_is_too_long_to_be_one_concept()
    {
        var tooLong = RepositoryFiles.CSharp("src").Concat(RepositoryFiles.CSharp("tests"))
            .Select(file => (Path: Path.GetRelativePath(RepositoryFiles.Root, file), Lines: File.ReadLines(file).Count()))
            .Where(file => file.Lines > MostLines)
            .Select(file => $"{file.Path} has {file.Lines} lines, at most are {MostLines}: cut it by concept");

        Assert.Empty(tooLong);
    }
}
