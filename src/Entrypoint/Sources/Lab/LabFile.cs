namespace Entrypoint.Sources.Lab;

/// <summary>One version of a file in a Lab, as the server describes it.</summary>
/// <param name="Project">The project that it is in.</param>
/// <param name="Key">What it is downloaded by.</param>
/// <param name="Version">A number in the first generation, any text in the second.</param>
/// <param name="Size">In bytes; null where the server does not say.</param>
/// <param name="CopyPath">Where its local copy belongs, below <c>DATA_ENVIRONMENT</c>.</param>
internal sealed record LabFile(string Project, string Key, string Version, long? Size, string CopyPath);
