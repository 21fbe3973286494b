namespace Entrypoint.EndToEnd.VersionControl;

public sealed class GitProgramServerTests(GitRepositories repositories) : GitServerTests(repositories, "program"), IClassFixture<GitRepositories>;
