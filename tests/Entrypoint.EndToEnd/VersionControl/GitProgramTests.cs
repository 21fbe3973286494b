namespace Entrypoint.EndToEnd.VersionControl;

public sealed class GitProgramTests(GitRepositories repositories) : GitTests(repositories, "program"), IClassFixture<GitRepositories>
{
    [Fact]
    public async Task Fetches_one_commit_without_its_history()
    {
        using var folder = new TemporaryFolder();
        var result = await RunWithAsync($"{Http}/jobs.git", new() { ["GIT_TRACE2_EVENT"] = folder["trace"] }, "--log-level=debug");

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("--depth=1", await System.IO.File.ReadAllTextAsync(folder["trace"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fetches_a_fraction_of_the_bytes_when_sparse()
    {
        await using var server = await GitHttpServer.StartAsync(Repositories.Root);
        await RanAsync("small", $"git+http://{server.Host}/jobs.git#subdirectory=jobs/small");
        var whole = server.BytesSent;
        await RanAsync("small", $"git+http://{server.Host}/jobs.git#subdirectory=jobs/small", "--sparse");

        Assert.InRange(server.BytesSent - whole, 1, whole / 10);
    }

    [Theory]
    [InlineData("")]
    [InlineData("@v1")]
    [InlineData("@MIDDLE")]
    [InlineData("@SHORT")]
    public async Task Asks_more_plainly_where_the_server_is_only_files(string revision)
    {
        await using var server = await GitHttpServer.StartAsync(
            Repositories.Root, (application, root) => GitHttpServer.Create(application, root, dumb: true));
        revision = revision.Replace("MIDDLE", Repositories.Middle, StringComparison.Ordinal).Replace("SHORT", Repositories.Middle[..9], StringComparison.Ordinal);

        await RanAsync("", $"git+http://{server.Host}/jobs.git{revision}");
        await RanAsync("small", $"git+http://{server.Host}/jobs.git{revision}#subdirectory=jobs/small", "--sparse");
        await RanAsync("old", $"git+http://{server.Host}/super.git");
    }

    [Fact]
    public async Task Asks_more_plainly_where_the_server_gives_no_single_commit()
    {
        await using var server = await GitHttpServer.StartAsync(
            Repositories.Root, (application, root) => GitHttpServer.Create(application, root, protocol2: false));

        await RanAsync("middle", $"git+http://{server.Host}/jobs.git@{Repositories.Middle}");
        await RanAsync("small", $"git+http://{server.Host}/jobs.git@{Repositories.Middle}#subdirectory=jobs/small", "--sparse");
        await RanAsync("small", $"git+http://{server.Host}/jobs.git#subdirectory=jobs/small", "--sparse");
        await RanAsync("old", $"git+http://{server.Host}/super.git");
    }

    [Fact]
    public async Task Asks_more_plainly_where_the_server_has_no_filter()
    {
        using var folder = new TemporaryFolder();
        await Tool.RunAsync("git", ["clone", "--quiet", "--bare", Path.Combine(Repositories.Root, "jobs.git"), folder["plain.git"]]);
        await using var server = await GitHttpServer.StartAsync(folder.Path);

        await RanAsync("small", $"git+http://{server.Host}/plain.git#subdirectory=jobs/small", "--sparse");
        await RanAsync("middle", $"git+http://{server.Host}/plain.git@{Repositories.Middle[..9]}");
    }

    [Fact]
    public async Task Shows_no_program_a_password_in_its_arguments_and_leaves_none_in_the_checkout()
    {
        using var folder = new TemporaryFolder();
        await using var server = await GitHttpServer.StartAsync(
            Repositories.Root, (application, root) => GitHttpServer.Create(application, root, login: "me:s3cret-word"));
        folder.Write("sitecustomize.py",
            """
            import os
            for root, _, names in os.walk(os.environ.get('ENTRYPOINT_CODE', '/nowhere')):
              for name in names:
                data = open(os.path.join(root, name), 'rb').read()
                if b's3cret' in data or b'TOKEN' in data: print('found in', root, name)
            """);
        var result = await RunWithAsync(
            $"git+http://me:${{TOKEN}}@{server.Host}/super.git",
            new() { ["TOKEN"] = "s3cret-word", ["GIT_TRACE2_EVENT"] = folder["trace"], ["PYTHONPATH"] = folder.Path });

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.DoesNotContain("found in", result.Output, StringComparison.Ordinal);
        var trace = await System.IO.File.ReadAllTextAsync(folder["trace"]);
        Assert.Contains("remote-http", trace, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", trace, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Uses_the_user_s_credential_helper_netrc_and_url_rewriting()
    {
        using var home = new TemporaryFolder();
        await using var server = await GitHttpServer.StartAsync(
            Repositories.Root, (application, root) => GitHttpServer.Create(application, root, login: "me:s3cret-word"));
        home.Write("helper/.gitconfig", "[credential]\n\thelper = \"!f() { echo username=me; echo password=s3cret-word; }; f\"\n");
        home.Write("netrc/.netrc", "machine 127.0.0.1 login me password s3cret-word\n");
        home.Write("rewrite/.gitconfig", $"[url \"http://me:s3cret-word@{server.Host}/\"]\n\tinsteadOf = http://short.invalid/\n");

        foreach (var (name, host) in new[] { ("helper", server.Host), ("netrc", server.Host), ("rewrite", "short.invalid") })
        {
            var result = await RunWithAsync($"git+http://{host}/jobs.git", new() { ["HOME"] = home[name] });
            Assert.True(result.ExitCode == 0, $"{name}: {result}");
        }
    }

    [Fact]
    public async Task Is_not_misled_by_a_git_repository_around_it()
    {
        var result = await RunWithAsync($"{Http}/jobs.git@v1", new()
        {
            ["GIT_DIR"] = "/nowhere",
            ["GIT_WORK_TREE"] = "/nowhere",
            ["GIT_INDEX_FILE"] = "/nowhere/index",
            ["GIT_OBJECT_DIRECTORY"] = "/nowhere/objects",
            ["GIT_CONFIG_PARAMETERS"] = "'http.proxy=http://127.0.0.1:1'",
        });

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("ran first", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refuses_a_certificate_that_it_does_not_know_and_takes_one_that_it_does()
    {
        using var folder = new TemporaryFolder();
        await Tool.RunAsync("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", folder["key.pem"], "-out", folder["cert.pem"]]);
        using var pem = System.Security.Cryptography.X509Certificates.X509Certificate2.CreateFromPemFile(folder["cert.pem"], folder["key.pem"]);
        using var certificate = System.Security.Cryptography.X509Certificates.X509CertificateLoader.LoadPkcs12(
            pem.Export(System.Security.Cryptography.X509Certificates.X509ContentType.Pfx), null);
        await using var server = await GitHttpServer.StartAsync(Repositories.Root, certificate: certificate);

        foreach (var engine in new[] { "program", "library" })
        {
            Dictionary<string, string?> environment = new() { ["ENTRYPOINT_GIT"] = engine, ["HOME"] = Repositories.Home };
            var refused = await EntrypointProcess.RunAsync([$"git+https://{server.Host.Replace("127.0.0.1", "localhost", StringComparison.Ordinal)}/jobs.git"], environment);
            Assert.True(refused.ExitCode == 69, refused.ToString());
            Assert.Contains("certificate", refused.Output, StringComparison.Ordinal);

            environment["GIT_SSL_CAINFO"] = folder["cert.pem"];
            var taken = await EntrypointProcess.RunAsync([$"git+https://{server.Host.Replace("127.0.0.1", "localhost", StringComparison.Ordinal)}/jobs.git"], environment);
            Assert.True(taken.ExitCode == 0, taken.ToString());
        }
    }

    [Fact]
    public async Task Brings_large_files_where_git_lfs_is_installed_and_names_it_where_not()
    {
        using var folder = new TemporaryFolder();
        var work = folder["work"];
        await Tool.RunAsync("git", ["init", "--quiet", "--initial-branch=main", work]);
        await GitRepositories.GitIn(work, "lfs", "install", "--local");
        folder.Write("work/.gitattributes", "*.bin filter=lfs diff=lfs merge=lfs -text\n");
        folder.Write("work/model.bin", "weights");
        folder.Write("work/__main__.py", "print('ran', open(__file__.rsplit('/', 1)[0] + '/model.bin').read())\n");
        folder.Write("work/sub/model.bin", "more weights");
        folder.Write("work/sub/__main__.py", "print('ran', open(__file__.rsplit('/', 1)[0] + '/model.bin').read())\n");
        await GitRepositories.GitIn(work, "add", "--all");
        await GitRepositories.GitIn(work, "commit", "--quiet", "--message", "large");
        await Tool.RunAsync("git", ["init", "--quiet", "--bare", "--initial-branch=main", folder["large.git"]]);
        await GitRepositories.GitIn(work, "push", "--quiet", $"file://{folder["large.git"]}", "main");

        await RanAsync("weights", $"git+file://{folder["large.git"]}");
        await RanAsync("more weights", $"git+file://{folder["large.git"]}#subdirectory=sub", "--sparse");

        Directory.CreateDirectory(folder["bin"]);
        foreach (var name in new[] { "git", "git-upload-pack", "sh" })
        {
            System.IO.File.CreateSymbolicLink(folder[$"bin/{name}"], $"/usr/bin/{name}");
        }

        System.IO.File.CreateSymbolicLink(folder["bin/python3"], Interpreter.Program);
        var without = await RunWithAsync($"git+file://{folder["large.git"]}", new() { ["PATH"] = folder["bin"] });
        Assert.True(without.ExitCode == 0, without.ToString());
        Assert.Contains("git-lfs is not installed", without.Output, StringComparison.Ordinal);
        Assert.Contains("ran version https://git-lfs", without.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_program_is_named_with_its_package()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["bin"]);
        foreach (var (url, package) in new[] { ("git+file:///x", "git"), ("hg+file:///x", "mercurial"), ("svn+file:///x", "subversion"), ("bzr+file:///x", "brz") })
        {
            var result = await RunWithAsync(url, new() { ["PATH"] = folder["bin"] });
            Assert.True(result.ExitCode == 69, result.ToString());
            Assert.Contains($"apt-get install {package}", result.Output, StringComparison.Ordinal);
        }
    }
}
