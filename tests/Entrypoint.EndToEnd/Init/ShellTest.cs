namespace Entrypoint.EndToEnd.Init;

/// <summary>An interactive shell on a terminal, in which what is typed is not shown.</summary>
public abstract class ShellTest : IAsyncLifetime
{
    protected TemporaryFolder Folder { get; } = new();
    protected Pseudoterminal Terminal { get; } = new();
    private EntrypointProcess? _shell;

    protected EntrypointProcess Shell => _shell!;

    public async ValueTask InitializeAsync()
    {
        _shell = EntrypointProcess.Start(
            ["--noprofile", "--norc", "--noediting", "-i"],
            new Dictionary<string, string?> { ["PS1"] = "prompt> ", ["E"] = EntrypointProcess.Executable, ["TERM"] = "dumb" },
            workingDirectory: Folder.Path,
            wrapper: Terminal.SessionLeader,
            program: "bash");
        await Terminal.WaitForAsync("prompt> ");
        Terminal.WriteLine("stty -echo; PS1='> '; echo no-$((1))-echo");
        await Terminal.WaitForAsync("no-1-echo");
    }

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _shell?.Dispose();
        Terminal.Dispose();
        Folder.Dispose();
        return ValueTask.CompletedTask;
    }

    protected async Task<int> ProgramIdAsync() => await Shell.ProgramIdAsync();
}
