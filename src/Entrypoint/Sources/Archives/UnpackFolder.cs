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
    private const int OwnerRead = 0x100; // 0400
    private const int UsualMode = 0x1A4; // 0644
    private const int ModeBits = 0x1FF; // 0777: no setuid, setgid or sticky bit

    private readonly string _path;
    private readonly string _display;
    private readonly int _root;
    private readonly List<(string[] Parts, int Mode)> _folderModes = [];
    private readonly List<string[]> _links = [];
    private string[] _openParts = [];
    private int _open;
    private int _kept;

    /// <param name="path">An empty folder.</param>
    /// <param name="display">The archive, for messages.</param>
    public UnpackFolder(string path, string display)
    {
        (_path, _display) = (path, display);
        _open = _root = Check(FileCalls.OpenFolder(path), ".");
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
    /// <param name="mode">Its permissions (never setuid and the like, always readable to its owner); null where the archive does not say.</param>
    public UnpackedFile AddFile(string name, int? mode)
    {
        var (folder, last) = Place(name);
        var permissions = mode is { } given ? (given & ModeBits) | OwnerRead : UsualMode;
        var file = FileCalls.CreateFile(folder, last, permissions);
        if (file.Error == Errno.EEXIST)
        {
            Check(FileCalls.Unlink(folder, last), name);
            file = FileCalls.CreateFile(folder, last, permissions);
        }

        var made = new UnpackedFile(Check(file, name), this, name);
        GivePermissions(file.Value, permissions, name);
        return made;
    }

    /// <summary>Makes a symbolic link.</summary>
    public void AddLink(string name, string target)
    {
        if (target.Length == 0 || target.StartsWith('/') || target.Contains('\0', StringComparison.Ordinal))
        {
            throw LinkLeaves(name, target);
        }

        var (folder, last) = Place(name);
        MakeInPlace(folder, last, name, () => FileCalls.SymbolicLink(target, folder, last));
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
            MakeInPlace(folder, last, name, () => FileCalls.HardLink(targetFolder, targetParts[^1], folder, last));
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
            Check(FileCalls.ChangeMode(_open, mode), parts[^1]);
        }
    }

    public void Dispose()
    {
        CloseUnlessRoot(_open);
        _ = FileCalls.Close(_root);
    }

    /// <summary>What a system call's failure on an entry means.</summary>
    public EntrypointException Failure(string name, Errno error)
    {
        var (code, advice) = error switch
        {
            Errno.ENOSPC or Errno.EDQUOT => (ExitCode.InputOutput, " Make room there, or set TMPDIR to a folder with more."),
            Errno.EIO or Errno.EFBIG or Errno.EROFS => (ExitCode.InputOutput, ""),
            Errno.EACCES => (ExitCode.CannotCreate, ""),
            _ => (ExitCode.DataError, " The entry's name does not go together with an earlier one, or no file can have it."),
        };
        return new EntrypointException(
            code, $"Cannot unpack '{EntryName.Show(name)}' of {_display} to {_path}: {error.Describe()}.{advice}");
    }

    /// <summary>Gives a new file what the umask has taken from it, if it takes any of these: each is tried but once.</summary>
    private void GivePermissions(int file, int permissions, string name)
    {
        if ((permissions & ~_kept) == 0)
        {
            return;
        }

        if (FileCalls.Status(file) is { Succeeded: true } status && (status.Value.Permissions & ModeBits) == permissions)
        {
            _kept |= permissions;
            return;
        }

        Check(FileCalls.ChangeMode(file, permissions), name);
    }

    private (int Folder, string Last) Place(string name)
    {
        var parts = EntryName.Parts(name, _display);
        if (parts.Length == 0)
        {
            throw Failure(name, Errno.EEXIST);
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
            var next = FileCalls.OpenFolder(folder, part);
            if (make && next.Error == Errno.ENOENT)
            {
                // Made here, or by another thread meanwhile.
                var made = FileCalls.MakeFolder(folder, part, UsualFolderMode);
                next = made is Errno.None or Errno.EEXIST ? FileCalls.OpenFolder(folder, part) : next with { Error = made };
            }

            CloseUnlessRoot(folder);
            folder = Check(next, name);
        }

        return folder;
    }

    /// <summary>Makes an entry in the place of one that an earlier entry made.</summary>
    private void MakeInPlace(int folder, string last, string name, Func<Errno> make)
    {
        var error = make();
        if (error == Errno.EEXIST)
        {
            Check(FileCalls.Unlink(folder, last), name);
            error = make();
        }

        Check(error, name);
    }

    private int Check(CallResult<int> result, string name) => result.Succeeded ? result.Value : throw Failure(name, result.Error);

    private void Check(Errno error, string name)
    {
        if (error != Errno.None)
        {
            throw Failure(name, error);
        }
    }

    private void CloseUnlessRoot(int folder)
    {
        if (folder != _root)
        {
            _ = FileCalls.Close(folder);
        }
    }

    private EntrypointException LinkLeaves(string name, string? target) => new(
        ExitCode.DataError,
        $"{_display} is not unpacked: its link '{EntryName.Show(name)}'{(target is null ? "" : $" to '{EntryName.Show(target)}'")} leads out of the folder. Pack what it leads to in its place.");
}
