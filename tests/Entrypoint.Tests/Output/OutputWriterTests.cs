using System.Globalization;
using System.IO.Pipes;
using System.Text;
using Entrypoint.Output;

namespace Entrypoint.Tests.Output;

/// <summary>Writing to a pipe whose reader does what it likes.</summary>
public sealed class OutputWriterTests : IDisposable
{
    private static readonly TimeSpan Endless = TimeSpan.FromHours(1);
    private static readonly TimeSpan None = TimeSpan.FromMilliseconds(-1);

    private readonly AnonymousPipeServerStream _reading = new(PipeDirection.In);
    private readonly AnonymousPipeClientStream _writing;

    public OutputWriterTests() => _writing = new AnonymousPipeClientStream(PipeDirection.Out, _reading.ClientSafePipeHandle);

    public void Dispose()
    {
        _reading.Dispose();
        _writing.Dispose();
    }

    private OutputWriter Writer(TimeSpan patience) => new(Outlet.Of((int)_writing.SafePipeHandle.DangerousGetHandle()), patience)
    {
        LostLine = count => Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"lost {count}\n")),
    };

    private static byte[] Line(int number) => Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"line {number,-60}\n"));

    private string[] ReadLines(string last)
    {
        using var reader = new StreamReader(_reading, Encoding.UTF8);
        var lines = new List<string>();
        do
        {
            lines.Add(reader.ReadLine()!.Trim());
        }
        while (lines[^1] != last);

        return [.. lines];
    }

    [Fact]
    public void What_a_reader_takes_late_is_all_there_in_order()
    {
        var writer = Writer(Endless);
        for (var number = 0; number < 10_000; number++)
        {
            writer.Post(Line(number));
        }

        Assert.Equal(Enumerable.Range(0, 10_000).Select(number => $"line {number}"), ReadLines("line 9999"));
    }

    [Fact]
    public void What_a_reader_that_is_away_loses_is_counted_where_it_is_missing()
    {
        const int Posted = 10_000;
        var writer = Writer(None);
        for (var number = 0; number < Posted; number++)
        {
            writer.Post(Line(number));
        }

        // The pipe and what is kept besides; then the count, by itself; then whatever comes next.
        using var reader = new StreamReader(_reading, Encoding.UTF8);
        var received = 0;
        string line;
        while ((line = reader.ReadLine()!.Trim()) == $"line {received}")
        {
            received++;
        }

        Assert.InRange(received, OutputWriter.MostForNobody / Line(0).Length, Posted - 1);
        Assert.Equal($"lost {Posted - received}", line);
        writer.Post(Encoding.UTF8.GetBytes("next\n"));
        Assert.Equal("next", reader.ReadLine());
    }

    [Fact]
    public void The_end_does_not_wait_for_a_reader_that_is_away()
    {
        var writer = Writer(TimeSpan.FromMilliseconds(10));
        writer.Post(new byte[1024 * 1024]);

        writer.Flush(Endless);

        Assert.False(writer.TryPost([1]));
    }

    [Fact]
    public void A_wait_for_a_reader_can_be_cancelled()
    {
        using var cancellation = new CancellationTokenSource(50);

        Assert.False(Writer(Endless).Write(new byte[1024 * 1024], cancellation.Token));
    }

    [Fact]
    public void A_reader_that_is_gone_holds_nobody_up()
    {
        var writer = Writer(Endless);
        writer.Post(new byte[1024 * 1024]);
        _reading.Dispose();

        Assert.False(writer.Write([1], CancellationToken.None));
        writer.Flush(Endless);
    }

    [Fact]
    public void A_file_takes_all_at_once()
    {
        using var file = new FileStream(Path.GetTempFileName(), FileMode.Open, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
        var writer = new OutputWriter(Outlet.Of((int)file.SafeFileHandle.DangerousGetHandle()));

        writer.Post(new byte[1024 * 1024]);

        Assert.True(writer.TryPost([1]));
        Assert.Equal((1024 * 1024) + 1, file.Length);
    }
}
