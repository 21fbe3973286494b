namespace Entrypoint.Sources;

/// <summary>What a code directory must have.</summary>
internal static class CodeRoot
{
    /// <summary>A directory that is run must have a <c>__main__.py</c>.</summary>
    /// <exception cref="EntrypointException">66.</exception>
    public static void RequireMain(CodeTree tree, string display)
    {
        if (tree.IsDirectory && !File.Exists(Path.Combine(tree.Folder, "__main__.py")))
        {
            throw new EntrypointException(ExitCode.NoInput, $"No __main__.py at the root of {display}: Python needs it to run a directory. Add one, or name a script or another folder.");
        }
    }
}
