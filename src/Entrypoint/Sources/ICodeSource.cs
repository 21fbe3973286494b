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
    /// <exception cref="EntrypointException">65, 66, 69, 73, 74 or 77, by the README's table of exit codes.</exception>
    /// <exception cref="OperationCanceledException">The run is being stopped.</exception>
    Task<CodeTree> FetchAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Finds out what a fetch would bring now, by the cheapest question that there is. Null where only a fetch can tell, and where nothing is
    /// to be kept.
    /// </summary>
    /// <param name="known">The revision that was kept last for an address, which the question may name; null where none was.</param>
    /// <exception cref="EntrypointException">As <see cref="FetchAsync"/>.</exception>
    Task<CodeIdentity?> ResolveAsync(Func<string, string?> known, CancellationToken cancellationToken) => Task.FromResult<CodeIdentity?>(null);

    /// <summary>
    /// Where the code comes from, without secrets, where <see cref="ResolveAsync"/> can only say whether that has changed; null where it knows the
    /// revision, and where nothing is to be kept.
    /// </summary>
    string? KeptAs => null;

    /// <summary>What the reference means within code that was fetched before.</summary>
    /// <exception cref="EntrypointException">65 or 66, as <see cref="FetchAsync"/>.</exception>
    CodeTree Select(FetchedCode code) => throw new NotSupportedException();
}
