using Entrypoint.Processes;

namespace Entrypoint.Sources.VersionControl;

/// <summary>Keeps SSH from asking questions, on whatever command line it is started.</summary>
internal static class SshCommand
{
    private const string NoQuestions = "-oBatchMode=yes";

    /// <summary>The command line with the option added; as it is where it starts another program than OpenSSH, which would not know it.</summary>
    public static string InBatchMode(string command) =>
        Path.GetFileName(command.TrimStart().Split(' ', 2)[0]) == "ssh" ? $"{command} {NoQuestions}" : command;

    /// <summary>For programs that take no options for it: any question is put to a program that has no answer (OpenSSH 8.4 and later).</summary>
    public static ProcessEnvironment WithoutQuestions(ProcessEnvironment environment) =>
        environment.With("SSH_ASKPASS", "/bin/false").With("SSH_ASKPASS_REQUIRE", "force");
}
