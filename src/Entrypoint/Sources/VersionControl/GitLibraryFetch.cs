using Entrypoint.Failures;
using Entrypoint.Linux;
using Entrypoint.Store;
using LibGit2Sharp;
using Serilog;

namespace Entrypoint.Sources.VersionControl;

/// <summary>One fetch through libgit2, from the server's refs to the files. Every call blocks.</summary>
/// <param name="session">Carries what goes over HTTP.</param>
internal sealed class GitLibraryFetch(VcsUrl url, ILogger log, LibraryActivity activity, GitHttpSession session)
{
    private const string AllBranches = "+refs/heads/*:refs/remotes/origin/*";
    private const string AllTags = "+refs/tags/*:refs/tags/*";

    /// <summary>Makes the tree of the revision asked for.</summary>
    /// <exception cref="FetchFailureException">It failed.</exception>
    public FetchedTree Fetch(string tree, bool sparse) => Guard(() =>
    {
        FolderRemoval.Remove(tree);
        Repository.Init(tree);
        using var repository = new Repository(tree);
        repository.Network.Remotes.Add("origin", Address);
        var commit = Commit(repository);
        var isSparse = sparse && TryCheckOutPath(repository, commit, url.Subdirectory!);
        if (!isSparse)
        {
            Commands.Checkout(repository, commit, CheckoutOptions());
        }

        new GitLibrarySubmodules(url, activity, session, FetchOptions).Update(repository, isSparse ? url.Subdirectory : null);
        WarnOfLargeFiles(tree);
        return new FetchedTree(commit.Sha, !isSparse);
    });

    /// <summary>The commit that the revision asked for means on the server; null where only the history can tell.</summary>
    /// <exception cref="FetchFailureException">It failed, or there is no such revision.</exception>
    public string? Resolve() => Guard(() =>
    {
        var listed = List(() => Repository.ListRemoteReferences(Address, Unanswered));
        var refs = Refs(listed);
        return refs.CommitOf(refs.Resolve(url.Revision) ?? throw NoRevision(Absent));
    });

    /// <summary>A repository of this machine by its path: libgit2 loses a slash where a submodule's URL is relative to a file URL.</summary>
    private string Address => url.Scheme == "file" ? url.Address.Reveal()[("file://".Length + url.Host.Length)..] : url.Address.Reveal();

    /// <summary>libgit2 passes on the words of a failure alone; what failed in our own code is known better.</summary>
    private T Guard<T>(Func<T> work)
    {
        GitHttpTransport.Session = session;
        try
        {
            return work();
        }
        catch (LibGit2SharpException exception)
        {
            throw session.Failure ?? GitLibraryFailures.Explain(exception);
        }
        finally
        {
            GitHttpTransport.Session = null;
        }
    }

    private List<Reference> List(Func<IEnumerable<Reference>> ask)
    {
        var listed = ask().ToList();
        activity.Mark();
        return listed;
    }

    private static GitRefs Refs(List<Reference> listed) => new(
        listed.GroupBy(reference => reference.CanonicalName, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Last().TargetIdentifier, StringComparer.Ordinal),
        listed.OfType<SymbolicReference>().FirstOrDefault(reference => reference.CanonicalName == "HEAD")?.TargetIdentifier);

    private string Absent => url.Revision is null or "HEAD"
        ? "the repository has no default branch, or is empty; name a branch with @"
        : "it is no branch, tag, ref or commit id there";

    /// <summary>Finds out what the revision means, fetches it, and returns its commit.</summary>
    private Commit Commit(Repository repository)
    {
        var listed = List(() => repository.Network.ListReferences(Address, Unanswered, new ProxyOptions()));
        var refs = Refs(listed);
        switch (refs.Resolve(url.Revision))
        {
            case GitTarget.Ref name:
                FetchTip(repository, $"+{name.Name}:{name.Local}");
                return Find(repository, name.Local) ?? throw NoRevision("it is no commit");
            case GitTarget.Commit(var id):
                var tip = listed.FirstOrDefault(reference => reference is DirectReference && reference.TargetIdentifier == id
                    && reference.CanonicalName.StartsWith("refs/", StringComparison.Ordinal) && !reference.CanonicalName.EndsWith('}'));
                if (tip is not null)
                {
                    FetchTip(repository, $"+{tip.CanonicalName}:refs/entrypoint/code");
                }
                else
                {
                    Fetch(repository, AllBranches, AllTags);
                }

                return Find(repository, id) ?? FetchById(repository, id) ?? throw NoRevision("it is no branch, tag or ref there, and no commit has that id");
            case GitTarget.Expression(var text):
                Fetch(repository, [AllBranches, AllTags, .. refs.Head is null ? Array.Empty<string>() : ["+HEAD:refs/entrypoint/head"]]);
                var place = text.StartsWith("HEAD", StringComparison.Ordinal) ? "refs/entrypoint/head" + text["HEAD".Length..] : text;
                return Find(repository, place) ?? Find(repository, $"refs/remotes/origin/{text}")
                    ?? throw NoRevision("it is no branch, tag or ref there, and no commit has that id");
            default:
                throw NoRevision(Absent);
        }
    }

    /// <summary>What a ref points to, without its history where the server and the library can do that (over HTTP).</summary>
    private void FetchTip(Repository repository, string refs)
    {
        if (url.IsHttp)
        {
            try
            {
                var options = FetchOptions();
                options.Depth = 1;
                Commands.Fetch(repository, "origin", [refs], options, null);
                return;
            }
            catch (LibGit2SharpException exception) when (session.Failure is null)
            {
                log.Debug("The commit cannot be fetched without its history: {Reason}", exception.Message);
            }
        }

        Fetch(repository, refs);
    }

    private void Fetch(Repository repository, params string[] refs) => Commands.Fetch(repository, "origin", refs, FetchOptions(), null);

    /// <summary>A commit that is in the history of no branch: asked for by its id, if the server gives it.</summary>
    private Commit? FetchById(Repository repository, string id)
    {
        try
        {
            Fetch(repository, $"+{id}:refs/entrypoint/code");
            return Find(repository, id);
        }
        catch (LibGit2SharpException exception)
        {
            log.Debug("The server does not give the commit by its id: {Reason}", exception.Message);
            return null;
        }
    }

    private static Commit? Find(Repository repository, string name)
    {
        try
        {
            return repository.Lookup(name)?.Peel<Commit>();
        }
        catch (AmbiguousSpecificationException exception)
        {
            throw NoRevision(exception.Message);
        }
        catch (Exception exception) when (exception is InvalidSpecificationException or PeelException or NotFoundException)
        {
            return null;
        }
    }

    /// <summary>Writes the subdirectory alone; false where it is or goes through a link or a submodule.</summary>
    private bool TryCheckOutPath(Repository repository, Commit commit, string path)
    {
        var names = path.Split('/');
        for (var count = 1; count <= names.Length; count++)
        {
            var entry = commit[string.Join('/', names[..count])];
            if (entry is null)
            {
                throw new FetchFailureException(FailureKind.NoSubdirectory, "it is not in that revision");
            }

            if (entry.Mode is Mode.SymbolicLink or Mode.GitLink)
            {
                return false;
            }
        }

        // What the folders above say about line ends holds below them too; and the root alone knows where submodules come from.
        string[] attributes = [.. commit[".gitmodules"] is null ? Array.Empty<string>() : [".gitmodules"], .. Enumerable.Range(0, names.Length).Select(count => string.Join('/', [.. names[..count], ".gitattributes"])).Where(name => commit[name] is not null)];
        if (attributes.Length > 0)
        {
            repository.CheckoutPaths(commit.Sha, attributes, CheckoutOptions());
        }

        repository.CheckoutPaths(commit.Sha, [path], CheckoutOptions());
        repository.Refs.Add("HEAD", commit.Id, allowOverwrite: true);
        return true;
    }

    private CheckoutOptions CheckoutOptions() => new()
    {
        CheckoutModifiers = CheckoutModifiers.Force,
        OnCheckoutProgress = (_, _, _) => activity.Mark(),
    };

    private FetchOptions FetchOptions() => new()
    {
        TagFetchMode = TagFetchMode.None,
        CredentialsProvider = Unanswered,
        OnProgress = _ => activity.Mark(),
        OnTransferProgress = transfer => activity.Mark(transfer.ReceivedObjects, transfer.TotalObjects, transfer.ReceivedBytes),
    };

    /// <summary>Over HTTP nobody asks this way; what else libgit2 speaks has no passwords.</summary>
    private static UsernamePasswordCredentials Unanswered(string address, string user, SupportedCredentialTypes types) =>
        throw new UserCancelledException("the server asks for a user name and a password");

    private void WarnOfLargeFiles(string tree)
    {
        var everything = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };
        var any = Directory.EnumerateFiles(tree, ".gitattributes", everything).Any(file => OsFile.ReadAllText(file).Contains("filter=lfs", StringComparison.Ordinal));
        if (any)
        {
            log.Warning("Files kept in Git LFS are only pointers, for libgit2 does not fetch them; with git and git-lfs they come: install them ({Packages})", Packages.Named(Packages.Git, Packages.LargeFiles));
        }
    }

    private static FetchFailureException NoRevision(string words) => new(FailureKind.NoRevision, words);
}
