using System.IO.Compression;
using System.Text;
using Entrypoint.Sources.Archives;

namespace Entrypoint.Tests.Sources.Archives;

public sealed class TarReaderTests
{
    [Theory]
    [InlineData("0000644\0", 0x1A4)]
    [InlineData("   644 \0", 0x1A4)]
    [InlineData("\0\0\0\0\0\0\0\0", 0)]
    [InlineData("0644 \0xx", 0x1A4)]
    public void Reads_octal_numbers_in_any_form(string mode, int value) =>
        Assert.Equal(value, Single(Header("a", '0', [], mode: mode)).Mode);

    [Fact]
    public void Reads_numbers_that_are_too_large_for_octal()
    {
        var header = Header("a", '0', [], size: [0x80, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0], time: [.. Enumerable.Repeat((byte)0xFF, 11), 0xFE]);

        var entry = new TarReader(new MemoryStream(header)).ReadNext()!;

        Assert.Equal((8_589_934_592, DateTimeOffset.FromUnixTimeSeconds(-2)), (entry.Size, entry.Time));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("L")]
    [InlineData("g")]
    public void A_header_that_announces_gigabytes_costs_nothing(string type)
    {
        var header = Header("a", type[0], [], size: Encoding.ASCII.GetBytes("77777777777\0"));
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Throws<InvalidDataException>(() => new TarReader(new MemoryStream(header)).ReadNext());

        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1_000_000);
    }

    [Theory]
    [InlineData("21 path=long/name.py\n", "long/name.py")]
    [InlineData("21 path=long/name.py\n17 comment=a\nb=c\n", "long/name.py")]
    [InlineData("8 path=\n", "short")]
    [InlineData("29 SCHILY.xattr.user.x=\u0001\u0002\u0003\u0004\u0005\n", "short")]
    public void Fields_of_a_pax_header_go_before_those_of_the_block(string fields, string name) =>
        Assert.Equal(name, Single([.. Header("p", 'x', Encoding.UTF8.GetBytes(fields)), .. Header("short", '0', "x"u8)]).Name);

    [Theory]
    [InlineData("path=x\n")]
    [InlineData("99 path=x\n")]
    [InlineData("8 path=x\n")]
    [InlineData("4 p\n")]
    [InlineData("7 path\n")]
    [InlineData("-9 path=x\n")]
    [InlineData("12 size=abc\n")]
    public void Malformed_fields_are_refused(string fields) =>
        Assert.Throws<InvalidDataException>(() => Single([.. Header("p", 'x', Encoding.UTF8.GetBytes(fields)), .. Header("a", '0', [])]));

    [Fact]
    public void Fields_of_all_entries_hold_for_each_but_not_against_its_own()
    {
        var reader = new TarReader(new MemoryStream(
        [
            .. Header("g", 'g', "12 mtime=99\n"u8), .. Header("a", '0', "x"u8), .. Header("p", 'x', "12 mtime=11\n"u8), .. Header("b", '0', []), .. Header("c", '0', []),
        ]));

        Assert.Equal([99, 11, 99], new[] { reader.ReadNext(), reader.ReadNext(), reader.ReadNext() }.Select(entry => entry!.Time!.Value.ToUnixTimeSeconds()));
    }

    [Fact]
    public void Long_names_of_gnu_may_be_longer_than_a_block()
    {
        var (name, target) = (new string('n', 3000), new string('t', 700));

        var entry = Single([.. Header("././@LongLink", 'K', Encoding.ASCII.GetBytes(target + "\0")), .. Header("././@LongLink", 'L', Encoding.ASCII.GetBytes(name + "\0")), .. Header("n", '2', [], link: "t")]);

        Assert.Equal((name, target), (entry.Name, entry.LinkName));
    }

    [Fact]
    public void The_size_of_a_link_is_no_data()
    {
        var reader = new TarReader(new MemoryStream(
            [.. Header("a", '1', [], link: "b", size: "00000001000\0"u8), .. Header("c", '0', "x"u8), .. new byte[1024]]));

        Assert.Equal(["a", "c"], new[] { reader.ReadNext()!.Name, reader.ReadNext()!.Name });
        Assert.Null(reader.ReadNext());
    }

    [Theory]
    [InlineData("0,3,1000,2", 5)]
    [InlineData("5,0", 0)]
    public void The_map_of_a_sparse_file_says_where_its_data_belongs(string map, int data)
    {
        var fields = Record("GNU.sparse.name", "real") + Record("GNU.sparse.size", "1002") + Record("GNU.sparse.map", map);

        var entry = Single([.. Header("p", 'x', Encoding.UTF8.GetBytes(fields)), .. Header("GNUSparseFile.0/real", '0', new byte[data])]);

        Assert.Equal(("real", 1002L), (entry.Name, entry.RealSize));
        Assert.Equal(map, string.Join(',', entry.Map!.Pieces.Select(piece => $"{piece.Offset},{piece.Length}")));
    }

    [Theory]
    [InlineData("0,3,2,2", 5)]
    [InlineData("0,3,1001,2", 5)]
    [InlineData("0,3", 5)]
    [InlineData("0,3,4", 3)]
    [InlineData("0,9223372036854775807,1,1", 5)]
    [InlineData("-1,5", 5)]
    [InlineData("a", 5)]
    public void A_map_that_does_not_fit_is_refused(string map, int data)
    {
        var fields = Record("GNU.sparse.size", "1002") + Record("GNU.sparse.map", map);

        Assert.Throws<InvalidDataException>(() => Single([.. Header("p", 'x', Encoding.UTF8.GetBytes(fields)), .. Header("a", '0', new byte[data])]));
    }

    [Theory]
    [InlineData("99999999999999999999\n")]
    [InlineData("x\n")]
    [InlineData("2\n1\n")]
    [InlineData("1\n0\n")]
    public void A_broken_map_in_the_data_is_refused(string map)
    {
        var fields = Record("GNU.sparse.major", "1") + Record("GNU.sparse.minor", "0") + Record("GNU.sparse.realsize", "1002");

        Assert.Throws<InvalidDataException>(() => Single([.. Header("p", 'x', Encoding.UTF8.GetBytes(fields)), .. Header("a", '0', Encoding.ASCII.GetBytes(map))]));
    }

    [Fact]
    public void A_small_archive_of_much_announced_is_refused_in_little_memory()
    {
        var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(Header("a", 'x', [], size: "17777777777\0"u8));
            for (var block = 0; block < 2000; block++)
            {
                gzip.Write(new byte[100_000]);
            }
        }

        memory.Position = 0;
        var before = GC.GetAllocatedBytesForCurrentThread();
        using var decompressed = new DecompressedStream(memory, ArchiveFormat.Gzip);

        Assert.Throws<InvalidDataException>(() => new TarReader(decompressed).ReadNext());
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1_000_000);
    }

    private static TarEntry Single(byte[] archive)
    {
        var reader = new TarReader(new MemoryStream([.. archive, .. new byte[1024]]));
        var entry = reader.ReadNext()!;
        Assert.Null(reader.ReadNext());
        return entry;
    }

    private static string Record(string name, string value)
    {
        var rest = $" {name}={value}\n";
        return Enumerable.Range(1, 6).Select(digits => $"{rest.Length + digits}{rest}").First(record => record.Length == int.Parse(record.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture));
    }

    private static byte[] Header(
        string name, char type, ReadOnlySpan<byte> data, string link = "", string mode = "0000644\0", ReadOnlySpan<byte> size = default, ReadOnlySpan<byte> time = default)
    {
        var block = new byte[512 + ((data.Length + 511) / 512 * 512)];
        Encoding.UTF8.GetBytes(name, block);
        Encoding.ASCII.GetBytes(mode, block.AsSpan(100));
        (size.IsEmpty ? Encoding.ASCII.GetBytes(Convert.ToString(data.Length, 8).PadLeft(11, '0') + "\0") : size).CopyTo(block.AsSpan(124));
        time.CopyTo(block.AsSpan(136));
        "        "u8.CopyTo(block.AsSpan(148));
        block[156] = (byte)type;
        Encoding.ASCII.GetBytes(link, block.AsSpan(157));
        "ustar\0"u8.CopyTo(block.AsSpan(257));
        Encoding.ASCII.GetBytes(Convert.ToString(block.AsSpan(0, 512).ToArray().Sum(value => value), 8).PadLeft(6, '0') + "\0 ").CopyTo(block.AsSpan(148));
        data.CopyTo(block.AsSpan(512));
        return block;
    }
}
