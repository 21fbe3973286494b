namespace Entrypoint.EndToEnd.VersionControl;

public sealed class GitLibraryServerTests(GitRepositories repositories) : GitServerTests(repositories, "library"), IClassFixture<GitRepositories>;
