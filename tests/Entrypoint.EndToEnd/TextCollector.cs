using System.Diagnostics;
using System.Text;

namespace Entrypoint.EndToEnd;

/// <summary>Text that grows while others wait for something in it.</summary>
public sealed class TextCollector
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

    /// <summary>Waits until the text is in it; fails after <see cref="EntrypointProcess.Limit"/>.</summary>
    public async Task WaitForAsync(string text, CancellationToken cancellation)
    {
        var deadline = Stopwatch.StartNew();
        while (true)
        {
            Task more;
            lock (_gate)
            {
                if (_text.ToString().Contains(text, StringComparison.Ordinal))
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
}
