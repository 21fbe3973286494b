using System.Text.Json;
using System.Text.Json.Serialization;

namespace Entrypoint.Benchmarks.Reporting;

/// <summary>The whole run, with every single value.</summary>
internal sealed record JsonFile(string Machine, DateTimeOffset StartedAt, double DurationSeconds, IReadOnlyList<Row> Rows)
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public void Write(string path) => File.WriteAllText(path, JsonSerializer.Serialize(this, Options) + "\n");
}
