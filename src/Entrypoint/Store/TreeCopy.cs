using Entrypoint.Linux;
using Microsoft.Win32.SafeHandles;

namespace Entrypoint.Store;

/// <summary>
/// Copies a folder with all that is in it: files with their rights and shared blocks where the file system can, links as they are, names that
/// are no UTF-8 too. Pipes, sockets and devices are left out.
/// </summary>
/// <param name="atMost">How many bytes may be copied.</param>
internal sealed class TreeCopy(long atMost, CancellationToken cancellationToken)
{
    private const int BufferSize = 128 * 1024;
    private const int OwnerAll = 0b111_000_000;

    private bool _canClone = true;
    private bool _canCopyRange = true;

    /// <summary>How many bytes the files have that were copied.</summary>
    public long Bytes { get; private set; }

    /// <summary>Copies a folder to a place where nothing is yet.</summary>
    /// <returns>Whether it did not become too large.</returns>
    /// <exception cref="IOException">It cannot be read or written.</exception>
    /// <exception cref="UnauthorizedAccessException">It cannot be read or written.</exception>
    public bool Run(string source, string target)
    {
        Require(FileCalls.MakeFolder(target, OwnerAll), target);
        var opened = FileCalls.OpenFolder(source);
        Require(opened.Error, source);
        List<string> names;
        try
        {
            names = FileCalls.ReadFolder(opened.Value).Value;
        }
        finally
        {
            _ = FileCalls.Close(opened.Value);
        }

        foreach (var name in names)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!CopyEntry($"{source}/{name}", $"{target}/{name}"))
            {
                return false;
            }
        }

        var status = FileCalls.Status(source);
        _ = status.Succeeded ? FileCalls.ChangeMode(target, status.Value.Permissions) : status.Error;
        return true;
    }

    private bool CopyEntry(string source, string target)
    {
        var status = FileCalls.StatusOfLink(source);
        Require(status.Error, source);
        switch (status.Value.Kind)
        {
            case FileKind.Folder:
                return Run(source, target);
            case FileKind.Link:
                var link = FileCalls.ReadLink(source);
                Require(link.Error, source);
                Require(FileCalls.SymbolicLink(link.Value, target), target);
                return true;
            case FileKind.File:
                Bytes += status.Value.Size;
                return Bytes <= atMost && CopyFile(source, target, status.Value);
            default:
                return true;
        }
    }

    private bool CopyFile(string source, string target, FileStatus status)
    {
        var from = FileCalls.OpenToRead(source);
        Require(from.Error, source);
        using var input = from.Value;
        var to = FileCalls.CreateFile(target, status.Permissions);
        Require(to.Error, target);
        using var output = to.Value;
        if (status.Size > 0 && !TryClone(input, output) && !TryCopyRange(input, output, target))
        {
            CopyBytes(input, output);
        }

        var descriptor = (int)output.DangerousGetHandle();
        _ = FileCalls.ChangeMode(descriptor, status.Permissions);

        // What tells by times that nothing has changed (Git's index) goes on being right.
        _ = FileCalls.SetTime(descriptor, status.Changed);
        return true;
    }

    private bool TryClone(SafeFileHandle input, SafeFileHandle output)
    {
        _canClone = _canClone && FileCalls.Clone(input, output) == Errno.None;
        return _canClone;
    }

    private bool TryCopyRange(SafeFileHandle input, SafeFileHandle output, string target)
    {
        var any = false;
        while (_canCopyRange)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var copied = FileCalls.CopyRange(input, output);
            if (copied is { Succeeded: true, Value: 0 })
            {
                // Some kernels answer so for files that they cannot copy.
                return any;
            }

            if (copied.Succeeded)
            {
                any = true;
            }
            else if (any || copied.Error is Errno.ENOSPC or Errno.EDQUOT)
            {
                throw copied.Error.ToException(target);
            }
            else
            {
                _canCopyRange = false;
            }
        }

        return false;
    }

    private static void CopyBytes(SafeFileHandle input, SafeFileHandle output)
    {
        var buffer = new byte[BufferSize];
        var offset = 0L;
        for (int read; (read = RandomAccess.Read(input, buffer, offset)) > 0; offset += read)
        {
            RandomAccess.Write(output, buffer.AsSpan(0, read), offset);
        }
    }

    private static void Require(Errno error, string path)
    {
        if (error != Errno.None)
        {
            throw error.ToException(path);
        }
    }
}
