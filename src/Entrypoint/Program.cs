namespace Entrypoint;

internal static class Program
{
    private static int Main() => (int)ExitCode.Success;
}
