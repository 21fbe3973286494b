using System.IO.Compression;
using Entrypoint.Failures;
using Entrypoint.Preparation.Projects;

namespace Entrypoint.Preparation;

/// <summary>What a wheel says about itself.</summary>
internal static class WheelMetadata
{
    /// <summary>The names of its extras, normalised.</summary>
    /// <exception cref="EntrypointException">78: it is no wheel.</exception>
    public static IReadOnlyList<string> Extras(string wheel, string name)
    {
        const string Field = "Provides-Extra:";
        try
        {
            using var file = ZipFile.OpenRead(wheel);
            var entry = file.Entries.FirstOrDefault(entry => entry.FullName.EndsWith(".dist-info/METADATA", StringComparison.Ordinal));
            if (entry is null)
            {
                return [];
            }

            using var reader = new StreamReader(entry.Open());
            var extras = new List<string>();

            // An empty line ends the fields; the description follows.
            while (reader.ReadLine() is { Length: > 0 } line)
            {
                if (line.StartsWith(Field, StringComparison.OrdinalIgnoreCase))
                {
                    extras.Add(PackageName.Normalize(line[Field.Length..]));
                }
            }

            return extras;
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new EntrypointException(ExitCode.PreparationFailed, $"{name} could not be applied: the wheel that was built of it cannot be read: {exception.Message}", exception);
        }
    }
}
