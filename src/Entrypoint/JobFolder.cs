using Entrypoint.CommandLine;
using Entrypoint.Failures;
using Entrypoint.Linux;

namespace Entrypoint;

/// <summary>Where the job, or the workspace, runs.</summary>
internal static class JobFolder
{
    /// <summary>The working directory, absolute.</summary>
    /// <param name="codeFolder">What a relative <c>--workdir</c> starts from; the caller's directory where the workspace is started.</param>
    /// <exception cref="EntrypointException">66: <c>--workdir</c> is not there.</exception>
    public static string Of(Options options, string codeFolder)
    {
        if (options.WorkDir is { } given)
        {
            var folder = Path.GetFullPath(given, codeFolder);
            return OsFile.IsFolder(folder)
                ? folder
                : throw new EntrypointException(ExitCode.NoInput, $"The working directory {folder} (--workdir) is not there: make it, or name another.");
        }

        return options.CodeFromEnvironment && OsFile.IsFolder(options.Settings.WorkspaceHome)
            ? options.Settings.WorkspaceHome
            : options.Settings.CurrentDirectory;
    }

    /// <summary>The same for code that may not be here yet: a relative <c>--workdir</c> within it stays relative.</summary>
    public static string Planned(Options options, string? codeFolder) => (codeFolder, options.WorkDir) switch
    {
        (null, { } given) => given,
        ({ } folder, { } given) => Path.GetFullPath(given, folder),
        _ => Of(options, "/"),
    };
}
