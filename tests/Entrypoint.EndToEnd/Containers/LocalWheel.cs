using System.IO.Compression;

namespace Entrypoint.EndToEnd.Containers;

/// <summary>A package for pip that is in no index: one module in a wheel.</summary>
public static class LocalWheel
{
    /// <summary>What a <c>requirements.txt</c> beside the wheel says to install it.</summary>
    public static string Requirements(string name) => $"--no-index\n--find-links .\n{name}\n";

    /// <summary>Writes it into a folder.</summary>
    public static void Write(string folder, string name, string python)
    {
        var metadata = $"{name}-1.0.dist-info";
        using var wheel = ZipFile.Open(Path.Combine(folder, $"{name}-1.0-py3-none-any.whl"), ZipArchiveMode.Create);
        Add(wheel, $"{name}.py", python);
        Add(wheel, $"{metadata}/METADATA", $"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n");
        Add(wheel, $"{metadata}/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n");
        Add(wheel, $"{metadata}/RECORD", $"{name}.py,,\n{metadata}/METADATA,,\n{metadata}/WHEEL,,\n{metadata}/RECORD,,\n");
    }

    private static void Add(ZipArchive wheel, string name, string text)
    {
        using var writer = new StreamWriter(wheel.CreateEntry(name).Open());
        writer.Write(text);
    }
}
