using System.Text.Json;

namespace Entrypoint.EndToEnd.Kubernetes;

/// <summary>The job that a manifest starts, or starts again and again.</summary>
/// <param name="Specification">Its <c>spec</c>.</param>
public sealed record JobManifest(JsonElement Specification)
{
    /// <summary>The <c>spec</c> of its pods.</summary>
    public JsonElement Pod => Specification.GetProperty("template").GetProperty("spec");

    /// <summary>The one container of its pods.</summary>
    public JsonElement Container => Pod.GetProperty("containers").EnumerateArray().Single();

    /// <summary>The container's environment, by name.</summary>
    public Dictionary<string, JsonElement> Variables =>
        Container.GetProperty("env").EnumerateArray().ToDictionary(variable => variable.GetProperty("name").GetString()!);

    /// <summary>Finds it among a file's documents.</summary>
    public static JobManifest Of(IEnumerable<JsonElement> documents)
    {
        var specification = documents.Single(document => document.GetProperty("kind").GetString() is "Job" or "CronJob").GetProperty("spec");
        return new(specification.TryGetProperty("jobTemplate", out var template) ? template.GetProperty("spec") : specification);
    }
}
