using Entrypoint.Failures;
using Entrypoint.Linux;

namespace Entrypoint.Sources;

/// <summary>The one place that knows where a tree's <c>__main__.py</c> has to be.</summary>
internal static class CodeRoot
{
    private const string MainFile = "__main__.py";

    /// <summary>
    /// What is meant in an unpacked archive. An archive whose root holds one single folder and no <c>__main__.py</c> means that folder;
    /// what packing programs add by themselves does not count. A subdirectory is looked for there first (as pip does), then from the
    /// archive's own root.
    /// </summary>
    /// <exception cref="EntrypointException">65 or 66, as <see cref="Subdirectory.Select"/>.</exception>
    public static CodeTree OfArchive(string root, string? subdirectory, string display)
    {
        if (SingleFolder(root) is not { } inner)
        {
            return Subdirectory.Select(root, subdirectory, display);
        }

        if (TreeWalk.Names(subdirectory ?? "") is { Length: > 0 } names
            && TreeWalk.Go(inner, names, out _) == TreeWalkEnd.Missing
            && TreeWalk.Go(root, names, out _) == TreeWalkEnd.Within)
        {
            return Subdirectory.Select(root, subdirectory, display);
        }

        return Subdirectory.Select(inner, subdirectory, display);
    }

    /// <summary>Checks that a folder can be run.</summary>
    /// <exception cref="EntrypointException">66: it has no <c>__main__.py</c>. 77: it cannot be looked into.</exception>
    public static void RequireMain(CodeTree tree, string display)
    {
        var main = Path.Combine(tree.Folder, MainFile);
        var kind = tree.IsDirectory ? FileCalls.KindOf(main) : PathKind.File;
        if (kind is PathKind.File)
        {
            return;
        }

        if (kind is PathKind.Special)
        {
            throw new EntrypointException(
                ExitCode.NoInput, $"{main} is a pipe, a socket or a device, which Python does not run: put a file there, or name a script or another folder.");
        }

        if (kind is PathKind.DanglingLink)
        {
            throw new EntrypointException(
                ExitCode.NoInput, $"{main} is a link that leads nowhere: put the file there that it leads to, or name a script or another folder.");
        }

        try
        {
            _ = OsFile.Names(tree.Folder);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new EntrypointException(
                ExitCode.NoPermission, $"Cannot look for {MainFile} in {display}: permission denied for {tree.Folder}.", exception);
        }
        catch (FileNotFoundException)
        {
            // Gone since: that is what the message below says, too.
        }

        throw new EntrypointException(
            ExitCode.NoInput,
            $"No {MainFile} at the root of {display}: Python needs it to run a directory. Add one, or name a script or another folder.");
    }

    private static string? SingleFolder(string root)
    {
        var names = OsFile.Names(root).Where(name => !IsNoise(name)).Take(2).ToList();
        return names is [var name] && Path.Combine(root, name) is var folder && FileCalls.StatusOfLink(folder) is { Succeeded: true, Value.Kind: FileKind.Folder }
            ? folder
            : null;
    }

    /// <summary>macOS and pax add files of their own beside what was packed.</summary>
    private static bool IsNoise(string name) =>
        name is "__MACOSX" or ".DS_Store" or "pax_global_header" || name.StartsWith("._", StringComparison.Ordinal);
}
