using Entrypoint.Sources.VersionControl;

namespace Entrypoint.Tests.Sources.VersionControl;

public sealed class GitFailuresTests
{
    [Theory]
    [InlineData("fatal: Authentication failed for 'http://host/r/'", nameof(FailureKind.Denied))]
    [InlineData("fatal: could not read Username for 'https://github.com': terminal prompts disabled", nameof(FailureKind.Denied))]
    [InlineData("git@host: Permission denied (publickey).\nfatal: Could not read from remote repository.\n\nPlease make sure", nameof(FailureKind.Denied))]
    [InlineData("Host key verification failed.\nfatal: Could not read from remote repository.", nameof(FailureKind.HostKey))]
    [InlineData("fatal: repository 'http://host/r/' not found", nameof(FailureKind.NoRepository))]
    [InlineData("fatal: remote error: access denied or repository not exported: /r", nameof(FailureKind.NoRepository))]
    [InlineData("remote: x\nfatal: couldn't find remote ref refs/heads/x", nameof(FailureKind.NoRevision))]
    [InlineData("fatal: remote error: upload-pack: not our ref 0123", nameof(FailureKind.NoRevision))]
    [InlineData("fatal: unable to access 'https://h/': Could not resolve host: h", nameof(FailureKind.Network))]
    [InlineData("fatal: unable to access 'https://h/': SSL certificate problem: self-signed certificate", nameof(FailureKind.Certificate))]
    [InlineData("fatal: unable to access 'http://h/': The requested URL returned error: 503", nameof(FailureKind.Network))]
    [InlineData("fatal: the remote end hung up unexpectedly\nfatal: early EOF", nameof(FailureKind.Network))]
    [InlineData("fatal: transport 'file' not allowed", nameof(FailureKind.Unsafe))]
    [InlineData("fatal: write error: No space left on device", nameof(FailureKind.Disk))]
    [InlineData("error: Server does not allow request for unadvertised object 0123", nameof(FailureKind.Other))]
    [InlineData("fatal: dumb http transport does not support shallow capabilities", nameof(FailureKind.Other))]
    [InlineData("", nameof(FailureKind.Other))]
    public void Are_told_apart_by_what_git_says(string text, string kind) => Assert.Equal(kind, GitFailures.Find(text).Kind.ToString());

    [Fact]
    public void Show_the_line_that_says_why_and_not_the_last_one() =>
        Assert.Equal(
            "git@host: Permission denied (publickey).",
            GitFailures.Find("git@host: Permission denied (publickey).\r\nfatal: Could not read from remote repository.\n\nand the repository exists.\n").Words);

    [Theory]
    [InlineData("Receiving objects:  45% (900/2000), 1.20 MiB | 1.00 MiB/s", 0.45, "Receiving objects (900/2000), 1.20 MiB | 1.00 MiB/s")]
    [InlineData("remote: Counting objects:   1% (1/300)        ", 0.01, "Counting objects (1/300)")]
    [InlineData("fatal: x", null, null)]
    public void Progress_lines_are_read(string line, double? share, string? words)
    {
        var found = GitProgress.Read(line);

        Assert.Equal((share, words), (found?.Share, found?.Words));
    }
}
