using System.Globalization;
using System.Text;
using Entrypoint.Linux;

namespace Entrypoint.Sources.Archives;

/// <summary>The fields of a pax header that matter here; all others are passed over (owners, attributes, comments).</summary>
internal sealed class PaxFields
{
    private readonly List<long> _oldPieces = [];

    public string? Name { get; private set; }

    public string? LinkName { get; private set; }

    public long? Size { get; private set; }

    public DateTimeOffset? Time { get; private set; }

    /// <summary>The size of a sparse file with its holes; null for other files.</summary>
    public long? RealSize { get; private set; }

    /// <summary>Whether the map of a sparse file stands before its data (GNU's form 1.0).</summary>
    public bool HasMapInData { get; private set; }

    /// <summary>The map of a sparse file that stands in the header (GNU's forms 0.0 and 0.1).</summary>
    public SparseMap Map { get; } = new();

    /// <summary>Reads a header's data: records of the form <c>LENGTH NAME=VALUE\n</c>.</summary>
    /// <exception cref="InvalidDataException">They are malformed.</exception>
    public static PaxFields Read(ReadOnlySpan<byte> data)
    {
        var fields = new PaxFields();
        string? sparseName = null;
        while (!data.IsEmpty)
        {
            var space = data.IndexOf((byte)' ');
            if (space <= 0 || !int.TryParse(data[..space], NumberStyles.None, CultureInfo.InvariantCulture, out var length)
                || length <= space + 1 || length > data.Length || data[length - 1] != '\n')
            {
                throw Broken();
            }

            var record = data[(space + 1)..(length - 1)];
            var equals = record.IndexOf((byte)'=');
            if (equals < 0)
            {
                throw Broken();
            }

            if (Encoding.UTF8.GetString(record[..equals]) is "GNU.sparse.name")
            {
                sparseName = OsText.Decode(record[(equals + 1)..]);
            }
            else
            {
                fields.Set(record[..equals], record[(equals + 1)..]);
            }

            data = data[length..];
        }

        for (var index = 0; index + 1 < fields._oldPieces.Count; index += 2)
        {
            fields.Map.Add(fields._oldPieces[index], fields._oldPieces[index + 1]);
        }

        fields.Name = sparseName ?? fields.Name;
        return fields;
    }

    /// <summary>These fields, and where they say nothing those of all entries.</summary>
    public PaxFields Over(PaxFields all)
    {
        Name ??= all.Name;
        LinkName ??= all.LinkName;
        Size ??= all.Size;
        Time ??= all.Time;
        return this;
    }

    private void Set(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty)
        {
            return;
        }

        switch (Encoding.UTF8.GetString(name))
        {
            case "path":
                Name = OsText.Decode(value);
                break;
            case "linkpath":
                LinkName = OsText.Decode(value);
                break;
            case "size":
                Size = Number(value);
                break;
            case "mtime":
                Time = Moment(value);
                break;
            case "GNU.sparse.size" or "GNU.sparse.realsize":
                RealSize = Number(value);
                break;
            case "GNU.sparse.major":
                HasMapInData = Number(value) == 1 ? true : Number(value) == 0 ? false : throw new InvalidDataException("a sparse file has a form that is not known");
                break;
            case "GNU.sparse.map":
                Map.AddList(Encoding.UTF8.GetString(value));
                break;
            case "GNU.sparse.offset" or "GNU.sparse.numbytes":
                _oldPieces.Add(Number(value));
                break;
        }
    }

    private static long Number(ReadOnlySpan<byte> value) =>
        long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw Broken();

    /// <summary>Seconds since 1970 with a fraction; null where no file system could hold it.</summary>
    private static DateTimeOffset? Moment(ReadOnlySpan<byte> value) =>
        decimal.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && Math.Abs(seconds) < 100_000_000_000
            ? DateTimeOffset.UnixEpoch.AddTicks((long)(seconds * TimeSpan.TicksPerSecond))
            : null;

    private static InvalidDataException Broken() => new("an extended header is malformed");
}
