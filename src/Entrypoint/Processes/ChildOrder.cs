using System.Runtime.InteropServices;
using Entrypoint.Linux;

namespace Entrypoint.Processes;

/// <summary>What a second process of this program is told to become, in the form that <c>ChildStart.c</c> reads.</summary>
internal static class ChildOrder
{
    /// <summary>The bytes of the order.</summary>
    public static byte[] Of(ChildStart start)
    {
        string[] variables = [.. start.Environment.Variables.Select(variable => $"{variable.Key}={variable.Value}")];
        byte[][] texts = [.. ((IEnumerable<string>)[start.Program, .. start.Arguments, .. variables, start.WorkingDirectory ?? ""])
            .Select(text => (byte[])[.. OsText.Encode(text), 0])];
        var head = new Head
        {
            Length = (ulong)(Marshal.SizeOf<Head>() + texts.Sum(text => (long)text.Length)),
            Ignored = InheritedSignals.Ignored.Bits,
            Group = (int)start.Group,
            Terminal = start.ForegroundOf ?? -1,
            Arguments = 1 + start.Arguments.Length,
            Variables = variables.Length,
            HasFolder = start.WorkingDirectory is null ? 0 : 1,
            NoInput = start.InheritsInput || start.Input is not null ? 0 : 1,
        };

        using var order = new MemoryStream();
        order.Write(MemoryMarshal.AsBytes(MemoryMarshal.CreateReadOnlySpan(ref head, 1)));
        foreach (var text in texts)
        {
            order.Write(text);
        }

        return order.ToArray();
    }

    /// <summary><c>struct failure</c>: what could not be done.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Failure
    {
        /// <summary>The folder could not be entered.</summary>
        public const int Entering = 1;

        public int Step;
        public Errno Error;
    }

    /// <summary><c>struct order</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Head
    {
        /// <summary>Of all of it, in bytes.</summary>
        public ulong Length;
        public ulong Ignored;
        public int Group;
        public int Terminal;
        public int Arguments;
        public int Variables;
        public int HasFolder;
        public int NoInput;
    }
}
