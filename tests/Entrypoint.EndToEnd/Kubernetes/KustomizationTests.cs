using System.Text.Json;

namespace Entrypoint.EndToEnd.Kubernetes;

/// <summary><c>docker/kubernetes/kustomization.yaml</c>, by the kubectl of newer Debian releases.</summary>
public sealed class KustomizationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("trixie")]
    [InlineData("sid")]
    public async Task Says_at_one_place_what_people_change(string release)
    {
        var settings = await File.ReadAllTextAsync(Repository.File("docker", "kubernetes", "kustomization.yaml"));
        await CopyAsync(settings
            .Replace("  # - indexed-job.yaml", "  - indexed-job.yaml", StringComparison.Ordinal)
            .Replace("image=registry.example.org/entrypoint:1.0.0", "image=registry.example.org/team/ml:2.0", StringComparison.Ordinal)
            .Replace("code=git+https://${GIT_TOKEN}@git.example.org/team/ml.git@main#subdirectory=train", "code=git+https://${GIT_TOKEN}@git.example.org/other.git@v1", StringComparison.Ordinal)
            .Replace("secret=ml-job", "secret=team-token", StringComparison.Ordinal)
            .Replace("workers=4", "workers=16", StringComparison.Ordinal));

        var (errors, documents) = await BuildAsync(release);

        Assert.Empty(errors);
        Assert.Equal(["Job", "Job", "PersistentVolumeClaim", "Service"], documents.Select(Kind).Order(StringComparer.Ordinal));
        Assert.All(documents.Where(document => Kind(document) == "Job").Select(document => JobManifest.Of([document])), job =>
        {
            Assert.Equal("registry.example.org/team/ml:2.0", job.Container.GetProperty("image").GetString());
            Assert.Equal("git+https://${GIT_TOKEN}@git.example.org/other.git@v1", job.Variables["EXECUTE_CODE"].GetProperty("value").GetString());
            Assert.Equal("team-token", job.Variables["GIT_TOKEN"].GetProperty("valueFrom").GetProperty("secretKeyRef").GetProperty("name").GetString());
        });
        var workers = JobManifest.Of(documents.Where(document => document.GetProperty("spec").TryGetProperty("completionMode", out _)));
        Assert.Equal(16, workers.Specification.GetProperty("completions").GetInt32());
        Assert.Equal(16, workers.Specification.GetProperty("parallelism").GetInt32());
        Assert.Equal("16", workers.Variables["WORLD_SIZE"].GetProperty("value").GetString());
    }

    [Fact]
    public async Task Is_the_job_and_its_volume_as_it_stands()
    {
        await CopyAsync(await File.ReadAllTextAsync(Repository.File("docker", "kubernetes", "kustomization.yaml")));

        var (errors, documents) = await BuildAsync("trixie");

        Assert.Empty(errors);
        Assert.Equal(["Job", "PersistentVolumeClaim"], documents.Select(Kind).Order(StringComparer.Ordinal));
    }

    private static string Kind(JsonElement document) => document.GetProperty("kind").GetString()!;

    private async Task CopyAsync(string settings)
    {
        await Tool.RunAsync("cp", ["-R", Repository.File("docker", "kubernetes"), _folder["kubernetes"]]);
        _folder.Write("kubernetes/kustomization.yaml", settings);
    }

    private async Task<(string[] Errors, JsonElement[] Documents)> BuildAsync(string release)
    {
        var kubectl = Path.Combine(await DebianPackages.UnpackAsync(release, "kubectl"), "usr", "bin", "kubectl");
        return await ApiSchemas.CheckAsync(_folder.Write("all.yaml", await Tool.RunAsync(kubectl, ["kustomize", _folder["kubernetes"]])));
    }
}
