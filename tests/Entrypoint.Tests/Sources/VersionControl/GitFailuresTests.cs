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
    [InlineData("fatal: detected dubious ownership in repository at '/r'\nTo add an exception for this directory, call:\n\n\tgit config --global --add safe.directory /r\nfatal: Could not read from remote repository.", nameof(FailureKind.Owner))]
    [InlineData("ERROR: The 'acme' organization has enabled or enforced SAML SSO.\nfatal: Could not read from remote repository.", nameof(FailureKind.Denied))]
    [InlineData("ERROR: The key you are authenticating with has been marked as read only: deploy key\nfatal: Could not read from remote repository.", nameof(FailureKind.Denied))]
    [InlineData("fatal: Project not found: acme/jobs\nfatal: Could not read from remote repository.", nameof(FailureKind.NoRepository))]
    [InlineData("error: cannot run ssh: No such file or directory\nfatal: unable to fork", nameof(FailureKind.SshMissing))]
    [InlineData("No user exists for uid 1000\nfatal: Could not read from remote repository.", nameof(FailureKind.NoUser))]
    [InlineData("Unable to negotiate with 1.2.3.4 port 22: no matching host key type found. Their offer: ssh-rsa\nfatal: Could not read from remote repository.", nameof(FailureKind.Other))]
    [InlineData("fatal: unable to access 'https://h/': Received HTTP code 407 from proxy after CONNECT", nameof(FailureKind.Proxy))]
    [InlineData("fatal: unable to access 'https://h/': CONNECT tunnel failed, response 407", nameof(FailureKind.Proxy))]
    [InlineData("fatal: unable to access 'https://h/': gnutls_handshake() failed: The TLS connection was non-properly terminated.", nameof(FailureKind.Network))]
    [InlineData("fatal: unable to access 'https://h/': OpenSSL SSL_connect: SSL_ERROR_SYSCALL in connection to h:443", nameof(FailureKind.Network))]
    [InlineData("fatal: unable to access 'https://h/': GnuTLS recv error (-110): The TLS connection was non-properly terminated.", nameof(FailureKind.Network))]
    [InlineData("fatal: unable to access 'https://h/': server certificate verification failed. CAfile: none CRLfile: none", nameof(FailureKind.Certificate))]
    [InlineData("batch response: This repository exceeded its LFS budget. The account responsible should increase it.\nerror: external filter 'git-lfs filter-process' failed\nfatal: m.bin: smudge filter lfs failed", nameof(FailureKind.Denied))]
    [InlineData("remote: fatal: No space left on device\nfatal: early EOF", nameof(FailureKind.Network))]
    [InlineData("", nameof(FailureKind.Other))]
    public void Are_told_apart_by_what_git_says(string text, string kind) => Assert.Equal(kind, GitFailures.Find(text).Kind.ToString());

    [Fact]
    public void Show_the_line_that_says_why_and_not_the_last_one() =>
        Assert.Equal(
            "git@host: Permission denied (publickey).",
            GitFailures.Find("git@host: Permission denied (publickey).\r\nfatal: Could not read from remote repository.\n\nand the repository exists.\n").Words);

    [Theory]
    [InlineData("ERROR: The 'acme' organization has enforced SAML SSO.\nfatal: Could not read from remote repository.\n\nPlease make sure you have the correct access rights\nand the repository exists.", "ERROR: The 'acme' organization has enforced SAML SSO.")]
    [InlineData("remote: Enumerating objects: 5, done.\nremote: Access denied: use a token.\nfatal: unable to access 'http://h/': The requested URL returned error: 403", "remote: Access denied: use a token; fatal: unable to access 'http://h/': The requested URL returned error: 403")]
    [InlineData("Permissions 0644 for '/k' are too open.\ngit@h: Permission denied (publickey).\nfatal: Could not read from remote repository.", "Permissions 0644 for '/k' are too open; git@h: Permission denied (publickey)")]
    [InlineData("the shop is closed today\nfatal: Could not read from remote repository.\n\nand the repository exists.", "the shop is closed today")]
    public void Show_what_the_server_and_ssh_said(string text, string words) => Assert.Equal(words, GitFailures.Find(text).Words);

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
