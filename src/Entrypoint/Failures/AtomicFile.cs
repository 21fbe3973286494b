namespace Entrypoint.Failures;

/// <summary>Writes a file so that others see the old one, none, or the whole new one, also after a crash.</summary>
internal static class AtomicFile
{
    /// <summary>Writes the file, readable by everyone where the umask does not say otherwise.</summary>
    /// <param name="mode">The rights, whatever the umask; null for the usual ones.</param>
    /// <exception cref="IOException">It cannot be written; nothing is left behind.</exception>
    /// <exception cref="UnauthorizedAccessException">It cannot be written.</exception>
    public static void Write(string file, ReadOnlySpan<byte> content, UnixFileMode? mode = null)
    {
        var temporary = Path.Combine(Path.GetDirectoryName(file)!, $".{Path.GetFileName(file)}.{Path.GetRandomFileName()[..8]}");
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                stream.Write(content);
                stream.Flush(flushToDisk: true);
            }

            if (mode is { } given)
            {
                File.SetUnixFileMode(temporary, given);
            }

            File.Move(temporary, file, overwrite: true);
        }
        catch (Exception)
        {
            File.Delete(temporary);
            throw;
        }
    }
}
