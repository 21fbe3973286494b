using System.Text;

namespace Entrypoint.Benchmarks.Data;

/// <summary>Files that look like source code to a compressor, the same ones each time.</summary>
internal sealed class SourceFiles(int seed)
{
    private static readonly string[] Words =
    [
        "import", "return", "self", "model", "batch", "epoch", "loss", "range", "numpy", "torch", "None", "yield", "lambda", "filter",
        "dataset", "config", "tensor", "device", "optimizer", "gradient", "sample", "vector", "matrix", "weights", "logger", "parser",
    ];

    private readonly Random _random = new(seed);

    /// <summary>About so many bytes of text.</summary>
    public byte[] Next(int size)
    {
        var text = new StringBuilder(size + 32);
        while (text.Length < size)
        {
            text.Append(Words[_random.Next(Words.Length)]).Append('_').Append(_random.Next(10_000)).Append(_random.Next(8) == 0 ? "\n    " : " = ");
        }

        return Encoding.ASCII.GetBytes(text.Append('\n').ToString());
    }

    /// <summary>Writes a tree: a job at its root, a small and a large folder in it, and the rest in folders of a hundred files.</summary>
    /// <param name="count">Files in all, without the job.</param>
    /// <param name="large">How many of them are in the folder <c>large</c>.</param>
    public void WriteTree(string folder, int count, int large)
    {
        foreach (var (name, content) in Tree(count, large))
        {
            var path = Path.Combine(folder, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, content);
        }
    }

    /// <summary>The same, as names and contents.</summary>
    public IEnumerable<(string Name, byte[] Content)> Tree(int count, int large)
    {
        foreach (var folder in (string[])["", "small/", "large/"])
        {
            yield return ($"{folder}__main__.py", []);
        }

        for (var i = 0; i < count; i++)
        {
            var folder = i < 20 ? "small" : i < 20 + large ? $"large/part{i / 100}" : $"rest/part{i / 100}";
            yield return ($"{folder}/file{i}.py", Next(3000));
        }
    }
}
