using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace Entrypoint.EndToEnd;

/// <summary>
/// Text that grows while others wait for something in it. The program's own lines are apart from all others: they hold the command lines of
/// what is about to be started, so that a word for which a test waits would be there before anything has printed it.
/// </summary>
public sealed partial class TextCollector
{
    private readonly StringBuilder _text = new();
    private readonly Lock _gate = new();
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Appends.</summary>
    public void Add(string text)
    {
        TaskCompletionSource more;
        lock (_gate)
        {
            _text.Append(text);
            more = _more;
            _more = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        more.TrySetResult();
    }

    /// <summary>Waits until the text is in what others than the program have printed; fails after <see cref="EntrypointProcess.Limit"/>.</summary>
    public Task WaitForAsync(string text, CancellationToken cancellation) =>
        WaitForAsync(text, all => OwnLine().Replace(all, "").Contains(text, StringComparison.Ordinal), cancellation);

    /// <summary>Waits until the text is in one of the program's own lines.</summary>
    public Task WaitForLogAsync(string text, CancellationToken cancellation) =>
        WaitForAsync(text, all => OwnLine().Matches(all).Any(line => line.Value.Contains(text, StringComparison.Ordinal)), cancellation);

    private async Task WaitForAsync(string text, Predicate<string> isThere, CancellationToken cancellation)
    {
        var deadline = Stopwatch.StartNew();
        while (true)
        {
            Task more;
            lock (_gate)
            {
                if (isThere(_text.ToString()))
                {
                    return;
                }

                more = _more.Task;
            }

            if (deadline.Elapsed > EntrypointProcess.Limit)
            {
                Assert.Fail($"'{text}' was never printed. What was:\n{this}");
            }

            await Task.WhenAny(more, Task.Delay(TimeSpan.FromSeconds(1), cancellation));
            cancellation.ThrowIfCancellationRequested();
        }
    }

    /// <summary>All of it so far.</summary>
    public override string ToString()
    {
        lock (_gate)
        {
            return _text.ToString();
        }
    }

    /// <summary>
    /// A line of the program's log, in either of its forms, also where its end has not come yet, or where a terminal shows a key or a prompt
    /// in front of it.
    /// </summary>
    [GeneratedRegex(@"([0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2},[0-9]{3} \[(DEBUG|INFO|WARNING|ERROR)\] |\{""timestamp"":).*$", RegexOptions.Multiline)]
    private static partial Regex OwnLine();
}
