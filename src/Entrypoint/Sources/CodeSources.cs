using Entrypoint.Sources.Lab;
using Entrypoint.Sources.Web;

namespace Entrypoint.Sources;

/// <summary>Which source brings the code of which kind of reference.</summary>
internal static class CodeSources
{
    public static ICodeSource For(CodeReference reference, FetchContext context) => reference switch
    {
        LocalPath path => new LocalPathSource(path, context),
        WebAddress address => new WebAddressSource(address, context),
        LabKey key => new LabSource(key, context),
        _ => throw new EntrypointException(ExitCode.Unavailable, $"Code of this kind cannot be fetched yet: {reference.Given} {context.OnTerminal}"),
    };
}
