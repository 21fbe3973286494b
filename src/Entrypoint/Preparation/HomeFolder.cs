using System.Globalization;
using Entrypoint.Linux;
using Entrypoint.Processes;
using Entrypoint.Store;

namespace Entrypoint.Preparation;

/// <summary>
/// A home for pip and conda, which write there. Kubernetes gives a user without a passwd entry the home "/", and without any home they
/// make a folder called "~" in the code's folder.
/// </summary>
internal sealed class HomeFolder(TemporaryFolders temporary)
{
    private const string Users = "/etc/passwd";

    // Of a line of that file.
    private const int NumberField = 2;
    private const int HomeField = 5;

    private string? _other;

    /// <summary>The environment, with another home where its own cannot be written to: the one in the user database, else a temporary one.</summary>
    public ProcessEnvironment AddTo(ProcessEnvironment environment)
    {
        if (environment["HOME"] is { } home && IsUsable(home))
        {
            return environment;
        }

        return environment.With("HOME", _other ??= Known() is { } known && IsUsable(known) ? known : temporary.Create("home"));
    }

    private static bool IsUsable(string home) => home.StartsWith('/') && home.Trim('/').Length > 0 && Writability.MayWrite(home);

    private static string? Known()
    {
        try
        {
            var user = ProcessCalls.EffectiveUser().ToString(CultureInfo.InvariantCulture);
            return File.ReadLines(Users).Select(line => line.Split(':')).FirstOrDefault(fields => fields.Length > HomeField && fields[NumberField] == user)?[HomeField];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
