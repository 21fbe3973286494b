using Entrypoint.Failures;
using Entrypoint.Store;

namespace Entrypoint.Sources;

/// <summary>Brings the code of one reference to this machine.</summary>
internal interface ICodeSource
{
    /// <summary>
    /// Fetches and unpacks what the reference names. Whatever it writes for this run alone goes below <see cref="TemporaryFolders"/> of the
    /// run, which are removed at its end.
    /// </summary>
    /// <exception cref="EntrypointException">65, 66, 69, 73, 74 or 77, as in the contract's table.</exception>
    /// <exception cref="OperationCanceledException">The run is being stopped.</exception>
    Task<CodeTree> FetchAsync(CancellationToken cancellationToken);
}
