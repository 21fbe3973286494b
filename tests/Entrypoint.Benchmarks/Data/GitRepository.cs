using System.Text;
using CliWrap;
using CliWrap.Buffered;

namespace Entrypoint.Benchmarks.Data;

/// <summary>A bare repository with a history, written by <c>git fast-import</c>, that serves partial clones.</summary>
/// <param name="Path">Its folder.</param>
/// <param name="OldCommit">A commit in the middle of the history, which no branch or tag names.</param>
internal sealed record GitRepository(string Path, string OldCommit)
{
    /// <summary>Makes one.</summary>
    /// <param name="run">Runs a program and returns what it prints.</param>
    public static async Task<GitRepository> MakeAsync(string path, int files, int commits, Func<string, string[], Task<string>> run)
    {
        await run("git", ["init", "--quiet", "--bare", "--initial-branch=main", path]);
        var history = PipeSource.Create(async (stream, cancellationToken) =>
        {
            await using var buffered = new BufferedStream(stream, 1 << 20);
            Write(buffered, files, commits);
            await buffered.FlushAsync(cancellationToken);
        });
        await Cli.Wrap("git").WithArguments(["-C", path, "fast-import", "--quiet"]).WithStandardInputPipe(history).ExecuteBufferedAsync();

        await run("git", ["-C", path, "config", "uploadpack.allowFilter", "true"]);
        await run("git", ["-C", path, "repack", "-adq", "--write-bitmap-index"]);
        var old = await run("git", ["-C", path, "rev-parse", $"main~{commits / 2}"]);
        return new GitRepository(path, old.Trim());
    }

    /// <summary>The first commit has all files, each later one changes a few; <c>v1</c> is a tag near the end.</summary>
    private static void Write(Stream stream, int files, int commits)
    {
        var source = new SourceFiles(1);
        (string Name, byte[] Content)[] tree = [.. source.Tree(files, files / 4)];
        for (var commit = 0; commit < commits; commit++)
        {
            Line(stream, $"commit refs/heads/main\ncommitter Bench <bench@example.org> {1_600_000_000 + (commit * 3600)} +0000\ndata 6\nchange");
            var changed = commit == 0 ? tree : tree.Where((file, i) => i % commits == commit && file.Content.Length > 0).Take(20).Select(file => file with { Content = source.Next(3000) });
            foreach (var (name, content) in changed)
            {
                Line(stream, $"M 100644 inline {name}\ndata {content.Length}");
                stream.Write(content);
                Line(stream, "");
            }

            if (commit == commits * 9 / 10)
            {
                Line(stream, "reset refs/tags/v1\nfrom refs/heads/main\n");
            }
        }
    }

    private static void Line(Stream stream, string text) => stream.Write(Encoding.ASCII.GetBytes(text + "\n"));
}
