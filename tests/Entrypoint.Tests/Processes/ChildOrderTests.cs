using System.Buffers.Binary;
using Entrypoint.Linux;
using Entrypoint.Processes;

namespace Entrypoint.Tests.Processes;

/// <summary>The bytes that <c>ChildStart.c</c> reads.</summary>
public class ChildOrderTests
{
    private const int HeadSize = 40;

    [Fact]
    public void Is_a_head_and_texts_that_end_with_zeros_byte_for_byte()
    {
        var start = new ChildStart("/bin/x", ["a b", OsText.Decode([0xFF])], ProcessEnvironment.From([new("N", "v")]))
        {
            WorkingDirectory = "/w",
            Group = ChildGroup.OwnSession,
            ForegroundOf = 7,
        };

        var order = ChildOrder.Of(start);

        Assert.Equal(order.Length, BinaryPrimitives.ReadInt64LittleEndian(order));
        Assert.Equal([2, 7, 3, 1, 1, 1], Numbers(order));
        Assert.Equal([.. "/bin/x\0a b\0"u8, 0xFF, 0, .. "N=v\0/w\0"u8], order[HeadSize..]);
    }

    [Fact]
    public void Says_what_is_left_as_it_is()
    {
        var start = new ChildStart("/bin/x", [], ProcessEnvironment.Empty) { InheritsInput = true };

        Assert.Equal([0, -1, 1, 0, 0, 0], Numbers(ChildOrder.Of(start)));
    }

    /// <summary>Group, terminal, arguments, variables, whether there is a folder, whether the input is empty.</summary>
    private static int[] Numbers(byte[] order) =>
        [.. Enumerable.Range(0, 6).Select(index => BinaryPrimitives.ReadInt32LittleEndian(order.AsSpan(16 + (4 * index))))];
}
