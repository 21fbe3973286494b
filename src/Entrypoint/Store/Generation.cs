using System.Text.Json.Serialization;

namespace Entrypoint.Store;

/// <summary>Something kept: built once, in a folder of its own, and never changed after it was named.</summary>
/// <param name="Key">What identifies its content.</param>
/// <param name="Path">Its folder.</param>
/// <param name="Note">What whoever built it wanted to know later.</param>
internal sealed record Generation(string Key, string Path, string Note);

/// <summary>Says which generation of a key is the one.</summary>
/// <param name="Folder">The name of its folder, beside the stamp.</param>
internal sealed record GenerationStamp(string Key, string Folder, string Note);

/// <summary>Serialization of what the store writes.</summary>
[JsonSourceGenerationOptions]
[JsonSerializable(typeof(GenerationStamp))]
internal sealed partial class StoreJson : JsonSerializerContext;
