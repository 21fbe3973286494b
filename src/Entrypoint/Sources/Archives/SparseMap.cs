using System.Globalization;

namespace Entrypoint.Sources.Archives;

/// <summary>Where the pieces of data of a sparse file belong; between them are holes.</summary>
internal sealed class SparseMap
{
    /// <summary>More pieces than any real file has; a map is kept in memory.</summary>
    private const int MostPieces = 1_000_000;

    private readonly List<(long Offset, long Length)> _pieces = [];

    /// <summary>The pieces, one behind the other.</summary>
    public IReadOnlyList<(long Offset, long Length)> Pieces => _pieces;

    /// <summary>How much data there is in all, in bytes.</summary>
    public long DataSize { get; private set; }

    /// <summary>Adds a piece.</summary>
    /// <exception cref="InvalidDataException">It does not lie behind the one before, or there are too many.</exception>
    public void Add(long offset, long length)
    {
        var end = _pieces is [.., var last] ? last.Offset + last.Length : 0;
        if (offset < end || length < 0 || offset > long.MaxValue - length || _pieces.Count >= MostPieces)
        {
            throw Broken();
        }

        _pieces.Add((offset, length));
        DataSize += length;
    }

    /// <summary>Adds pieces from a list of offsets and lengths, separated by commas.</summary>
    public void AddList(ReadOnlySpan<char> list)
    {
        long? offset = null;
        foreach (var range in list.Split(','))
        {
            var number = Number(list[range]);
            if (offset is { } known)
            {
                Add(known, number);
            }

            offset = offset is null ? number : null;
        }

        if (offset is not null)
        {
            throw Broken();
        }
    }

    /// <summary>Checks that it fits a file.</summary>
    /// <param name="realSize">The size of the file with its holes.</param>
    /// <param name="stored">How much data follows.</param>
    /// <exception cref="InvalidDataException">It does not.</exception>
    public void Require(long realSize, long stored)
    {
        if (DataSize != stored || realSize < 0 || (_pieces is [.., var last] && last.Offset + last.Length > realSize))
        {
            throw Broken();
        }
    }

    /// <summary>A number of a map in text.</summary>
    public static long Number(ReadOnlySpan<char> text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw Broken();

    private static InvalidDataException Broken() => new("the map of a sparse file does not fit it");
}
