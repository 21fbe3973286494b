using System.IO.Compression;
using System.Runtime.InteropServices;
using Entrypoint.Failures;
using Entrypoint.Linux;
using LibGit2Sharp;
using Microsoft.Win32.SafeHandles;

namespace Entrypoint.Sources.VersionControl;

/// <summary>
/// libgit2 as it comes with LibGit2Sharp, carried compressed inside the executable. LibGit2Sharp looks for a file of one exact name, so a
/// link of this name is made to where it was unpacked.
/// </summary>
internal static class GitNativeLibrary
{
    private const string Resource = "libgit2-";

    private static readonly Lock Gate = new();

    /// <summary>Open as long as the program runs: LibGit2Sharp opens it once more by its name.</summary>
    private static SafeFileHandle? _memory;
    private static bool _loaded;

    /// <summary>Unpacks and loads it, once.</summary>
    /// <param name="makeFolder">Makes a private temporary folder.</param>
    /// <exception cref="FetchFailureException">The system does not let it be loaded.</exception>
    public static void Load(Func<string> makeFolder)
    {
        lock (Gate)
        {
            if (_loaded)
            {
                return;
            }

            var name = Array.Find(typeof(GitNativeLibrary).Assembly.GetManifestResourceNames(), resource => resource.StartsWith(Resource, StringComparison.Ordinal))!;
            var folder = InMemory(name, makeFolder()) ?? OnDisk(name, makeFolder()) ?? throw new FetchFailureException(
                FailureKind.ProgramMissing,
                $"Git in process cannot be loaded here (no /proc or no memory files, and TMPDIR is mounted noexec), and there is no git program; {Packages.Install(Packages.Git)}");
            GlobalSettings.NativeLibraryPath = folder;
            _loaded = true;
        }
    }

    /// <summary>In memory first, since programs may not be run from a temporary folder everywhere (docker's --tmpfs is mounted noexec).</summary>
    private static string? InMemory(string name, string folder)
    {
        _memory = MemoryCalls.CreateFile(name);
        if (_memory is null)
        {
            return null;
        }

        using (var file = new FileStream(new SafeFileHandle(_memory.DangerousGetHandle(), ownsHandle: false), FileAccess.Write, bufferSize: 0))
        {
            Unpack(name, file);
        }

        var link = FileIn(folder, name);
        File.CreateSymbolicLink(link, $"/proc/self/fd/{_memory.DangerousGetHandle()}");
        return NativeLibrary.TryLoad(link, out _) ? folder : null;
    }

    /// <summary>Where there is no <c>/proc</c>, or a filter refuses memory files.</summary>
    private static string? OnDisk(string name, string folder)
    {
        var path = FileIn(folder, name);
        try
        {
            using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
            Unpack(name, file);
        }
        catch (IOException exception)
        {
            throw new EntrypointException(ExitCode.InputOutput, $"Cannot unpack libgit2 into {folder}: {exception.Message}", exception);
        }

        return NativeLibrary.TryLoad(path, out _) ? folder : null;
    }

    private static string FileIn(string folder, string name) => Path.Combine(folder, name["lib".Length..] + ".so");

    private static void Unpack(string name, Stream target)
    {
        using var packed = new GZipStream(typeof(GitNativeLibrary).Assembly.GetManifestResourceStream(name)!, CompressionMode.Decompress);
        packed.CopyTo(target);
    }
}
