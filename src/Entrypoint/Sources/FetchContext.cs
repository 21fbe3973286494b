using Entrypoint.CommandLine;
using Entrypoint.Output;
using Entrypoint.Processes;
using Entrypoint.Store;
using Serilog;

namespace Entrypoint.Sources;

/// <summary>What every source works with.</summary>
/// <param name="Options">What was asked for.</param>
/// <param name="Runner">Runs the programs that fetch.</param>
/// <param name="Temporary">Where fetched code is put.</param>
/// <param name="Secrets">What must not be shown; a source adds what it learns.</param>
/// <param name="OnTerminal">Whether standard output is a terminal.</param>
internal sealed record FetchContext(
    Options Options,
    IProcessRunner Runner,
    TemporaryFolders Temporary,
    Secrets Secrets,
    ILogger Log,
    TimeProvider Time,
    bool OnTerminal)
{
    /// <summary>Shows how the fetch of something gets on.</summary>
    public TransferProgress Progress(string what) => new(what, Log, Time, OnTerminal);
}
