namespace Entrypoint.EndToEnd.VersionControl;

/// <summary><c>sshd</c> on a free port, with keys made for the test; and a client configuration that knows it.</summary>
public sealed class SshServer : IDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly ServerProgram _server;

    private SshServer(TemporaryFolder folder, ServerProgram server) => (_folder, _server) = (folder, server);

    /// <summary>Where it listens.</summary>
    public int Port => _server.Port;

    /// <summary>Who may log in.</summary>
    public static string User => Environment.UserName;

    /// <summary>An <c>ssh</c> command line that knows host and key.</summary>
    public string Command => $"ssh -F {_folder["config"]}";

    /// <summary>One that does not know the host.</summary>
    public string StrangerCommand => $"ssh -F {_folder["config"]} -o UserKnownHostsFile={_folder["nobody"]}";

    /// <summary>One that has no key.</summary>
    public string KeylessCommand => $"ssh -F {_folder["config"]} -o PubkeyAuthentication=no";

    public static async Task<SshServer> StartAsync()
    {
        var folder = new TemporaryFolder();
        await Tool.RunAsync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", folder["host"]]);
        await Tool.RunAsync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", folder["key"]]);
        File.Copy(folder["key.pub"], folder["authorized"]);
        Directory.CreateDirectory("/run/sshd");
        var server = await ServerProgram.StartAsync("/usr/sbin/sshd", port =>
        [
            "-D", "-e", "-f", folder.Write("sshd_config", $"""
                Port {port}
                ListenAddress 127.0.0.1
                HostKey {folder["host"]}
                AuthorizedKeysFile {folder["authorized"]}
                PidFile none
                StrictModes no
                UsePAM no
                PasswordAuthentication no
                PermitRootLogin yes
                """),
        ]);
        folder.Write("known", $"[127.0.0.1]:{server.Port} {await File.ReadAllTextAsync(folder["host.pub"])}");
        folder.Write("config", $"""
            UserKnownHostsFile {folder["known"]}
            GlobalKnownHostsFile none
            IdentityFile {folder["key"]}
            IdentitiesOnly yes
            Port {server.Port}
            """);
        return new SshServer(folder, server);
    }

    /// <summary>Writes a <c>.ssh</c> folder that knows host and key, for whoever mounts it: <c>ssh</c> takes what root owns, readable as it is.</summary>
    public async Task WriteKeysAsync(string folder)
    {
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "config"), $"""
            UserKnownHostsFile ~/.ssh/known
            GlobalKnownHostsFile none
            IdentityFile ~/.ssh/key
            IdentitiesOnly yes
            Port {Port}

            """);
        foreach (var name in new[] { "known", "key" })
        {
            File.Copy(_folder[name], Path.Combine(folder, name), overwrite: true);
            File.SetUnixFileMode(Path.Combine(folder, name), (UnixFileMode)0b100_100_100);
        }
    }

    public void Dispose()
    {
        _server.Dispose();
        _folder.Dispose();
    }
}
