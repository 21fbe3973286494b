namespace Entrypoint.EndToEnd.Containers;

/// <summary>
/// Images that lack something: one line names it, with the package that has it, before anything is done that would have to be done again;
/// what is not needed is not missed.
/// </summary>
[Collection(ContainerImages.Collection)]
public sealed class BareImageTests : IAsyncDisposable
{
    private const string Python = "usr/bin/python usr/bin/python3 usr/bin/python3.11";
    private const string Authorities = "etc/ssl/certs usr/share/ca-certificates usr/lib/ssl";

    private readonly TemporaryFolder _folder = new();

    public async ValueTask DisposeAsync()
    {
        _ = await Tool.TryRunAsync("umount", [_folder["root"]]);
        _folder.Dispose();
    }

    private Task<RunResult> RunAsync(string gone, params string[] arguments) => Tool.TryRunAsync(
        Repository.File("tests", "Entrypoint.EndToEnd", "Containers", "bare-image.sh"),
        [ContainerImages.Jobs, EntrypointProcess.Executable, _folder.Path, gone, .. arguments]);

    /// <summary>What is missing × the job.</summary>
    [Theory]
    [InlineData("usr/bin/hg", "hg+http://127.0.0.1:1/x", 69, "the program hg", "apt-get install mercurial", "dnf install mercurial", "apk add mercurial")]
    [InlineData("usr/bin/svn", "svn+http://127.0.0.1:1/x", 69, "the program svn", "apt-get install subversion", "dnf install subversion", "apk add subversion")]
    [InlineData("usr/bin/bzr usr/bin/brz", "bzr+http://127.0.0.1:1/x", 69, "the program bzr", "apt-get install brz", "dnf install breezy", "apk add breezy")]
    [InlineData("usr/lib/*/libssl.so*", "https://127.0.0.1:1/x.py", 69, "OpenSSL's library", "apt-get install libssl3", "dnf install openssl-libs", "apk add libssl3")]
    [InlineData("usr/lib/*/libcrypto.so*", "https://127.0.0.1:1/x.py", 69, "cannot be loaded: libcrypto.so", "apt-get install libssl3", "dnf install openssl-libs", "apk add libssl3")]
    [InlineData(Authorities, "https://127.0.0.1:1/x.py", 69, "no certificate authorities", "apt-get install ca-certificates", "dnf install ca-certificates", "apk add ca-certificates")]
    [InlineData("usr/bin/ssh", "git+ssh://git@127.0.0.1:1/x", 69, "program ssh", "apt-get install openssh-client", "dnf install openssh-clients", "apk add openssh-client")]
    [InlineData("usr/bin/ssh", "hg+ssh://git@127.0.0.1:1/x", 69, "program ssh", "apt-get install openssh-client", "dnf install openssh-clients", "apk add openssh-client")]
    [InlineData("usr/bin/ssh", "svn+ssh://git@127.0.0.1/x", 69, "program ssh", "apt-get install openssh-client", "dnf install openssh-clients", "apk add openssh-client")]
    [InlineData("usr/bin/ssh", "bzr+ssh://git@127.0.0.1:1/x", 69, "program ssh", "apt-get install openssh-client", "dnf install openssh-clients", "apk add openssh-client")]
    [InlineData("usr/bin/git", "git+ssh://git@127.0.0.1:1/x", 69, "needs the git program", "apt-get install git openssh-client", "dnf install git openssh-clients", "apk add git openssh-client")]
    [InlineData("tmp", "git+file:///job", 73, "temporary folder in /tmp", "No such file or directory", "TMPDIR")]
    public async Task Code_cannot_be_fetched(string gone, string reference, int expected, params string[] words)
    {
        var result = await RunAsync(gone, reference);

        AssertSays(result, expected, words);
    }

    [Theory]
    [InlineData(Python, 127, "neither python nor python3", "apt-get install python3", "dnf install python3", "apk add python3")]
    [InlineData("usr/bin/bash", 78, "there is no /bin/bash", "apt-get install bash", "dnf install bash", "apk add bash")]
    public async Task The_job_cannot_be_prepared_and_nothing_is_begun(string gone, int expected, params string[] words)
    {
        _folder.Job("print('ran')");
        _folder.Write("job/setup.sh", "echo set up");
        _folder.Write("job/requirements.txt", "--no-index\n");

        var result = await RunAsync(gone, "/job");

        AssertSays(result, expected, words);
        Assert.DoesNotContain("set up", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Making the virtual environment", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("usr/lib/python3.11/venv usr/lib/python3.11/ensurepip", "no venv module", "apt-get install python3-venv", "dnf install python3", "apk add python3")]
    [InlineData("usr/lib/python3/dist-packages/pip usr/lib/python3.11/ensurepip usr/share/python-wheels", "no venv module", "apt-get install python3-venv")]
    [InlineData("usr/lib/python3/dist-packages/pip usr/lib/python3.11/EXTERNALLY-MANAGED", "has no pip", "apt-get install python3-pip", "dnf install python3-pip", "apk add py3-pip")]
    public async Task The_packages_cannot_be_installed(string gone, params string[] words)
    {
        _folder.Job("print('ran')");
        _folder.Write("job/requirements.txt", "--no-index\n");

        var result = await RunAsync(gone, "/job");

        AssertSays(result, 78, words);
    }

    [Theory]
    [InlineData("proc")]
    [InlineData("dev")]
    [InlineData("tmp")]
    [InlineData("etc/passwd")]
    [InlineData("etc/passwd etc/group etc/nsswitch.conf")]
    [InlineData("root home")]
    [InlineData("usr/bin/git usr/bin/ssh usr/bin/hg usr/bin/svn usr/bin/bzr usr/bin/brz")]
    [InlineData("usr/lib/*/libssl.so* etc/ssl")]
    public async Task What_is_not_needed_is_not_missed(string gone)
    {
        _folder.Job("print('ran')");
        _folder.Write("job/setup.sh", "echo set up");
        _folder.Write("job/requirements.txt", "--no-index\n");

        var result = await RunAsync(gone, "/job");

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("set up\n", result.Output, StringComparison.Ordinal);
        Assert.Contains("ran\n", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("[WARNING]", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bash_python_pip_and_venv_are_not_missed_by_a_plain_script()
    {
        _folder.Job("print('ran')");

        var result = await RunAsync("usr/bin/bash usr/lib/python3/dist-packages usr/lib/python3.11/venv", "/job");

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("ran\n", result.Output, StringComparison.Ordinal);
    }

    /// <summary>The last line says it all, and no other has a stack trace or another library's words.</summary>
    private static void AssertSays(RunResult result, int expected, string[] words)
    {
        Assert.True(result.ExitCode == expected, result.ToString());
        var last = result.Output.TrimEnd('\n').Split('\n')[^1];
        Assert.All(words, word => Assert.Contains(word, last, StringComparison.Ordinal));
        Assert.Contains("[ERROR]", last, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("RemoteCertificateValidationCallback", result.Output, StringComparison.Ordinal);
    }
}
