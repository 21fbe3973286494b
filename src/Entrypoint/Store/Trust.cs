using Entrypoint.Linux;
using Serilog;

namespace Entrypoint.Store;

/// <summary>
/// Decides whose work is used: what runs from a shared folder runs with the rights of whoever starts it. Trusted are root, this user, and
/// the owner of the folder that holds it all.
/// </summary>
/// <param name="root">The folder that holds it all.</param>
internal sealed class Trust(string root, ILogger log)
{
    private readonly HashSet<string> _named = new(StringComparer.Ordinal);
    private uint? _ownUser;

    /// <summary>Whether a file or folder may be used; where not, a warning names it once. A link is never trusted.</summary>
    public bool Accepts(string path) => FileCalls.StatusOfLink(path) is { Succeeded: true, Value: var status } && Accepts(path, status);

    /// <summary>Whether what lies in a folder may be used; the folder may be a link that a trusted user has made.</summary>
    public bool AcceptsFolder(string path)
    {
        var own = FileCalls.StatusOfLink(path);
        return own.Succeeded
            && (own.Value.Kind != FileKind.Link || IsTrusted(own.Value.Owner))
            && FileCalls.Status(path) is { Succeeded: true, Value: { Kind: FileKind.Folder } status }
            && Accepts(path, status);
    }

    /// <summary>Whether what was found at a path may be used.</summary>
    public bool Accepts(string path, FileStatus status)
    {
        if (status.Kind is FileKind.File or FileKind.Folder && IsTrusted(status.Owner))
        {
            return true;
        }

        lock (_named)
        {
            if (_named.Add(path))
            {
                log.Warning(
                    status.Kind is FileKind.File or FileKind.Folder
                        ? "{Path} is not used: user {Owner} made it, who is neither root, nor this user, nor the owner of {Root}."
                        : "{Path} is not used: it is a link or a device that user {Owner} has put there. Remove it from {Root}.",
                    path,
                    status.Owner,
                    root);
            }
        }

        return false;
    }

    private bool IsTrusted(uint owner) =>
        owner == 0
        || owner == ProcessCalls.EffectiveUser()
        || (FileCalls.Status(root) is { Succeeded: true, Value: var folder } && folder.Owner == owner)
        || owner == (_ownUser ??= UserAsShownHere());

    /// <summary>Who this user is there: a share may show root as nobody, and everybody as one user.</summary>
    private uint UserAsShownHere()
    {
        var path = Path.Combine(root, $".owner.{Path.GetRandomFileName()[..8]}");
        if (FileCalls.CreateLockFile(path, 0b110_000_000) is not { Succeeded: true, Value: var file })
        {
            return ProcessCalls.EffectiveUser();
        }

        using (file)
        {
            var shown = FileCalls.Status(file);
            OsFile.Delete(path);
            return shown.Succeeded ? shown.Value.Owner : ProcessCalls.EffectiveUser();
        }
    }
}
