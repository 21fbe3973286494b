using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Entrypoint.Benchmarks.Measuring;

/// <summary>
/// One process, from the moment it is started to the moment it has ended. Started with posix_spawn and awaited with wait4, so that no
/// machinery of the runtime's is measured along (CliWrap would bring its own start and pool threads into the times, and cannot tell the usage).
/// </summary>
internal sealed unsafe class TimedProcess
{
    private readonly long _start;
    private readonly Command _command;
    private readonly string _log;

    private TimedProcess(int id, long start, Command command, string log) => (Id, _start, _command, _log) = (id, start, command, log);

    /// <summary>Its process id.</summary>
    public int Id { get; }

    /// <summary>Starts it; what it prints goes to the log file, which is emptied before.</summary>
    /// <param name="output">A descriptor for its standard output instead; -1 for none.</param>
    public static TimedProcess Start(Command command, string log, int output = -1)
    {
        var program = Find(command.Words[0]);
        using var text = new NativeText();
        var arguments = text.Array(command.Words);
        var environment = text.Array(command.FullEnvironment());
        var actions = stackalloc byte[512];
        _ = NativeCalls.InitializeActions(actions);
        _ = NativeCalls.AddOpen(actions, 0, text.Text("/dev/null"), 0, 0);
        _ = NativeCalls.AddOpen(actions, 2, text.Text(log), NativeCalls.WriteCreateTruncate, 0b110_100_100);
        _ = NativeCalls.AddDuplicate(actions, output < 0 ? 2 : output, 1);
        _ = NativeCalls.AddChangeFolder(actions, text.Text(command.Folder));
        var start = Stopwatch.GetTimestamp();
        var error = NativeCalls.Spawn(out var id, text.Text(program), actions, null, arguments, environment);
        _ = NativeCalls.DestroyActions(actions);
        return error == 0
            ? new TimedProcess(id, start, command, log)
            : throw new Win32Exception(error, $"{program}: {Marshal.GetPInvokeErrorMessage(error)}");
    }

    /// <summary>Starts it and waits for its end.</summary>
    public static Sample Run(Command command, string log) => Start(command, log).Wait();

    /// <summary>Starts it and reads all that it prints, as fast as it comes.</summary>
    public static (Sample Sample, long Bytes) RunAndRead(Command command, string log)
    {
        var ends = stackalloc int[2];
        if (NativeCalls.MakePipe(ends, NativeCalls.CloseOnExec) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }

        using var reader = new FileStream(new SafeFileHandle(ends[0], ownsHandle: true), FileAccess.Read, bufferSize: 0);
        TimedProcess process;
        using (new SafeFileHandle(ends[1], ownsHandle: true))
        {
            process = Start(command, log, ends[1]);
        }

        var buffer = new byte[1 << 20];
        var bytes = 0L;
        for (int count; (count = reader.Read(buffer)) > 0;)
        {
            bytes += count;
        }

        return (process.Wait(), bytes);
    }

    /// <summary>
    /// Starts it, waits for its end, and returns the largest resident memory that it itself had, in bytes. wait4 would count the memory
    /// of this program in, of which a process that was started with vfork has a part until it is another program.
    /// </summary>
    public static long PeakResident(Command command, string log)
    {
        var process = Start(command, log);
        var peak = 0L;
        while (ResidentNow(process.Id) is { } resident)
        {
            peak = Math.Max(peak, resident);
            Thread.Sleep(2);
        }

        process.Wait();
        return peak;
    }

    /// <summary>Waits for its end, which must be 0.</summary>
    public Sample Wait()
    {
        if (NativeCalls.Wait(Id, out var status, 0, out var usage) != Id)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }

        var wall = Stopwatch.GetElapsedTime(_start);
        if (status != 0)
        {
            throw new InvalidOperationException(
                $"{string.Join(' ', _command.Words)}\nended with {(status & 0x7f) switch { 0 => $"{status >> 8}", var signal => $"signal {signal}" }}:\n{Tail(_log)}");
        }

        var cpu = TimeSpan.FromSeconds(usage.UserSeconds + usage.SystemSeconds)
            + TimeSpan.FromMicroseconds(usage.UserMicroseconds + usage.SystemMicroseconds);
        return new Sample(wall, cpu);
    }

    /// <summary>Bytes, its high-water mark so far; null when it has ended.</summary>
    private static long? ResidentNow(int id) => File.ReadLines($"/proc/{id}/status")
        .Where(line => line.StartsWith("VmHWM:", StringComparison.Ordinal))
        .Select(line => 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture))
        .Cast<long?>()
        .FirstOrDefault();

    private static string Tail(string log) => File.Exists(log) ? string.Join('\n', File.ReadLines(log).TakeLast(15)) : "";

    private static string Find(string program) => program.Contains('/', StringComparison.Ordinal)
        ? program
        : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists)
            ?? throw new FileNotFoundException($"{program} is not installed; tests/benchmark.sh installs what is needed.");

    /// <summary>Text for C, given back at the end.</summary>
    private sealed class NativeText : IDisposable
    {
        private readonly List<nint> _blocks = [];

        public byte* Text(string text)
        {
            var bytes = Encoding.UTF8.GetBytes(text + "\0");
            var block = Block(bytes.Length);
            Marshal.Copy(bytes, 0, block, bytes.Length);
            return (byte*)block;
        }

        public byte** Array(IEnumerable<string> texts)
        {
            string[] all = [.. texts];
            var array = (byte**)Block((all.Length + 1) * sizeof(byte*));
            for (var i = 0; i < all.Length; i++)
            {
                array[i] = Text(all[i]);
            }

            array[all.Length] = null;
            return array;
        }

        public void Dispose() => _blocks.ForEach(Marshal.FreeHGlobal);

        private nint Block(int size)
        {
            var block = Marshal.AllocHGlobal(size);
            _blocks.Add(block);
            return block;
        }
    }
}
