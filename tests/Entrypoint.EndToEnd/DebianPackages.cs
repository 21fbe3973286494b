using System.Collections.Concurrent;

namespace Entrypoint.EndToEnd;

/// <summary>Packages of other Debian releases, unpacked into the tests' cache and not installed.</summary>
public static class DebianPackages
{
    private static readonly TimeSpan DownloadLimit = TimeSpan.FromMinutes(10);

    /// <summary>Once for all tests, which may run side by side.</summary>
    private static readonly ConcurrentDictionary<string, Lazy<Task<string>>> Folders = new();

    /// <summary>The folder that holds the files of the packages, by their full path below it.</summary>
    /// <param name="release">Debian's name of it: <c>trixie</c>, <c>sid</c>.</param>
    public static Task<string> UnpackAsync(string release, params string[] packages) => Folders.GetOrAdd(
        $"debian-{release}-{string.Join('-', packages)}",
        name => new Lazy<Task<string>>(async () =>
        {
            var folder = Path.Combine(TestCache.Root, name);
            await Tool.RunAsync(Repository.File("tests", "debian-package.sh"), [release, folder, .. packages], limit: DownloadLimit);
            return folder;
        })).Value;
}
