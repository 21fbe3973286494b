using System.Runtime.InteropServices;

namespace Entrypoint.Linux;

/// <summary>A set of signals, as the C library has it (<c>sigset_t</c>): 1024 bits in glibc and musl, of which 64 count.</summary>
[StructLayout(LayoutKind.Sequential, Size = 128)]
internal struct SignalSet
{
    private const int Last = 64;

    /// <param name="bits">Bit N-1 for signal N.</param>
    public SignalSet(ulong bits) => Bits = bits;

    /// <summary>Bit N-1 for signal N.</summary>
    public ulong Bits { get; }

    /// <summary>All 64 signals.</summary>
    public static SignalSet All => new(ulong.MaxValue);

    /// <summary>The signals in ascending order.</summary>
    public readonly IEnumerable<int> Numbers
    {
        get
        {
            var set = this;
            return Enumerable.Range(1, Last).Where(signal => set.Contains(signal));
        }
    }

    /// <summary>The set of the given signals.</summary>
    public static SignalSet Of(params ReadOnlySpan<int> signals)
    {
        var bits = 0UL;
        foreach (var signal in signals)
        {
            bits |= 1UL << (signal - 1);
        }

        return new SignalSet(bits);
    }

    /// <summary>Whether a signal is in it.</summary>
    public readonly bool Contains(int signal) => (Bits & (1UL << (signal - 1))) != 0;

    /// <summary>The set with the signals of another as well.</summary>
    public readonly SignalSet With(SignalSet others) => new(Bits | others.Bits);

    /// <summary>The set without the signals of another.</summary>
    public readonly SignalSet Without(SignalSet others) => new(Bits & ~others.Bits);
}
