using Entrypoint.CommandLine;
using Entrypoint.Failures;
using Entrypoint.Output;

namespace Entrypoint.Sources.Lab;

/// <summary>Where the Lab is, from its variables.</summary>
internal static class LabEndpoint
{
    /// <summary>The base of <c>LAB_ENDPOINT</c>: only its scheme (http where it lacks one), host and port count.</summary>
    /// <exception cref="EntrypointException">64.</exception>
    public static string OfOrigin(string endpoint) => Read("LAB_ENDPOINT", endpoint).GetLeftPart(UriPartial.Authority) + "/api";

    /// <summary>The base of <c>LAB_API_ENDPOINT</c>: all of it.</summary>
    /// <exception cref="EntrypointException">64.</exception>
    public static string OfBase(string endpoint) => Read("LAB_API_ENDPOINT", endpoint).GetLeftPart(UriPartial.Path).TrimEnd('/');

    /// <summary>The token, which must fit into a header.</summary>
    /// <exception cref="EntrypointException">64.</exception>
    public static string Token(LabSettings settings)
    {
        var token = (settings.Token ?? throw LabFailures.MissingToken()).Reveal();
        return token.All(letter => letter is > ' ' and < '\x7f')
            ? token
            : throw new EntrypointException(ExitCode.Usage, "LAB_API_TOKEN holds spaces or other characters that no token has: check how it is set.");
    }

    private static Uri Read(string variable, string endpoint)
    {
        var text = endpoint.Contains("://", StringComparison.Ordinal) ? endpoint : $"http://{endpoint}";
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.Host.Length == 0)
        {
            throw new EntrypointException(
                ExitCode.Usage, $"{variable} holds no address of a Lab: '{SafeAddress.Of(endpoint)}'; it must be like http://host:8091.");
        }

        return uri.UserInfo.Length > 0 ? new UriBuilder(uri) { UserName = "", Password = "" }.Uri : uri;
    }
}
