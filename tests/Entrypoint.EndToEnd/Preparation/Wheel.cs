using System.IO.Compression;

namespace Entrypoint.EndToEnd.Preparation;

/// <summary>Writes wheels, so that pip has something to install without an index.</summary>
internal static class Wheel
{
    /// <summary>A package with one module of its name, which has its <c>version</c>.</summary>
    public static void Write(string folder, string name, string version = "1.0", string? requires = null)
    {
        Directory.CreateDirectory(folder);
        using var file = ZipFile.Open(Path.Combine(folder, $"{name}-{version}-py3-none-any.whl"), ZipArchiveMode.Create);
        var information = $"{name}-{version}.dist-info";
        Add(file, $"{name}.py", $"version = '{version}'\n");
        Add(file, $"{information}/METADATA", $"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{(requires is null ? "" : $"Requires-Dist: {requires}\n")}");
        Add(file, $"{information}/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n");
        Add(file, $"{information}/RECORD", "");
    }

    private static void Add(ZipArchive file, string name, string text)
    {
        using var writer = new StreamWriter(file.CreateEntry(name).Open());
        writer.Write(text);
    }
}
