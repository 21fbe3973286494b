using System.Text;
using Entrypoint.Sources.Archives;

namespace Entrypoint.Tests.Sources.Archives;

public sealed class Crc32Tests
{
    /// <summary>Check values of Python's <c>zlib.crc32</c>; lengths on both sides of a step.</summary>
    [Theory]
    [InlineData("", 0u)]
    [InlineData("123456789", 0xCBF43926u)]
    [InlineData("The quick brown fox jumps over the lazy dog", 0x414FA339u)]
    public void Is_that_of_zip(string text, uint expected)
    {
        var bytes = Encoding.ASCII.GetBytes(text);
        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            var checksum = default(Crc32);
            checksum.Append(bytes.AsSpan(0, cut));
            checksum.Append(bytes.AsSpan(cut));
            Assert.Equal(expected, checksum.Value);
        }
    }
}
