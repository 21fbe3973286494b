using System.Globalization;
using Entrypoint.Failures;
using Entrypoint.Linux;
using Entrypoint.Output;

namespace Entrypoint.Reporting;

/// <summary>
/// Where the report goes. A file is replaced in one go; one that cannot be (a mount, a folder of somebody else) is written where it is, as
/// a pipe or a device is; what is the name of an open descriptor is appended to through that. Nothing here waits for a reader for long.
/// </summary>
internal static class ReportFile
{
    private const int MostLinks = 40; // as many as Linux follows

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>Whether the report can be written is found out before the job runs for hours, not after.</summary>
    /// <exception cref="EntrypointException">73.</exception>
    public static void RequirePlace(string file)
    {
        var reason = DescriptorOf(file) is { } descriptor
            ? FileCalls.IsOpen(descriptor) ? null : $"nothing is open as {descriptor}"
            : FileCalls.KindOf(file) switch
            {
                PathKind.Folder => "it is a folder",
                PathKind.Special => FileCalls.MayWrite(file) ? null : "it cannot be written to",
                PathKind.File => FileCalls.MayWrite(file) || TakesFiles(FolderOf(file)) is null ? null : "neither it nor its folder can be written to",
                PathKind.Unreachable => "its folder cannot be entered",
                _ => TakesFiles(FolderOf(file)),
            };
        if (reason is not null)
        {
            throw new EntrypointException(ExitCode.CannotCreate, $"Cannot write the report to {file}: {reason}. Name another place with --report.");
        }
    }

    /// <summary>Writes it.</summary>
    /// <exception cref="EntrypointException">73 or 74: it cannot be written.</exception>
    public static void Write(string file, byte[] json)
    {
        try
        {
            if (DescriptorOf(file) is { } descriptor)
            {
                Append(descriptor, json, file);
            }
            else if (FileCalls.KindOf(file) is PathKind.Special)
            {
                WriteInPlace(file, json, append: true);
            }
            else
            {
                Replace(Target(file) ?? throw new IOException("it is a link that leads to itself."), json);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new EntrypointException(
                exception is IOException ? ExitCode.InputOutput : ExitCode.CannotCreate, $"Cannot write the report to {file}: {exception.Message}", exception);
        }
    }

    private static void Replace(string file, byte[] json)
    {
        if (FileCalls.KindOf(file) is PathKind.Folder)
        {
            throw new IOException("it is a folder.");
        }

        try
        {
            AtomicFile.Write(file, json);
        }
        catch (Exception exception) when (
            exception is UnauthorizedAccessException or IOException && !FileFailure.IsDiskFull(exception) && FileCalls.KindOf(file) is PathKind.File)
        {
            WriteInPlace(file, json, append: false);
        }
    }

    /// <summary>Writes to what is there. To a pipe, only while somebody reads it.</summary>
    private static void WriteInPlace(string file, byte[] json, bool append)
    {
        var start = Environment.TickCount64;
        var opened = FileCalls.OpenInPlace(file, append);
        while (opened.Error == Errno.ENXIO && Remaining(start) > TimeSpan.Zero)
        {
            Thread.Sleep(20);
            opened = FileCalls.OpenInPlace(file, append);
        }

        if (!opened.Succeeded)
        {
            throw opened.Error == Errno.ENXIO ? new IOException("it is a pipe that nobody reads.") : opened.Error.ToException(file);
        }

        try
        {
            WriteAll(bytes => FileCalls.Write(opened.Value, bytes), limit => FileCalls.WaitUntilWritable(opened.Value, limit), json, file);
        }
        finally
        {
            _ = FileCalls.Close(opened.Value);
        }
    }

    private static void Append(int descriptor, byte[] json, string file)
    {
        if (descriptor is RawOutput.StandardOutput or RawOutput.StandardError)
        {
            // Behind the lines of the log that are on their way there.
            RawOutput.Of(descriptor).Post(json);
        }
        else
        {
            var outlet = Outlet.Of(descriptor);
            WriteAll(outlet.Write, outlet.WaitUntilWritable, json, file);
        }
    }

    private static void WriteAll(Func<ReadOnlySpan<byte>, CallResult<int>> write, Func<TimeSpan, bool> wait, ReadOnlySpan<byte> rest, string file)
    {
        var start = Environment.TickCount64;
        while (!rest.IsEmpty)
        {
            var written = write(rest);
            if (written.Succeeded)
            {
                rest = rest[written.Value..];
                start = Environment.TickCount64;
            }
            else if (written.Error == Errno.EAGAIN && Remaining(start) is { Ticks: > 0 } remaining)
            {
                _ = wait(remaining);
            }
            else if (written.Error != Errno.EINTR)
            {
                throw written.Error == Errno.EAGAIN ? new IOException("whoever reads it takes nothing.") : written.Error.ToException(file);
            }
        }
    }

    private static TimeSpan Remaining(long start) => Patience - TimeSpan.FromMilliseconds(Environment.TickCount64 - start);

    /// <summary>Why no file can be made there; null where one can.</summary>
    private static string? TakesFiles(string? folder) => folder is null ? "it is a link that leads to itself"
        : !OsFile.IsFolder(folder) ? $"there is no folder {folder}"
        : !FileCalls.MayWrite(folder) ? $"the folder {folder} cannot be written to"
        : null;

    private static string? FolderOf(string file) => Path.GetDirectoryName(Target(file));

    /// <summary>What a link leads to is written, not the link; null where it leads to itself.</summary>
    private static string? Target(string file) => Follow(file, _ => false);

    /// <summary>The number of the descriptor that the path is a name of; null where it is none.</summary>
    private static int? DescriptorOf(string file) => Follow(file, path => NumberOf(path) is not null) is { } name ? NumberOf(name) : null;

    /// <summary>Goes from link to link until there is none, or it is so; null where there is no end.</summary>
    private static string? Follow(string path, Func<string, bool> isEnd)
    {
        for (var links = 0; links <= MostLinks; links++)
        {
            if (isEnd(path) || FileCalls.ReadLink(path) is not { Succeeded: true } link)
            {
                return path;
            }

            path = Path.GetFullPath(link.Value, Path.GetDirectoryName(path)!);
        }

        return null;
    }

    private static int? NumberOf(string path)
    {
        var folder = new[] { "/dev/fd/", "/proc/self/fd/", "/proc/thread-self/fd/", $"/proc/{Environment.ProcessId}/fd/" }
            .FirstOrDefault(folder => path.StartsWith(folder, StringComparison.Ordinal));
        return path switch
        {
            "/dev/stdout" => RawOutput.StandardOutput,
            "/dev/stderr" => RawOutput.StandardError,
            _ when folder is not null && int.TryParse(path.AsSpan(folder.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number) => number,
            _ => null,
        };
    }
}
