using System.Formats.Tar;

namespace Entrypoint.EndToEnd.Containers;

/// <summary>What lies in the layers of the images, be it hidden by a later one or not.</summary>
[Collection(ContainerImages.Collection)]
public sealed class LayerTests(JobImage job, WorkspaceImage workspace) : IClassFixture<JobImage>, IClassFixture<WorkspaceImage>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Every image that is built from <c>docker/</c>.</summary>
    public static TheoryData<string> Images => [ContainerImages.Jobs, JobImage.Name, WorkspaceImage.Name];

    [Theory]
    [MemberData(nameof(Images))]
    public async Task Hold_no_package_lists_and_no_archives(string image)
    {
        Assert.NotNull(job);
        Assert.NotNull(workspace);

        var files = await FilesAsync(image);

        Assert.Contains("usr/local/bin/entrypoint", files);
        Assert.DoesNotContain(files, file => file.EndsWith(".deb", StringComparison.Ordinal));
        Assert.DoesNotContain(files, file => file.StartsWith("var/lib/apt/lists/", StringComparison.Ordinal));
        Assert.DoesNotContain(files, file => file.StartsWith("var/cache/apt/", StringComparison.Ordinal) && file.EndsWith(".bin", StringComparison.Ordinal));
        Assert.DoesNotContain(files, file => file.Contains("/pip/cache/", StringComparison.Ordinal) || file.StartsWith("root/.cache/", StringComparison.Ordinal));
    }

    /// <summary>The files of all layers, by their paths below the root.</summary>
    private async Task<List<string>> FilesAsync(string image)
    {
        await Podman.CommandAsync("save", "--format", "docker-archive", "--output", _folder["image.tar"], image);
        var files = new List<string>();
        await using var stream = File.OpenRead(_folder["image.tar"]);
        await using var archive = new TarReader(stream);
        while (await archive.GetNextEntryAsync() is { } part)
        {
            if (part.Name.EndsWith(".tar", StringComparison.Ordinal) && part.DataStream is { } content)
            {
                await using var layer = new TarReader(content, leaveOpen: true);
                while (await layer.GetNextEntryAsync() is { } entry)
                {
                    if (entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile)
                    {
                        files.Add(entry.Name.StartsWith("./", StringComparison.Ordinal) ? entry.Name[2..] : entry.Name);
                    }
                }
            }
        }

        return files;
    }
}
