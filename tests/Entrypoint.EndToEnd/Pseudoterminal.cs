using System.Text;

namespace Entrypoint.EndToEnd;

/// <summary>
/// A terminal with this test as the person before it. Programs are put on it by <see cref="SessionLeader"/>, a wrapper for
/// <see cref="EntrypointProcess.Start"/>; what they print is collected, carriage returns removed.
/// </summary>
public sealed class Pseudoterminal : IDisposable
{
    /// <summary>What to type for it.</summary>
    public const string ControlC = "\x03";
    public const string ControlD = "\x04";
    public const string ControlZ = "\x1a";
    public const string ControlBackslash = "\x1c";

    private readonly int _master;
    private readonly int _keptOpen;
    private readonly Thread _reader;
    private readonly TextCollector _text = new();
    private volatile bool _closed;

    public Pseudoterminal()
    {
        _master = Check(Posix.OpenPseudoterminal(Posix.ReadWrite | Posix.NoControllingTerminal | Posix.CloseOnExec));
        Check(Posix.Grant(_master));
        Check(Posix.Unlock(_master));
        Path = NameOf(_master);

        // As long as one end stays open here, the output of a program that has ended can still be read.
        _keptOpen = Check(Posix.Open(Path, Posix.ReadWrite | Posix.NoControllingTerminal | Posix.CloseOnExec));
        _reader = new Thread(ReadAll) { IsBackground = true };
        _reader.Start();
    }

    /// <summary>The device, such as <c>/dev/pts/3</c>.</summary>
    public string Path { get; }

    /// <summary>A wrapper that gives a program a session of its own on this terminal, as <c>docker run -it</c> and <c>sshd</c> do.</summary>
    public string[] SessionLeader => ["sh", "-c", "exec setsid --ctty \"$@\" <\"$0\" >\"$0\" 2>&1", Path];

    /// <summary>All that was printed on it so far.</summary>
    public string Output => _text.ToString();

    /// <summary>Waits until the text has been printed.</summary>
    public Task WaitForAsync(string text) => _text.WaitForAsync(text, CancellationToken.None);

    /// <summary>Types the text.</summary>
    public unsafe void Write(string text)
    {
        ReadOnlySpan<byte> bytes = Encoding.UTF8.GetBytes(text);
        while (!bytes.IsEmpty)
        {
            fixed (byte* start = bytes)
            {
                bytes = bytes[(int)Check((int)Posix.Write(_master, start, (nuint)bytes.Length))..];
            }
        }
    }

    /// <summary>Types the text and the Enter key.</summary>
    public void WriteLine(string text) => Write(text + "\n");

    /// <summary>Drags the window to another size.</summary>
    public void Resize(ushort rows, ushort columns) =>
        Check(Posix.Control(_master, Posix.SetWindowSize, new Posix.WindowSize { Rows = rows, Columns = columns }));

    /// <summary>Closes the window: the kernel sends SIGHUP.</summary>
    public void HangUp()
    {
        if (!_closed)
        {
            _closed = true;
            _reader.Join();
            _ = Posix.Close(_master);
        }
    }

    public void Dispose()
    {
        HangUp();
        _ = Posix.Close(_keptOpen);
    }

    private static int Check(int result) =>
        result >= 0 ? result : throw new IOException($"Pseudoterminal: error {System.Runtime.InteropServices.Marshal.GetLastPInvokeError()}");

    private static unsafe string NameOf(int descriptor)
    {
        Span<byte> buffer = stackalloc byte[128];
        fixed (byte* start = buffer)
        {
            Check(-Posix.Name(descriptor, start, (nuint)buffer.Length));
        }

        return Encoding.UTF8.GetString(buffer[..buffer.IndexOf((byte)0)]);
    }

    private unsafe void ReadAll()
    {
        Span<byte> buffer = stackalloc byte[4096];
        Span<char> characters = stackalloc char[4096];
        var decoder = Encoding.UTF8.GetDecoder();
        while (!_closed)
        {
            var poll = new Posix.PollDescriptor { Descriptor = _master, Events = Posix.PollIn };
            if (Posix.Poll(ref poll, 1, 20) <= 0)
            {
                continue;
            }

            fixed (byte* start = buffer)
            {
                var count = Posix.Read(_master, start, (nuint)buffer.Length);
                if (count <= 0)
                {
                    return;
                }

                var decoded = decoder.GetChars(buffer[..(int)count], characters, flush: false);
                _text.Add(new string(characters[..decoded]).Replace("\r", "", StringComparison.Ordinal));
            }
        }
    }
}
