using Entrypoint.Linux;
using Microsoft.Win32.SafeHandles;

namespace Entrypoint.Processes;

/// <summary>
/// An entry in the user database for programs that want one, where the user id of this program has none (as in pods of Kubernetes and
/// OpenShift): <c>ssh</c> does not start without. It is a small library that is loaded into them (<c>UserEntry.c</c>), carried inside the
/// executable, so that the image need have nothing for it. Its home is the environment's <c>HOME</c>.
/// </summary>
internal static class UserEntry
{
    private const string Resource = "user-entry.so";
    private const string Preload = "LD_PRELOAD";

    /// <summary>Tells the library the user's home, whatever becomes of <c>HOME</c>.</summary>
    private const string Home = "_ENTRYPOINT_HOME";

    private static readonly Lock Gate = new();

    /// <summary>Open as long as the program runs: children open it by its number.</summary>
    private static SafeFileHandle? _memory;
    private static string? _path;
    private static bool _made;

    /// <summary>The environment, with the library where this user has no entry; as it is where it cannot be had.</summary>
    /// <param name="makeFolder">Makes a private temporary folder.</param>
    public static ProcessEnvironment AddTo(ProcessEnvironment environment, Func<string> makeFolder)
    {
        if (UserDatabase.Has(ProcessCalls.EffectiveUser()) || Library(makeFolder) is not { } path)
        {
            return environment;
        }

        var others = environment[Preload];
        if (others?.Split(':').Contains(path) == true)
        {
            return environment;
        }

        var loaded = environment.With(Preload, string.IsNullOrEmpty(others) ? path : $"{path}:{others}");
        return environment.TryGet("HOME", out var home) ? loaded.With(Home, home) : loaded;
    }

    private static string? Library(Func<string> makeFolder)
    {
        lock (Gate)
        {
            if (!_made)
            {
                _made = true;
                using var packed = typeof(UserEntry).Assembly.GetManifestResourceStream(Resource);
                _path = packed is null ? null : InMemory(packed) ?? OnDisk(packed, makeFolder());
            }

            return _path;
        }
    }

    /// <summary>In memory first, since libraries may not be loaded from a temporary folder everywhere (docker's --tmpfs is mounted noexec).</summary>
    private static string? InMemory(Stream library)
    {
        _memory = MemoryCalls.CreateFile(Resource);
        var path = $"/proc/{Environment.ProcessId}/fd/{_memory?.DangerousGetHandle()}";
        if (_memory is null || !File.Exists(path))
        {
            return null;
        }

        using var file = new FileStream(new SafeFileHandle(_memory.DangerousGetHandle(), ownsHandle: false), FileAccess.Write, bufferSize: 0);
        library.CopyTo(file);
        return path;
    }

    /// <summary>Where there is no <c>/proc</c>, or a filter refuses memory files.</summary>
    private static string OnDisk(Stream library, string folder)
    {
        var path = Path.Combine(folder, Resource);
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
        library.CopyTo(file);
        return path;
    }
}
