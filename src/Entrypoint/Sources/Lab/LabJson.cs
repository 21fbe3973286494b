using System.Text.Json;
using System.Text.Json.Serialization;

namespace Entrypoint.Sources.Lab;

/// <summary>The envelope of the first generation; null fields are left out of it.</summary>
internal sealed record LabEnvelope<T>(T? Data, LabErrors? Errors, JsonElement? Metadata);

/// <summary>An error of the first generation. Its description may be a stack trace and is not read.</summary>
internal sealed record LabErrors(int Code, string? Message);

/// <summary>A file of the first generation.</summary>
internal sealed record LabFileData(string? Key, int? Version, long? Size);

/// <summary>A user of the first generation.</summary>
internal sealed record LabUserData(string? Id);

/// <summary>An error of the second generation.</summary>
internal sealed record ContaxyProblem(int? Code, string? Message, string? Explanation, JsonElement? Metadata);

/// <summary>A file of the second generation.</summary>
internal sealed record ContaxyFile(string? Key, long? FileSize, string? Version, string? LatestVersion, string[]? AvailableVersions);

/// <summary>First generation: names as in Java.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, NumberHandling = JsonNumberHandling.AllowReadingFromString)]
[JsonSerializable(typeof(LabEnvelope<LabFileData>))]
[JsonSerializable(typeof(LabEnvelope<LabFileData[]>))]
[JsonSerializable(typeof(LabEnvelope<LabUserData>))]
[JsonSerializable(typeof(LabEnvelope<JsonElement>))]
internal sealed partial class LabJson : JsonSerializerContext;

/// <summary>Second generation: names as in Python.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ContaxyFile))]
[JsonSerializable(typeof(ContaxyProblem))]
internal sealed partial class ContaxyJson : JsonSerializerContext;
