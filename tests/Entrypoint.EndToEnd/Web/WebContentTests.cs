using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Entrypoint.EndToEnd.Web;

/// <summary>What may come from a web address: code in any wrapping, and what only looks like an answer.</summary>
public sealed class WebContentTests : IDisposable
{
    private const string Page = "<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body></body></html>\n";

    private readonly TemporaryFolder _folder = new();

    public WebContentTests() => Directory.CreateDirectory(_folder["tmp"]);

    public void Dispose()
    {
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder["tmp"]));
        _folder.Dispose();
    }

    [Theory]
    [InlineData("/repository", Page, "text/html; charset=utf-8", "a web page (HTML) that says 'Sign in'")]
    [InlineData("/repository", Page, null, "a web page (HTML) that says 'Sign in'")]
    [InlineData("/repository", "Moved. <a href='/x'>here</a>\n", "text/html", "a web page (HTML)")]
    [InlineData("/job.py", Page, "text/plain", "a web page (HTML)")]
    [InlineData("/api", "{\"message\": \"Not Found\"}", "application/json", "a JSON document that says 'Not Found'")]
    [InlineData("/api", "[]", null, "a JSON document")]
    [InlineData("/api", "\"Not Found\"", "application/problem+json", "a JSON document")]
    [InlineData("/s3", "<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code></Error>", "application/xml", "an XML document")]
    [InlineData("/job.py", "", "text/x-python", "nothing at all")]
    [InlineData("/job.py", "\n", null, "nothing at all")]
    [InlineData("/program", "\u007fELF\0\0", null, "binary data")]
    [InlineData("/job.zip", Page, "text/html", "named like an archive, but it is a web page (HTML)")]
    [InlineData("/job.tar.gz?x=1", "print('ran')\n", null, "named like an archive, but it is text")]
    [InlineData("/job.pyz", "", null, "named like an archive, but it is empty")]
    public async Task What_is_no_code_is_refused_and_named(string path, string content, string? type, string words)
    {
        await using var server = await StubServer.StartAsync((context, _) => Send(context, Encoding.UTF8.GetBytes(content), type));

        var run = await RunAsync(server.Address + path);

        Assert.True(run.ExitCode == 65, run.ToString());
        Assert.Contains(words, run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text/html")]
    [InlineData("application/json")]
    [InlineData("application/octet-stream")]
    public async Task A_script_runs_whatever_the_server_calls_it(string type)
    {
        await using var server = await StubServer.StartAsync((context, _) => Send(context, Packages.Script(), type));

        var run = await RunAsync(server.Address + "/script");

        Assert.True(run.ExitCode == 0, run.ToString());
    }

    [Fact]
    public async Task A_notebook_is_answered_with_the_way_to_make_a_script_of_it()
    {
        await using var server = await StubServer.StartAsync((context, _) => Send(context, "{\"cells\": []}"u8.ToArray(), null));

        var run = await RunAsync(server.Address + "/train.ipynb");

        Assert.True(run.ExitCode == 65, run.ToString());
        Assert.Contains("jupyter nbconvert --to script 'train.ipynb'", run.Output, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Theory]
    [InlineData("__main__.py", 0)]
    [InlineData("job-1.0/__main__.py", 0)]
    [InlineData("../../evil", 65)]
    public async Task An_uncompressed_tar_is_unpacked_or_refused(string name, int code)
    {
        var tar = Tar(name);
        await using var server = await StubServer.StartAsync((context, number) => Send(context, tar, null));

        var run = await RunAsync(server.Address + "/job.tar");

        Assert.True(run.ExitCode == code, run.ToString());
        Assert.Equal(code == 0, run.Output.Contains("ran tar", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_tar_that_is_cut_off_is_broken()
    {
        var tar = Tar("__main__.py");
        await using var server = await StubServer.StartAsync((context, _) => Send(context, tar[..700], null));

        var run = await RunAsync(server.Address + "/job.tar");

        Assert.True(run.ExitCode == 65, run.ToString());
    }

    [Theory]
    [InlineData("/job.py", "gzip", 0)]
    [InlineData("/job.zip", "x-gzip", 0)]
    [InlineData("/job.tgz", "gzip", 0)]
    [InlineData("/twice.tgz", "gzip", 0)]
    [InlineData("/plain.py", "gzip", 0)]
    [InlineData("/deflated.py", "deflate", 0)]
    [InlineData("/job.py", "identity", 65)]
    [InlineData("/job.py", "br", 65)]
    public async Task An_encoding_that_nobody_asked_for_is_taken_away(string path, string encoding, int code)
    {
        var tarGz = Gzip(Tar("__main__.py"));
        await using var server = await StubServer.StartAsync((context, _) =>
        {
            context.Response.Headers.ContentEncoding = encoding;
            return Send(context, context.Request.Path.Value switch
            {
                "/job.py" => Gzip(Packages.Script()),
                "/job.zip" => Gzip(Packages.Zip(("__main__.py", "print('ran zip')\n"))),
                "/job.tgz" => tarGz,
                "/twice.tgz" => Gzip(tarGz),
                "/deflated.py" => Deflated(Packages.Script()),
                _ => Packages.Script(),
            }, null);
        });

        var run = await RunAsync(server.Address + path);

        Assert.True(run.ExitCode == code, run.ToString());
        if (encoding == "br")
        {
            Assert.Contains("Content-Encoding 'br'", run.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_encoding_that_ends_too_early_is_no_whole_file()
    {
        await using var server = await StubServer.StartAsync((context, _) =>
        {
            context.Response.Headers.ContentEncoding = "gzip";
            return Send(context, Gzip(Packages.Script())[..^9], null);
        });

        var run = await RunAsync(server.Address + "/job.py");

        Assert.True(run.ExitCode == 65, run.ToString());
        Assert.Contains("Content-Encoding", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sha256", true)]
    [InlineData("sha384", true)]
    [InlineData("sha512", true)]
    [InlineData("sha256", false)]
    [InlineData("sha512", false)]
    public async Task A_digest_must_fit(string algorithm, bool fits)
    {
        var archive = Gzip(Tar("__main__.py"));
        var digest = Convert.ToHexString(algorithm switch
        {
            "sha256" => SHA256.HashData(archive),
            "sha384" => SHA384.HashData(archive),
            _ => SHA512.HashData(archive),
        });
        await using var server = await StubServer.StartAsync((context, _) => Send(context, archive, null));

        var run = await RunAsync($"{server.Address}/job.tgz#{algorithm}={(fits ? digest : $"{digest[1..]}{(digest[0] == '0' ? '1' : '0')}")}&egg=x");

        Assert.True(run.ExitCode == (fits ? 0 : 65), run.ToString());
        Assert.Equal(fits, run.Output.Contains("ran tar", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_digest_of_an_encoded_file_is_that_of_what_was_sent_or_of_what_is_in_it(bool ofWhatWasSent)
    {
        var sent = Gzip(Packages.Script());
        var digest = Convert.ToHexStringLower(SHA256.HashData(ofWhatWasSent ? sent : Packages.Script()));
        await using var server = await StubServer.StartAsync((context, _) =>
        {
            context.Response.Headers.ContentEncoding = "gzip";
            return Send(context, sent, null);
        });

        var run = await RunAsync($"{server.Address}/job.py#sha256={digest}");

        Assert.True(run.ExitCode == 0, run.ToString());
    }

    [Fact]
    public async Task A_download_that_was_continued_has_its_digest()
    {
        var archive = Packages.TarGz(300_000, ("job/__main__.py", "print('ran package')\n"));
        await using var server = await StubServer.StartAsync((context, number) =>
        {
            context.Response.Headers.ETag = "\"one\"";
            return number == 1 ? StubServer.SendAsync(context, archive, 200_000) : StubServer.SendRangeAsync(context, archive, "\"one\"");
        });

        var run = await RunAsync($"{server.Address}/job.tgz#sha256={Convert.ToHexStringLower(SHA256.HashData(archive))}");

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.NotNull(server.Requests.Last().Range);
    }

    private static Task Send(HttpContext context, byte[] content, string? type)
    {
        context.Response.ContentType = type;
        return StubServer.SendAsync(context, content);
    }

    private static byte[] Tar(string name)
    {
        var memory = new MemoryStream();
        using (var tar = new TarWriter(memory))
        {
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream("print('ran tar')\n"u8.ToArray()) });
        }

        return memory.ToArray();
    }

    private static byte[] Gzip(byte[] content)
    {
        var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionLevel.Fastest))
        {
            gzip.Write(content);
        }

        return memory.ToArray();
    }

    private static byte[] Deflated(byte[] content)
    {
        var memory = new MemoryStream();
        using (var deflate = new ZLibStream(memory, CompressionLevel.Fastest))
        {
            deflate.Write(content);
        }

        return memory.ToArray();
    }

    private Task<RunResult> RunAsync(string address) => EntrypointProcess.RunAsync(
        [address], new Dictionary<string, string?> { ["TMPDIR"] = _folder["tmp"], ["ENTRYPOINT_STATE"] = _folder["state"] });
}
