namespace Entrypoint.EndToEnd.Containers;

/// <summary>The images that <c>docker/Dockerfile</c> builds the executable with, under the names that it knows them by.</summary>
public static class BuildTools
{
    private const string Sdk = "mcr.microsoft.com/dotnet/sdk:10.0";

    /// <summary>Makes them, from this machine's SDK and from packages: there may be no registry to take them from.</summary>
    public static async Task MakeAsync()
    {
        await Podman.CommandAsync("tag", await DebianImages.OfAsync("bookworm"), "localhost/debian:bookworm-slim");
        await Podman.CommandAsync("tag", await DebianImages.OfAsync("bullseye"), "localhost/debian:bullseye-slim");
        using var machine = new TemporaryFolder();
        CopyIfThere(machine, Environment.GetEnvironmentVariable("SSL_CERT_FILE") ?? "/etc/ssl/certs/ca-certificates.crt", "etc/ssl/certs/ca-certificates.crt");
        CopyIfThere(machine, Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget/NuGet/NuGet.Config"), "root/.nuget/NuGet/NuGet.Config");
        await Podman.BuildAsync(
            Sdk,
            Repository.File("tests", "Entrypoint.EndToEnd", "Containers", "sdk.Dockerfile"),
            machine.Path,
            "--build-arg",
            $"BASE_IMAGE={ContainerImages.Debian}",
            "--build-context",
            $"dotnet={DotnetFolder()}",
            "--build-context",
            $"machine={machine.Path}");
    }

    /// <summary>Where the SDK is that builds these tests.</summary>
    private static string DotnetFolder() => Path.GetFullPath("../../../", System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory());

    private static void CopyIfThere(TemporaryFolder folder, string file, string name)
    {
        if (File.Exists(file))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(folder[name])!);
            File.Copy(file, folder[name]);
        }
    }
}
