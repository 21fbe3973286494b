using System.Text;

namespace Entrypoint.Linux;

/// <summary>
/// Files and folders by names of any bytes (<see cref="OsText"/>). .NET's own <see cref="File"/> and <see cref="Directory"/> do the same,
/// but reach only names that are UTF-8; whatever stands in a folder that a user has named belongs here.
/// </summary>
internal static class OsFile
{
    /// <summary>Whether something is there that is no folder. Links are followed.</summary>
    public static bool IsFile(string path) => FileCalls.Status(path) is { Succeeded: true, Value.Kind: not FileKind.Folder };

    /// <summary>Whether a folder is there. Links are followed.</summary>
    public static bool IsFolder(string path) => FileCalls.Status(path) is { Succeeded: true, Value.Kind: FileKind.Folder };

    /// <summary>Whether anything is there. Links are followed.</summary>
    public static bool IsThere(string path) => FileCalls.Status(path).Succeeded;

    /// <summary>Opens a file for reading.</summary>
    /// <exception cref="FileNotFoundException">It is not there.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static FileStream OpenRead(string path)
    {
        var file = FileCalls.OpenToRead(path);
        return file.Succeeded ? new FileStream(file.Value, FileAccess.Read, bufferSize: 0) : throw file.Error.ToException(path);
    }

    /// <summary>All of a file.</summary>
    /// <inheritdoc cref="OpenRead" path="/exception"/>
    public static byte[] ReadAllBytes(string path)
    {
        using var file = OpenRead(path);
        using var content = new MemoryStream();
        file.CopyTo(content);
        return content.ToArray();
    }

    /// <summary>All of a file as text, in UTF-8 unless it begins with the mark of another encoding.</summary>
    /// <inheritdoc cref="OpenRead" path="/exception"/>
    public static string ReadAllText(string path)
    {
        using var reader = new StreamReader(OpenRead(path), Encoding.UTF8);
        return reader.ReadToEnd();
    }

    /// <summary>Makes a file that is not there yet, and opens it for writing.</summary>
    /// <exception cref="UnauthorizedAccessException">It may not be made.</exception>
    /// <exception cref="IOException">It cannot be made.</exception>
    public static FileStream Create(string path)
    {
        var file = FileCalls.CreateFile(path);
        return file.Succeeded ? new FileStream(file.Value, FileAccess.Write, bufferSize: 0) : throw file.Error.ToException(path);
    }

    /// <summary>Makes one folder.</summary>
    /// <inheritdoc cref="Create" path="/exception"/>
    public static void MakeFolder(string path, UnixFileMode mode) => Require(FileCalls.MakeFolder(path, (int)mode), path);

    /// <summary>Removes a file, or a link; nothing happens where it is not there.</summary>
    /// <inheritdoc cref="Create" path="/exception"/>
    public static void Delete(string path)
    {
        var error = FileCalls.Unlink(path);
        Require(error == Errno.ENOENT ? Errno.None : error, path);
    }

    /// <summary>The names in a folder, in no order.</summary>
    /// <inheritdoc cref="OpenRead" path="/exception"/>
    public static IReadOnlyList<string> Names(string folder)
    {
        var opened = FileCalls.OpenFolder(folder);
        if (!opened.Succeeded)
        {
            throw opened.Error.ToException(folder);
        }

        try
        {
            var names = FileCalls.ReadFolder(opened.Value);
            return names.Error == Errno.None ? names.Value : throw names.Error.ToException(folder);
        }
        finally
        {
            _ = FileCalls.Close(opened.Value);
        }
    }

    /// <summary>
    /// Where a link leads in the end, its last name read link by link (folders on the way stay as they are named); the path itself where
    /// it is no link, null where nothing is there.
    /// </summary>
    public static string? FinalTarget(string path)
    {
        const int MostLinks = 40; // as many as Linux follows
        for (var links = 0; links <= MostLinks; links++)
        {
            var link = FileCalls.ReadLink(path);
            if (!link.Succeeded)
            {
                return link.Error == Errno.EINVAL ? path : null;
            }

            path = Path.GetFullPath(link.Value, Path.GetDirectoryName(path)!);
        }

        return null;
    }

    private static void Require(Errno error, string path)
    {
        if (error != Errno.None)
        {
            throw error.ToException(path);
        }
    }
}
