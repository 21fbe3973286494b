namespace Entrypoint.EndToEnd.Containers;

/// <summary>The images of <c>docker/</c>, built once for all tests of the collection, on a Debian made from packages.</summary>
public sealed class ContainerImages : IAsyncLifetime
{
    /// <summary>The name of the collection.</summary>
    public const string Collection = "Containers";

    /// <summary>A bare Debian 12.</summary>
    public const string Debian = "localhost/entrypoint-test/debian:bookworm";

    /// <summary><c>docker/Dockerfile</c>.</summary>
    public const string Jobs = "localhost/entrypoint-test/jobs";

    public async ValueTask InitializeAsync()
    {
        _ = await DebianImages.OfAsync("bookworm");
        using var context = new BuildContext();
        await Podman.BuildAsync(
            Jobs, Repository.File("docker", "Dockerfile"), Repository.Root, [.. context.Words, "--build-arg", $"BASE_IMAGE={Debian}"]);
    }

    /// <summary>The images stay, since their layers make the next build fast.</summary>
    public async ValueTask DisposeAsync() => await Podman.RemoveReplacedImagesAsync();
}

/// <summary>Tests that run containers, one class after another.</summary>
[CollectionDefinition(ContainerImages.Collection)]
public sealed class ContainersDefinition : ICollectionFixture<ContainerImages>;
