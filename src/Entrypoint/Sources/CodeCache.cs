using Entrypoint.Failures;
using Entrypoint.Linux;
using Entrypoint.Store;

namespace Entrypoint.Sources;

/// <summary>
/// Keeps what a source has fetched, in the state folder, under its identity, and gives each run a copy of its own. What is kept is never
/// changed; while it is copied it is held. Whatever fails here costs a fetch, and no run.
/// </summary>
/// <param name="source">Fetches what is not kept.</param>
/// <param name="size">How many bytes are kept at most.</param>
internal sealed class CodeCache(ICodeSource source, FetchContext context, long size) : ICodeSource
{
    private const string Kind = "code";
    private const string Tree = "tree";

    private readonly StateFolder _state = new(context.Options.Settings.StateFolder, context.Temporary, context.Log);

    public CodeTree Select(FetchedCode code) => source.Select(code);

    public async Task<CodeTree> FetchAsync(CancellationToken cancellationToken)
    {
        // What is copied is held for no longer than that, so that it can go when there is no room for it any more.
        using var leases = new Leases();
        var store = new StoreContext(context.Log, context.Time, Refresh: false) { Leases = leases };
        var generations = _state.Generations(Kind, store);
        if (await ResolveAndTakeAsync(generations, cancellationToken).ConfigureAwait(false) is var (identity, found) && found is not null)
        {
            return found;
        }

        // Where something can be kept, one start fetches, and the others wait for it.
        var name = identity?.Key ?? (source.KeptAs is { } address ? CodeIdentity.KeyOf(address) : null);
        using var alone = name is not null && _state.Keeps(Kind)
            ? await StateLock.AcquireAsync([_state.LockFile($"{Kind}-{name}")], context.Options.Settings.StateFolder, store, cancellationToken).ConfigureAwait(false)
            : null;
        if (alone is not null)
        {
            var meanwhile = identity is not null
                ? await TakeAsync(generations, identity, cancellationToken).ConfigureAwait(false)
                : (await ResolveAndTakeAsync(generations, cancellationToken).ConfigureAwait(false)).Found;
            if (meanwhile is not null)
            {
                return meanwhile;
            }
        }

        var tree = await source.FetchAsync(cancellationToken).ConfigureAwait(false);
        await KeepAsync(generations, tree.Fetched, store, cancellationToken).ConfigureAwait(false);

        return tree;
    }

    /// <summary>What a fetch would bring now, as far as that can be told, and a copy of it where it is kept.</summary>
    private async Task<(CodeIdentity? Identity, CodeTree? Found)> ResolveAndTakeAsync(GenerationStore generations, CancellationToken cancellationToken)
    {
        string? Known(string address) =>
            generations.Find(CodeIdentity.KeyOf(address), hold: false, _ => true) is { } kept ? FetchedCode.RevisionIn(kept.Note) : null;
        var identity = await source.ResolveAsync(Known, cancellationToken).ConfigureAwait(false);
        return (identity, identity is null ? null : await TakeAsync(generations, identity, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>A copy of what is kept; null where it is not.</summary>
    private async Task<CodeTree?> TakeAsync(GenerationStore generations, CodeIdentity identity, CancellationToken cancellationToken)
    {
        if (generations.Find(identity.Key, hold: true, kept => OsFile.IsFolder(Path.Combine(kept.Path, Tree))) is not { } found)
        {
            return null;
        }

        var target = Path.Combine(context.Temporary.Create(Kind), Tree);
        try
        {
            _ = await Task.Run(() => new TreeCopy(long.MaxValue, cancellationToken).Run(Path.Combine(found.Path, Tree), target), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            context.Log.Warning("Fetching the code again, because what is kept of it cannot be copied: {Reason}", exception.Message);
            FolderRemoval.Remove(target);
            return null;
        }

        context.Log.Information("Using the code that is kept for revision {Revision}", identity.Revision);
        return source.Select(new FetchedCode(target, identity) { Script = FetchedCode.ScriptIn(found.Note) });
    }

    private async Task KeepAsync(GenerationStore generations, FetchedCode? fetched, StoreContext store, CancellationToken cancellationToken)
    {
        if (fetched is null || !_state.Keeps(Kind))
        {
            return;
        }

        try
        {
            var build = await generations.BeginAsync(fetched.Identity.Key, isPrivate: false).ConfigureAwait(false);
            var isKept = false;
            try
            {
                isKept = await Task.Run(() => Fill(build.Path, fetched.Root, cancellationToken), cancellationToken).ConfigureAwait(false);
                if (isKept)
                {
                    _ = build.Name(fetched.Note, also: CodeIdentity.KeyOf(fetched.Identity.Address));
                }
            }
            finally
            {
                await build.DiscardAsync().ConfigureAwait(false);
            }

            if (isKept)
            {
                await new SizeLimit(new GenerationPlace(Path.GetDirectoryName(build.Path)!, _state.Trust, store), size).ApplyAsync().ConfigureAwait(false);
            }
            else
            {
                context.Log.Debug("The code is not kept, because it is larger than ENTRYPOINT_CODE_CACHE allows");
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or EntrypointException)
        {
            context.Log.Warning("The next start will fetch the code again, because it could not be kept: {Reason}", exception.Message);
        }
    }

    private bool Fill(string folder, string root, CancellationToken cancellationToken)
    {
        Rights.MakeFolder(folder);
        return new TreeCopy(size, cancellationToken).Run(root, Path.Combine(folder, Tree));
    }
}
