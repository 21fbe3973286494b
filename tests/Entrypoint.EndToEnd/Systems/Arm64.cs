namespace Entrypoint.EndToEnd.Systems;

/// <summary>The executable for arm64.</summary>
public static class Arm64
{
    /// <summary>Where <c>docker/publish.sh artifacts/arm64 arm64</c> puts it.</summary>
    public static string Executable { get; } = Locate();

    private static string Locate()
    {
        var file = Repository.File("artifacts", "arm64", "entrypoint");
        return File.Exists(file) ? file : throw new InvalidOperationException($"There is no {file}: docker/publish.sh artifacts/arm64 arm64 makes it.");
    }
}
