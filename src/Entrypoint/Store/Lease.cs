using System.Globalization;
using System.Text;
using Entrypoint.Linux;
using Microsoft.Win32.SafeHandles;

namespace Entrypoint.Store;

/// <summary>
/// Held on something kept while it is built or used, so that nobody removes it: a shared lock (<c>flock</c>) on a small file beside it.
/// Who removes it takes the lock for himself first. The time of the file is that of the last use. Where there are no locks nothing is
/// held, and then nothing is removed by a start either.
/// </summary>
internal sealed class Lease : IDisposable
{
    private const string Ending = ".lease";
    private const int LongestText = 512;

    private readonly SafeFileHandle? _file;
    private readonly bool _isUse;

    private Lease(SafeFileHandle? file, bool isUse) => (_file, _isUse) = (file, isUse);

    /// <summary>The file of a folder.</summary>
    public static string FileOf(string folder) => Path.Combine(Path.GetDirectoryName(folder)!, $".{Path.GetFileName(folder)}{Ending}");

    /// <summary>The names of the folders in a place that have one, there or not.</summary>
    public static IEnumerable<string> NamesIn(string place) =>
        OsFile.IsFolder(place)
            ? Directory.GetFiles(place, $".*{Ending}").Select(file => Path.GetFileName(file)[1..^Ending.Length]).Where(name => name.Length > 0)
            : [];

    /// <summary>Holds a folder, and notes that it is used; null where it is being removed.</summary>
    public static Lease? Hold(string folder)
    {
        var path = FileOf(folder);
        if (FileCalls.OpenExisting(path, forWriting: false) is not { Succeeded: true, Value: var file })
        {
            // A copy without it, which nobody removes then.
            return new Lease(null, isUse: false);
        }

        if (FileCalls.TryLock(file, shared: true) == LockAnswer.Taken || !FileCalls.IsStillAt(file, path))
        {
            file.Dispose();
            return null;
        }

        _ = FileCalls.Touch(file);
        return new Lease(file, isUse: true);
    }

    /// <summary>Makes the file of a folder that is about to be made, and holds it; the error is <see cref="Errno.EEXIST"/> where another has.</summary>
    /// <param name="token">The name of this run, by which what it leaves running can be found.</param>
    public static (Lease? Lease, Errno Error) Claim(string folder, string token)
    {
        var path = FileOf(folder);
        var permissions = Rights.OfFileIn(Path.GetDirectoryName(folder)!);
        var created = FileCalls.CreateLockFile(path, permissions);
        if (!created.Succeeded)
        {
            return (null, created.Error);
        }

        var file = created.Value;
        if (FileCalls.TryLock(file, shared: true) == LockAnswer.Taken || !FileCalls.IsStillAt(file, path))
        {
            // Somebody who tidies up was quicker.
            file.Dispose();
            return (null, Errno.EEXIST);
        }

        _ = FileCalls.ChangeMode((int)file.DangerousGetHandle(), permissions);
        try
        {
            RandomAccess.Write(file, Encoding.UTF8.GetBytes($"{token}\n{Environment.ProcessId.ToString(CultureInfo.InvariantCulture)}\n{ProcessCalls.HostName()}\n"), 0);
        }
        catch (IOException)
        {
            // A full disk: it holds all the same.
            return (new Lease(file, isUse: true), Errno.None);
        }

        return (new Lease(file, isUse: true), Errno.None);
    }

    /// <summary>Takes a folder to remove it, so that nobody else can hold it; null where somebody holds it, or where that cannot be found out.</summary>
    /// <param name="withoutLocks">Whether it is taken where there are no locks.</param>
    public static Lease? TakeForRemoval(string folder, bool withoutLocks)
    {
        var path = FileOf(folder);
        if (FileCalls.OpenExisting(path, forWriting: true) is not { Succeeded: true, Value: var file })
        {
            return null;
        }

        var answer = FileCalls.TryLock(file, shared: false);
        if ((answer == LockAnswer.Held || (withoutLocks && answer == LockAnswer.NotHere)) && FileCalls.IsStillAt(file, path))
        {
            return new Lease(file, isUse: false);
        }

        file.Dispose();
        return null;
    }

    /// <summary>The name of the run that made the folder; null where it could not write it down.</summary>
    public string? ReadToken()
    {
        if (_file is null)
        {
            return null;
        }

        var buffer = new byte[LongestText];
        var length = RandomAccess.Read(_file, buffer, 0);
        return Encoding.UTF8.GetString(buffer, 0, length).Split('\n', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
    }

    /// <summary>Stops holding the folder, and notes that it was in use until now.</summary>
    public void Dispose()
    {
        if (_isUse && _file is { IsClosed: false })
        {
            _ = FileCalls.Touch(_file);
        }

        _file?.Dispose();
    }
}
