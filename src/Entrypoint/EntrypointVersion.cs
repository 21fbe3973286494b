using System.Reflection;

namespace Entrypoint;

/// <summary>Which version of the program this is.</summary>
internal static class EntrypointVersion
{
    /// <summary>Such as <c>1.0.0</c>.</summary>
    public static string Text { get; } =
        typeof(EntrypointVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";
}
