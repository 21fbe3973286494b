using Entrypoint.Linux;

namespace Entrypoint.Preparation;

/// <summary>
/// Which Python it is, as far as files tell without starting it: the program that its path leads to, and the virtual environment that
/// the path stands in. Times count to the second, so that layers, copies and volumes do not change it.
/// </summary>
/// <param name="Name">A short name made from all that, for file names.</param>
internal sealed record InterpreterIdentity(string Name)
{
    /// <summary>Of the Python at a path.</summary>
    public static InterpreterIdentity Of(string interpreter)
    {
        var text = Describe(FileCalls.RealPath(interpreter) ?? interpreter);
        if (VirtualEnvironmentOf(interpreter) is { } folder)
        {
            text += $"|{FileCalls.RealPath(folder)}|{Describe(Path.Combine(folder, "pyvenv.cfg"))}";
        }

        return new InterpreterIdentity(Fingerprint.Of(text));
    }

    /// <summary>The folder of the virtual environment that the interpreter belongs to, or null.</summary>
    private static string? VirtualEnvironmentOf(string interpreter)
    {
        var folder = Path.GetDirectoryName(Path.GetDirectoryName(interpreter));
        return folder is not null && File.Exists(Path.Combine(folder, "pyvenv.cfg")) ? folder : null;
    }

    private static string Describe(string file)
    {
        var info = new FileInfo(file);
        return info.Exists ? $"{file}|{info.Length}|{new DateTimeOffset(info.LastWriteTimeUtc).ToUnixTimeSeconds()}" : file;
    }
}
