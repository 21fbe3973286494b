using System.Runtime.InteropServices;

namespace Entrypoint.Linux;

/// <summary>What a system call returned, together with why it failed: <c>errno</c> is the next call's as soon as there is one.</summary>
/// <param name="Value">Means something only where it succeeded.</param>
/// <param name="Error"><see cref="Errno.None"/> where it succeeded.</param>
internal readonly record struct CallResult<T>(T Value, Errno Error)
{
    public bool Succeeded => Error == Errno.None;
}

/// <summary>The way from a C function's result to ours; used right after the call, and in this room alone.</summary>
internal static class CallResult
{
    /// <summary>The name of the C library, which the linker binds.</summary>
    public const string Library = "libc";

    /// <summary>A result whose negative values are failures.</summary>
    public static CallResult<int> Of(int result) => new(result, ErrorOf(result));

    /// <inheritdoc cref="Of(int)"/>
    public static CallResult<int> Of(nint result) => new((int)result, ErrorOf(result));

    /// <summary>The failure of a call that has nothing else to say.</summary>
    public static Errno ErrorOf(nint result) => result >= 0 ? Errno.None : (Errno)Marshal.GetLastPInvokeError();

    /// <summary>A name as C wants it. No file has a name with a NUL in it; here it becomes the empty one, which no file has either.</summary>
    public static byte[] Bytes(string text) => text.Contains('\0', StringComparison.Ordinal) ? [0] : [.. OsText.Encode(text), 0];
}
