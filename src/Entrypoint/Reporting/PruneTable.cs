using System.Globalization;
using System.Text;
using Entrypoint.Linux;
using Entrypoint.Store;

namespace Entrypoint.Reporting;

/// <summary>What <c>--prune</c> prints: a line for each that it removed, and how much that is in all.</summary>
internal static class PruneTable
{
    private static readonly string[] Units = ["B", "kB", "MB", "GB", "TB"];

    /// <summary>The table as bytes.</summary>
    /// <param name="isPlan">Whether nothing was removed yet.</param>
    public static byte[] Of(IReadOnlyList<Pruned> pruned, bool isPlan)
    {
        var text = new StringBuilder();
        if (pruned.Count > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"{"LAST USE",-16}  {"SIZE",9}  FOLDER\n");
        }

        foreach (var (path, lastUse, bytes) in pruned)
        {
            text.Append(CultureInfo.InvariantCulture, $"{lastUse.ToLocalTime():yyyy-MM-dd HH:mm}  {Size(bytes),9}  {path}\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"{(isPlan ? "To be removed" : "Removed")}: {pruned.Count}, {Size(pruned.Sum(found => found.Bytes))}\n");
        return OsText.Encode(text.ToString());
    }

    private static string Size(long bytes)
    {
        var (size, unit) = ((double)bytes, 0);
        while (size >= 1000 && unit < Units.Length - 1)
        {
            (size, unit) = (size / 1000, unit + 1);
        }

        return size.ToString(unit == 0 ? "0" : "0.0", CultureInfo.InvariantCulture) + " " + Units[unit];
    }
}
