using LibGit2Sharp;

namespace Entrypoint.Sources.VersionControl;

/// <summary>Submodules, and theirs in turn, through libgit2.</summary>
internal sealed class GitLibrarySubmodules(VcsUrl url, LibraryActivity activity, GitHttpSession session, Func<FetchOptions> options)
{
    /// <summary>Fetches and checks them out.</summary>
    /// <param name="path">The part of the tree that counts; null for all of it.</param>
    /// <exception cref="FetchFailureException">One of them is not safe, or cannot be fetched.</exception>
    public void Update(Repository repository, string? path)
    {
        foreach (var submodule in repository.Submodules.ToList())
        {
            if (submodule.Url is null || path is not null && !submodule.Path.StartsWith(path + "/", StringComparison.Ordinal))
            {
                continue;
            }

            RequireSafe(submodule);
            try
            {
                repository.Submodules.Update(submodule.Name, new SubmoduleUpdateOptions
                {
                    Init = true,
                    OnCheckoutProgress = (_, _, _) => activity.Mark(),
                    FetchOptions = { CredentialsProvider = options().CredentialsProvider, OnTransferProgress = options().OnTransferProgress },
                });
            }
            catch (LibGit2SharpException exception)
            {
                throw OfSubmodule(submodule, session.Failure as FetchFailureException ?? GitLibraryFailures.Explain(exception));
            }

            using var inner = new Repository(Path.Combine(repository.Info.WorkingDirectory, submodule.Path));
            Update(inner, null);
        }
    }

    private static FetchFailureException OfSubmodule(Submodule submodule, FetchFailureException failure) => new(failure.Kind, failure.Message)
    {
        Part = $"the submodule '{submodule.Path}'",
    };

    /// <summary>As the <c>git</c> program: what comes from elsewhere may not name repositories on this machine (CVE-2022-39253).</summary>
    private void RequireSafe(Submodule submodule)
    {
        var parts = UrlParts.Split(submodule.Url);
        var isRelative = submodule.Url.StartsWith("./", StringComparison.Ordinal) || submodule.Url.StartsWith("../", StringComparison.Ordinal);
        var isRemote = parts.Scheme is "http" or "https" or "git" or "ssh";
        if (!isRelative && !isRemote && url.Scheme != "file")
        {
            throw new FetchFailureException(FailureKind.Unsafe, $"the URL of its submodule {submodule.Path} is not allowed: {submodule.Url}");
        }
    }
}
