using Entrypoint.Failures;
using Entrypoint.Linux;

namespace Entrypoint.Sources.Archives;

/// <summary>
/// A folder that an archive is unpacked to, and that nothing in the archive gets out of. Every name is walked from the folder itself with
/// links refused on the way, so that an entry cannot be written through a link that an earlier one made; where the links lead is checked
/// when all entries are there.
/// </summary>
internal sealed class UnpackFolder : IDisposable
{
    private const int UsualFolderMode = 0x1ED; // 0755
    private const int OwnerAll = 0x1C0; // 0700
    private const int ModeBits = 0x1FF; // 0777: no setuid, setgid or sticky bit

    private readonly string _path;
    private readonly string _display;
    private readonly int _root;
    private readonly List<(string[] Parts, int Mode)> _folderModes = [];
    private readonly List<string[]> _links = [];
    private string[] _openParts = [];
    private int _open;

    /// <param name="path">An empty folder.</param>
    /// <param name="display">The archive, for messages.</param>
    public UnpackFolder(string path, string display)
    {
        (_path, _display) = (path, display);
        _root = FolderCalls.OpenRoot(path);
        _open = _root >= 0 ? _root : throw Failure(".", Native.LastError);
    }

    /// <summary>Makes a folder, if it is not there yet.</summary>
    /// <param name="mode">Its permissions; null where the archive does not say.</param>
    public void AddFolder(string name, int? mode)
    {
        var parts = EntryName.Parts(name, _display);
        Enter(parts, name);
        if (mode is { } given && parts.Length > 0 && (given & ModeBits) != UsualFolderMode)
        {
            // Not yet: it may forbid to write what still comes.
            _folderModes.Add((parts, (given & ModeBits) | OwnerAll));
        }
    }

    /// <summary>Makes a file; one of the same name that an earlier entry made is replaced, as tar does.</summary>
    public UnpackedFile AddFile(string name)
    {
        var (folder, last) = Place(name);
        var file = FolderCalls.CreateFile(folder, last);
        if (file < 0 && Native.LastError == FolderCalls.EEXIST && Check(FolderCalls.Unlink(folder, last), name) == 0)
        {
            file = FolderCalls.CreateFile(folder, last);
        }

        return new UnpackedFile(Check(file, name), this, name);
    }

    /// <summary>Makes a symbolic link.</summary>
    public void AddLink(string name, string target)
    {
        if (target.Length == 0 || target.StartsWith('/') || target.Contains('\0', StringComparison.Ordinal))
        {
            throw LinkLeaves(name, target);
        }

        var (folder, last) = Place(name);
        if (FolderCalls.SymbolicLink(target, folder, last) < 0)
        {
            Retry(folder, last, name, () => FolderCalls.SymbolicLink(target, folder, last));
        }

        _links.Add(EntryName.Parts(name, _display));
    }

    /// <summary>Gives a second name to a file that an earlier entry made.</summary>
    public void AddHardLink(string name, string target)
    {
        var targetParts = EntryName.Parts(target, _display);
        if (targetParts.Length == 0)
        {
            throw LinkLeaves(name, target);
        }

        var targetFolder = OpenFrom(targetParts[..^1], name, make: false);
        try
        {
            var (folder, last) = Place(name);
            if (FolderCalls.HardLink(targetFolder, targetParts[^1], folder, last) < 0)
            {
                Retry(folder, last, name, () => FolderCalls.HardLink(targetFolder, targetParts[^1], folder, last));
            }
        }
        finally
        {
            CloseUnlessRoot(targetFolder);
        }

        _links.Add(EntryName.Parts(name, _display));
    }

    /// <summary>Checks where all links lead, and sets the permissions of the folders.</summary>
    public void Complete()
    {
        foreach (var link in _links)
        {
            if (TreeWalk.Go(_path, link, out _) == TreeWalkEnd.Outside)
            {
                throw LinkLeaves(string.Join('/', link), null);
            }
        }

        foreach (var (parts, mode) in _folderModes)
        {
            Enter(parts, parts[^1]);
            _ = Check(FolderCalls.ChangeMode(_open, mode), parts[^1]);
        }
    }

    public void Dispose()
    {
        CloseUnlessRoot(_open);
        _ = FolderCalls.Close(_root);
    }

    /// <summary>What a system call's failure on an entry means.</summary>
    public EntrypointException Failure(string name, int error)
    {
        var (code, advice) = error switch
        {
            FolderCalls.ENOSPC or FolderCalls.EDQUOT => (ExitCode.InputOutput, " Make room there, or set TMPDIR to a folder with more."),
            FolderCalls.EIO or FolderCalls.EFBIG or FolderCalls.EROFS => (ExitCode.InputOutput, ""),
            Native.EACCES => (ExitCode.CannotCreate, ""),
            _ => (ExitCode.DataError, " The entry's name does not go together with an earlier one, or no file can have it."),
        };
        return new EntrypointException(
            code, $"Cannot unpack '{EntryName.Show(name)}' of {_display} to {_path}: {Native.Describe(error)}.{advice}");
    }

    private (int Folder, string Last) Place(string name)
    {
        var parts = EntryName.Parts(name, _display);
        if (parts.Length == 0)
        {
            throw Failure(name, FolderCalls.EEXIST);
        }

        return (Enter(parts[..^1], name), parts[^1]);
    }

    /// <summary>Opens a folder below the root, making what is missing. It stays open: most entries stand beside the one before.</summary>
    private int Enter(string[] parts, string name)
    {
        if (parts.AsSpan().SequenceEqual(_openParts))
        {
            return _open;
        }

        var folder = OpenFrom(parts, name, make: true);
        CloseUnlessRoot(_open);
        (_open, _openParts) = (folder, parts);
        return folder;
    }

    private int OpenFrom(string[] parts, string name, bool make)
    {
        var folder = _root;
        foreach (var part in parts)
        {
            var next = FolderCalls.OpenFolder(folder, part);
            if (next < 0 && make && Native.LastError == Native.ENOENT
                && (FolderCalls.MakeFolder(folder, part, UsualFolderMode) == 0 || Native.LastError == FolderCalls.EEXIST))
            {
                // Made here, or by another thread meanwhile.
                next = FolderCalls.OpenFolder(folder, part);
            }

            var error = Native.LastError;
            CloseUnlessRoot(folder);
            folder = next >= 0 ? next : throw Failure(name, error);
        }

        return folder;
    }

    private void Retry(int folder, string last, string name, Func<int> call)
    {
        if (Native.LastError != FolderCalls.EEXIST)
        {
            throw Failure(name, Native.LastError);
        }

        _ = Check(FolderCalls.Unlink(folder, last), name);
        _ = Check(call(), name);
    }

    private int Check(int result, string name) => result >= 0 ? result : throw Failure(name, Native.LastError);

    private void CloseUnlessRoot(int folder)
    {
        if (folder != _root)
        {
            _ = FolderCalls.Close(folder);
        }
    }

    private EntrypointException LinkLeaves(string name, string? target) => new(
        ExitCode.DataError,
        $"{_display} is not unpacked: its link '{EntryName.Show(name)}'{(target is null ? "" : $" to '{EntryName.Show(target)}'")} leads out of the folder. Pack what it leads to in its place.");
}

/// <summary>A file of an archive while it is written.</summary>
internal readonly struct UnpackedFile(int descriptor, UnpackFolder folder, string name) : IDisposable
{
    private const int ModeBits = 0x1FF; // 0777
    private const int OwnerRead = 0x100;
    private const int UsualMode = 0x1A4; // 0644

    /// <summary>Writes all of the bytes.</summary>
    public unsafe void Write(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            nint written;
            fixed (byte* start = bytes)
            {
                written = Native.Write(descriptor, start, bytes.Length);
            }

            if (written >= 0)
            {
                bytes = bytes[(int)written..];
            }
            else if (Native.LastError != Native.EINTR)
            {
                throw folder.Failure(name, Native.LastError);
            }
        }
    }

    /// <summary>Sets permissions (never setuid and the like, always readable to its owner) and the time of the last change.</summary>
    public void Complete(int? mode, DateTimeOffset? time)
    {
        if (FolderCalls.ChangeMode(descriptor, mode is { } given ? (given & ModeBits) | OwnerRead : UsualMode) < 0
            || (time is { } changed && FolderCalls.SetTime(descriptor, changed) < 0 && Native.LastError != FolderCalls.EINVAL))
        {
            throw folder.Failure(name, Native.LastError);
        }
    }

    public void Dispose() => _ = FolderCalls.Close(descriptor);
}
