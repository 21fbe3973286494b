using System.Text.Json.Serialization;
using Entrypoint.Output;
using Entrypoint.Sources;
using Entrypoint.Sources.VersionControl;

namespace Entrypoint.Reporting;

/// <summary>
/// The <c>source</c> of plan and report. What does not belong to the kind is left out; what belongs to
/// it and is not given is null. The report adds the resolved revision.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(PathSource), "path")]
[JsonDerivedType(typeof(VcsSource), "vcs")]
[JsonDerivedType(typeof(UrlSource), "url")]
[JsonDerivedType(typeof(LabSource), "lab")]
internal abstract record SourceDescription(string Reference)
{
    internal sealed record PathSource(string Reference, string Path) : SourceDescription(Reference);

    internal sealed record VcsSource(string Reference, string Vcs, string RepositoryUrl, string? Revision, string? Subdirectory) : SourceDescription(Reference);

    internal sealed record UrlSource(string Reference, string? Subdirectory) : SourceDescription(Reference);

    internal sealed record LabSource(string Reference, string? Project, string Key) : SourceDescription(Reference);

    /// <summary>Describes a reference without its secrets.</summary>
    /// <param name="project">The project of Lab data; null where it must be asked for.</param>
    public static SourceDescription Of(CodeReference reference, string? project, Secrets secrets)
    {
        var given = secrets.HideReference(reference.Given.ToString());
        string? Hide(string? text) => text is null ? null : secrets.HideReference(text);
        return reference switch
        {
            LocalPath path => new PathSource(given, secrets.HideReference(path.Path)),
            VcsUrl url => new VcsSource(given, url.Vcs, secrets.HideReference(url.Repository.ToString()), Hide(url.Revision), Hide(url.Subdirectory)),
            WebAddress address => new UrlSource(given, Hide(address.Fragment.Subdirectory)),
            LabKey key => new LabSource(given, Hide(project), secrets.HideReference(key.Key)),
            _ => throw new InvalidOperationException($"Unknown kind of reference: {reference.GetType().Name}"),
        };
    }
}
