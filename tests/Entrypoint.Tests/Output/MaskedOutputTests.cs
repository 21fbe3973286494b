using System.Text;
using Entrypoint.Output;

namespace Entrypoint.Tests.Output;

public sealed class MaskedOutputTests
{
    private const string Secret = "s3cret-value";

    private readonly ManualTime _time = new();
    private readonly List<byte> _bytes = [];

    private string Shown => Encoding.UTF8.GetString([.. _bytes]);

    private MaskedOutput Start()
    {
        var secrets = new Secrets();
        secrets.Add(Secret);
        return new MaskedOutput(secrets, bytes => _bytes.AddRange(bytes), _time);
    }

    [Fact]
    public void Lines_are_shown_at_once_without_secrets()
    {
        using var output = Start();

        output.Write("Collecting a from git+https://tok@host/r\n  with s3cret-value\n50%\r"u8);

        Assert.Equal("Collecting a from git+https://****@host/r\n  with ****\n50%\r", Shown);
    }

    [Fact]
    public void A_secret_is_found_however_the_pieces_come()
    {
        for (var size = 1; size < 20; size++)
        {
            _bytes.Clear();
            using var output = Start();
            foreach (var piece in Encoding.UTF8.GetBytes("a s3cret-value b\nhttps://u:p@h/?q=1 c\n").Chunk(size))
            {
                output.Write(piece);
            }

            Assert.Equal("a **** b\nhttps://u:****@h/?**** c\n", Shown);
        }
    }

    [Fact]
    public void A_prompt_appears_after_a_moment()
    {
        using var output = Start();
        output.Write("Go on? "u8);
        Assert.Equal("", Shown);

        _time.Pass();

        Assert.Equal("Go on? ", Shown);
        output.Write("yes\n"u8);
        Assert.Equal("Go on? yes\n", Shown);
    }

    [Fact]
    public void The_beginning_of_a_secret_is_kept_back_and_then_masked()
    {
        using var output = Start();
        output.Write("token: s3cre"u8);
        _time.Pass();
        Assert.Equal("token: ", Shown);

        _time.Pass();
        Assert.Equal("token: ****", Shown);

        output.Write("t-value.\n"u8);
        Assert.Equal("token: ****.\n", Shown);
    }

    [Fact]
    public void What_only_looks_like_a_beginning_appears()
    {
        using var output = Start();
        output.Write("progress"u8);
        _time.Pass();
        _time.Pass();

        Assert.Equal("progress", Shown);
    }

    [Fact]
    public void A_URL_that_is_not_finished_is_kept_back_and_then_masked()
    {
        using var output = Start();
        output.Write("Cloning https://user:pass"u8);
        _time.Pass();
        Assert.Equal("Cloning ", Shown);

        _time.Pass();
        output.Write("word@host/r.git done\n"u8);

        Assert.Equal("Cloning https://user:****@host/r.git done\n", Shown);
    }

    [Fact]
    public void All_is_shown_at_the_end()
    {
        using var output = Start();
        output.Write("the end of s3cret-value"u8);

        output.Flush();

        Assert.Equal("the end of ****", Shown);
    }

    [Fact]
    public void A_line_without_end_is_passed_on_in_bounded_memory()
    {
        using var output = Start();
        var piece = Encoding.ASCII.GetBytes(new string('x', 1000) + Secret + new string('y', 501));
        for (var count = 0; count < 1000; count++)
        {
            output.Write(piece);
        }

        Assert.InRange(_bytes.Count, 1_300_000, 1_505_000);
        output.Flush();
        Assert.Equal(string.Concat(Enumerable.Repeat(new string('x', 1000) + "****" + new string('y', 501), 1000)), Shown);
    }

    [Fact]
    public void A_URL_without_end_shows_nothing_of_its_query()
    {
        using var output = Start();
        output.Write("https://h/?a="u8);
        for (var count = 0; count < 100; count++)
        {
            output.Write(Encoding.ASCII.GetBytes(new string('z', 5000)));
        }

        output.Write(" end\n"u8);

        Assert.Equal("https://h/?**** end\n", Shown);
    }

    /// <summary>A clock whose timers go off when told to.</summary>
    private sealed class ManualTime : TimeProvider
    {
        private readonly List<ManualTimer> _timers = [];

        public void Pass() => _timers.ForEach(timer => timer.GoOff());

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = new ManualTimer(() => callback(state));
            _timers.Add(timer);
            return timer;
        }

        private sealed class ManualTimer(Action callback) : ITimer
        {
            private bool _isSet;

            public void GoOff()
            {
                if (_isSet)
                {
                    _isSet = false;
                    callback();
                }
            }

            public bool Change(TimeSpan dueTime, TimeSpan period)
            {
                _isSet = dueTime >= TimeSpan.Zero;
                return true;
            }

            public void Dispose() => _isSet = false;

            public ValueTask DisposeAsync()
            {
                Dispose();
                return ValueTask.CompletedTask;
            }
        }
    }
}
