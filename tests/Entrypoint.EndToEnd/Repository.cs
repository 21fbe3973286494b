namespace Entrypoint.EndToEnd;

/// <summary>This project's own folder.</summary>
public static class Repository
{
    /// <summary>Its full path.</summary>
    public static string Root { get; } = Find();

    /// <summary>The full path of something in it.</summary>
    public static string File(params string[] names) => Path.Combine([Root, .. names]);

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (System.IO.File.Exists(Path.Combine(folder.FullName, "Entrypoint.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("The tests must be run from within the repository.");
    }
}
