namespace Entrypoint.EndToEnd.Init;

/// <summary>A terminal that is the program's own, and a folder for its job.</summary>
public abstract class TerminalTest : IDisposable
{
    protected TemporaryFolder Folder { get; } = new();
    protected Pseudoterminal Terminal { get; } = new();

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        Terminal.Dispose();
        Folder.Dispose();
    }

    protected EntrypointProcess Start(string python, bool pid1 = false, params string[] options) =>
        EntrypointProcess.Start([Folder.Job(python), .. options], wrapper: [.. pid1 ? Wrapper.Pid1 : [], .. Terminal.SessionLeader]);
}
