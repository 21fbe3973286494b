using Entrypoint.Failures;
using Entrypoint.Output;

namespace Entrypoint.Sources.VersionControl;

/// <summary>
/// Git in process, through libgit2: for images without a <c>git</c> program. The same results for http, https, git and file; there is no partial
/// fetch, and only over HTTP one without history.
/// </summary>
internal sealed class GitLibrary : IVcsBackend
{
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(1);

    private readonly VcsUrl _url;
    private readonly FetchContext _context;
    private readonly TransferProgress _progress;

    private GitLibrary(VcsUrl url, FetchContext context, TransferProgress progress) => (_url, _context, _progress) = (url, context, progress);

    /// <summary>Loads the library.</summary>
    /// <exception cref="FetchFailureException">The URL needs the program, or the library cannot be loaded here.</exception>
    public static GitLibrary Open(VcsUrl url, FetchContext context, TransferProgress progress)
    {
        if (url.IsSsh)
        {
            throw new FetchFailureException(
                FailureKind.ProgramMissing, $"Git over SSH needs the git program; {Packages.Install(Packages.Git, Packages.Ssh)}");
        }

        GitNativeLibrary.Load(() => context.Temporary.Create("libgit2"));
        GitHttpTransport.Register();
        return new GitLibrary(url, context, progress);
    }

    public Task<string?> ResolveAsync(CancellationToken cancellationToken) => RunAsync(fetch => fetch.Resolve(), cancellationToken);

    public Task<FetchedTree> FetchAsync(string tree, bool sparse, CancellationToken cancellationToken) =>
        RunAsync(fetch => fetch.Fetch(tree, sparse), cancellationToken);

    /// <summary>A call into the library cannot be interrupted, so it has a thread of its own, which may be left behind.</summary>
    private async Task<T> RunAsync<T>(Func<GitLibraryFetch, T> call, CancellationToken cancellationToken)
    {
        var limit = _context.Options.FetchTimeout;
        using var activity = new LibraryActivity(_context.Time, _progress, cancellationToken);
        using var settings = new GitLibrarySettings(_context.Options.Settings.Environment, _context.Secrets);
        using var web = settings.Connect(limit);
        var work = Task.Factory.StartNew(
            () => call(new GitLibraryFetch(_url, _context.Log, activity, new GitHttpSession(_url, web, settings, activity))),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        while (!work.IsCompleted)
        {
            var left = limit - activity.Silence;
            if (left <= TimeSpan.Zero)
            {
                activity.Stop();
                await Task.WhenAny(work, Task.Delay(EndLimit, _context.Time, CancellationToken.None)).ConfigureAwait(false);
                throw new FetchFailureException(FailureKind.Silent, Silence.Words(limit));
            }

            using var wake = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAny(work, Task.Delay(left, _context.Time, wake.Token)).ConfigureAwait(false);
            await wake.CancelAsync().ConfigureAwait(false);
            if (cancellationToken.IsCancellationRequested)
            {
                await Task.WhenAny(work, Task.Delay(EndLimit, _context.Time, CancellationToken.None)).ConfigureAwait(false);
                throw new OperationCanceledException(cancellationToken);
            }
        }

        return await work.ConfigureAwait(false);
    }
}
