using Entrypoint.Failures;
using Entrypoint.Sources.Web;

namespace Entrypoint.Sources.Lab;

/// <summary>What is needed of a Lab; each generation of its API has its own way.</summary>
internal interface ILabApi
{
    /// <summary>The project whose data is meant.</summary>
    /// <exception cref="EntrypointException">64: it is not given and cannot be asked for.</exception>
    Task<string> ProjectAsync(CancellationToken cancellationToken);

    /// <summary>Finds the version that a key means.</summary>
    /// <exception cref="EntrypointException">66: there is none. 77: access denied. 69: the answer makes no sense.</exception>
    /// <exception cref="ServerUnavailableException">No answer, or none that helps.</exception>
    Task<LabFile> FindAsync(LabDataKey key, CancellationToken cancellationToken);

    /// <summary>How the file's bytes are asked for.</summary>
    GetRequest Download(LabFile file);

    /// <summary>The size that the head of a download announces, where the API has a way of its own.</summary>
    long? AnnouncedSize(HttpResponseMessage response);

    /// <summary>What an error status means, in words of the Lab.</summary>
    Task<Exception> RefusalAsync(HttpResponseMessage response, string what, CancellationToken cancellationToken);
}
