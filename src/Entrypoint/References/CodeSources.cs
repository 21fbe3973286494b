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
    public static ICodeSource For(CodeReference reference, FetchContext context) => reference switch
    {
        LocalPath path => new LocalPathSource(path, context),
        VcsUrl url => new VcsSource(url, context),
        WebAddress address => new WebAddressSource(address, context),
        LabKey key => new LabSource(key, context),
        _ => throw new UnreachableException($"Unknown kind of reference: {reference.GetType().Name}"),
    };
}
