using Entrypoint.Linux;
using Entrypoint.Sources.Web;

namespace Entrypoint.Sources.Lab;

/// <summary>
/// Downloads one version of a file: to a name of its own beside its place, and moved there when complete, so that nobody ever sees half of
/// it and two starts at once do not write the same file.
/// </summary>
internal sealed class LabDownload(ILabApi api, WebAccess client, Retries retries, LabCopies copies, FetchContext context)
{
    /// <summary>Downloads it and returns where it is: in its place, or in a temporary folder where that cannot be written.</summary>
    /// <exception cref="ServerUnavailableException">It did not succeed in all the tries.</exception>
    public async Task<string> RunAsync(LabFile file, CancellationToken cancellationToken)
    {
        var (target, part, sink) = Open(file);
        try
        {
            using (sink)
            using (var progress = context.Progress($"Downloading {file.Key}"))
            {
                var request = new DownloadRequest(api.Download(file))
                {
                    Size = file.Size,
                    SizeIn = api.AnnouncedSize,
                    Refusal = (response, stopping) => api.RefusalAsync(response, file.Key, stopping),
                };
                using var download = new Download(client, request, sink, progress, context.Time);
                await download.RunAsync(retries, cancellationToken).ConfigureAwait(false);
            }

            File.Move(part, target, overwrite: true);
            return target;
        }
        catch
        {
            OsFile.Delete(part);
            throw;
        }
    }

    private (string Target, string Part, FileSink Sink) Open(LabFile file)
    {
        var target = copies.PathOf(file);
        try
        {
            if (!OsFile.IsFolder(target))
            {
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                var part = Beside(target);
                return (target, part, new FileSink(part));
            }
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or IOException)
        {
            context.Log.Warning("Cannot keep {Key} in {Folder}: {Reason} It is downloaded for this run alone.", file.Key, context.Options.Settings.DataEnvironment, exception.Message);
        }

        var temporary = Path.Combine(context.Temporary.Create("lab"), Path.GetFileName(target));
        var temporaryPart = Beside(temporary);
        return (temporary, temporaryPart, new FileSink(temporaryPart));
    }

    /// <summary>A hidden name that no other start uses; short, since the file's own name may be as long as names can be.</summary>
    private static string Beside(string target) =>
        Path.Combine(Path.GetDirectoryName(target)!, $".entrypoint-{Path.GetRandomFileName()}.part");
}
