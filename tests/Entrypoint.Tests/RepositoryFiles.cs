using System.Text.RegularExpressions;

namespace Entrypoint.Tests;

/// <summary>The files of the repository that the tests are run in.</summary>
internal static partial class RepositoryFiles
{
    /// <summary>The folder of the repository.</summary>
    public static string Root { get; } = Find();

    /// <summary>The C# files below a folder of the repository that are written by hand.</summary>
    public static IEnumerable<string> CSharp(string folder)
    {
        var full = Path.Combine(Root, folder);
        return Directory.EnumerateFiles(full, "*.cs", SearchOption.AllDirectories).Where(file => !BuildOutput().IsMatch(Path.GetRelativePath(full, file)));
    }

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Entrypoint.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("The tests must be run from within the repository.");
    }

    [GeneratedRegex("(^|/)(obj|bin)/")]
    private static partial Regex BuildOutput();
}
