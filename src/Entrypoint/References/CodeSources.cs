using System.Diagnostics;
using Entrypoint.Sources;
using Entrypoint.Sources.Lab;
using Entrypoint.Sources.Local;
using Entrypoint.Sources.VersionControl;
using Entrypoint.Sources.Web;

namespace Entrypoint.References;

/// <summary>Which source brings the code of which kind of reference.</summary>
internal static class CodeSources
{
    /// <summary>The source, behind the code cache where there is one.</summary>
    public static ICodeSource For(CodeReference reference, FetchContext context) =>
        context.Options.Settings.CodeCache is > 0 and var size ? new CodeCache(Plain(reference, context), context, size) : Plain(reference, context);

    private static ICodeSource Plain(CodeReference reference, FetchContext context) => reference switch
    {
        LocalPath path => new LocalPathSource(path, context),
        VcsUrl url => new VcsSource(url, context),
        WebAddress address => new WebAddressSource(address, context),
        LabKey key => new LabSource(key, context),
        _ => throw new UnreachableException($"Unknown kind of reference: {reference.GetType().Name}"),
    };
}
