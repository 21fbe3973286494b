using System.Runtime.InteropServices;
using System.Text;
using Entrypoint.Processes;
using LibGit2Sharp;

namespace Entrypoint.Sources.VersionControl;

/// <summary>
/// The distribution's libgit2, made known to LibGit2Sharp. That looks for a file of one exact name, so a link of this name is made; and it
/// was made for one version, so only versions whose structures are laid out alike may be used.
/// </summary>
internal static unsafe class GitNativeLibrary
{
    /// <summary>The name that LibGit2Sharp 0.29 looks for.</summary>
    private const string ExpectedName = "git2-a2bde63.so";

    private const int SetCertificateLocations = 12;

    /// <summary>The names of the versions that fit, then those of others, so that what is there can be named.</summary>
    private static readonly string[] Names =
    [
        "libgit2.so.1.7", "libgit2.so.1.6", "libgit2.so.1.5",
        "libgit2.so.1.9", "libgit2.so.1.8", "libgit2.so.1.4", "libgit2.so.1.3", "libgit2.so.1.2", "libgit2.so.1.1", "libgit2.so",
    ];

    private static readonly Lock Gate = new();
    private static bool _loaded;

    /// <summary>Finds, checks and loads it, once.</summary>
    /// <exception cref="FetchFailureException">There is none, or none that can be used.</exception>
    public static void Load(FetchContext context)
    {
        lock (Gate)
        {
            if (_loaded)
            {
                return;
            }

            var handle = Names.Select(name => NativeLibrary.TryLoad(name, out var found) ? found : 0).FirstOrDefault(found => found != 0);
            if (handle == 0)
            {
                throw Unusable("libgit2 is not installed");
            }

            RequireFit(handle);
            var link = Path.Combine(context.Temporary.Create("libgit2"), ExpectedName);
            File.CreateSymbolicLink(link, PathOfLoaded());
            GlobalSettings.NativeLibraryPath = Path.GetDirectoryName(link);
            TrustAuthorities(handle, context.Options.Settings.Environment);
            _loaded = true;
        }
    }

    private static void RequireFit(nint library)
    {
        int major, minor, patch;
        ((delegate* unmanaged<int*, int*, int*, int>)NativeLibrary.GetExport(library, "git_libgit2_version"))(&major, &minor, &patch);
        if (major != 1 || minor is < 5 or > 7)
        {
            throw Unusable($"libgit2 {major}.{minor}.{patch} is here, of which the structures are not known");
        }
    }

    private static FetchFailureException Unusable(string what) => new(
        FailureKind.ProgramMissing,
        $"{what}, and Git works in process only with libgit2 1.5, 1.6 or 1.7; install the git program (Debian: apt-get install git) or such a libgit2 (Debian 12: apt-get install libgit2-1.5)");

    /// <summary>The kernel knows which file was loaded.</summary>
    private static string PathOfLoaded()
    {
        foreach (var line in File.ReadLines("/proc/self/maps"))
        {
            if (line.IndexOf('/', StringComparison.Ordinal) is var slash and > 0 && Path.GetFileName(line[slash..]).StartsWith("libgit2.so", StringComparison.Ordinal))
            {
                return line[slash..];
            }
        }

        throw Unusable("libgit2 was loaded from no file");
    }

    /// <summary>Further authorities, named as for the <c>git</c> program and for OpenSSL.</summary>
    private static void TrustAuthorities(nint library, ProcessEnvironment environment)
    {
        var file = environment.Get("GIT_SSL_CAINFO", environment.Get("SSL_CERT_FILE", ""));

        // One or the other: libgit2 drops both where a single file of a folder cannot be read.
        var folder = file.Length > 0 ? "" : environment.Get("GIT_SSL_CAPATH", environment.Get("SSL_CERT_DIR", ""));
        if (file.Length == 0 && folder.Length == 0)
        {
            return;
        }

        // Counted by the library; LibGit2Sharp does it again when it is first used.
        _ = ((delegate* unmanaged<int>)NativeLibrary.GetExport(library, "git_libgit2_init"))();
        fixed (byte* fileBytes = Encoding.UTF8.GetBytes(file + "\0"), folderBytes = Encoding.UTF8.GetBytes(folder + "\0"))
        {
            var status = ((delegate* unmanaged<int, byte*, byte*, int>)NativeLibrary.GetExport(library, "git_libgit2_opts"))(
                SetCertificateLocations, file.Length > 0 ? fileBytes : null, folder.Length > 0 ? folderBytes : null);
            if (status != 0 && file.Length > 0)
            {
                throw new FetchFailureException(FailureKind.Certificate, $"the authorities in {file} cannot be read (GIT_SSL_CAINFO, else SSL_CERT_FILE)");
            }
        }
    }
}
