using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Entrypoint.Failures;
using Entrypoint.Sources.Web;

namespace Entrypoint.Sources.VersionControl;

/// <summary>
/// Git's smart protocol over HTTP for one fetch in process. User and password go to the URL's own origin alone, once it has asked for them, and
/// are sent no second time where they were refused. Blocks, as libgit2 does.
/// </summary>
internal sealed class GitHttpSession(VcsUrl url, WebAccess web, GitLibrarySettings settings, LibraryActivity activity)
{
    private const int MostWords = 1000;
    private const string Service = "git-upload-pack";

    /// <summary>Where a repository's URL has led to.</summary>
    private readonly Dictionary<string, string> _redirected = new(StringComparer.Ordinal);

    /// <summary>Whether the origin has asked for user and password.</summary>
    private bool _asked;

    /// <summary>Why it failed: libgit2 passes on the words alone.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>What the server has.</summary>
    public Stream List(string repository)
    {
        var suffix = $"/info/refs{(repository.Contains('?', StringComparison.Ordinal) ? '&' : '?')}service={Service}";
        var response = Send(repository + suffix, $"application/x-{Service}-advertisement", null);
        var final = response.RequestMessage?.RequestUri?.AbsoluteUri;
        _redirected[repository] = final?.EndsWith(suffix, StringComparison.Ordinal) == true ? final[..^suffix.Length] : repository;
        return Body(response);
    }

    /// <summary>What of it is wanted.</summary>
    public Stream Ask(string repository, byte[] request) =>
        Body(Send($"{_redirected.GetValueOrDefault(repository, repository)}/{Service}", $"application/x-{Service}-result", request));

    private HttpResponseMessage Send(string address, string accept, byte[]? body)
    {
        try
        {
            var response = SendOnce(address, accept, body);
            if (response.StatusCode == HttpStatusCode.Unauthorized && !_asked && url.UserName is not null && IsSameOrigin(address))
            {
                response.Dispose();
                _asked = true;
                response = SendOnce(address, accept, body);
            }

            Require(response, accept);
            return response;
        }
        catch (Exception exception) when (exception is FetchFailureException or EntrypointException)
        {
            Failure ??= exception;
            throw;
        }
        catch (ServerUnavailableException exception)
        {
            Failure ??= FetchFailureException.Of(exception);
            throw Failure;
        }
    }

    private HttpResponseMessage SendOnce(string address, string accept, byte[]? body)
    {
        // With its origin the URL's own user speaks, once asked; with any other, and where the URL names nobody, the user's file.
        var isOwn = url.UserName is not null && IsSameOrigin(address);
        var request = new GetRequest(new Uri(address))
        {
            Authorization = isOwn && _asked && url.Password is { } password ? GetRequest.Basic(url.UserName!.Reveal(), password.Reveal()) : null,
            UserName = isOwn && _asked ? url.UserName!.Reveal() : null,
            Netrc = isOwn && !_asked ? null : LookUp,
            Accept = accept,
            Body = body is null ? null : () => new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue($"application/x-{Service}-request") } },
        };
        activity.Mark();
        return web.GetAsync(request, activity.Stopping).GetAwaiter().GetResult();
    }

    private string? LookUp(string host, string? login, bool isFirst)
    {
        if (settings.Netrc.Find(host, login, orDefault: isFirst) is not { } found)
        {
            return null;
        }

        settings.Secrets.Add(found.Password);
        return GetRequest.Basic(found.Login, found.Password);
    }

    private bool IsSameOrigin(string address) => GetRequest.SameOrigin(new Uri($"{url.Scheme}://{url.Host}"), new Uri(address));

    private void Require(HttpResponseMessage response, string accept)
    {
        if (response.StatusCode == HttpStatusCode.OK)
        {
            switch (response.Content.Headers.ContentType?.MediaType)
            {
                case var type when type == accept:
                    return;
                case "text/plain":
                    throw new FetchFailureException(
                        FailureKind.ProgramMissing, $"the server has mere files, which only the git program can fetch; {Packages.Install(Packages.Git)}");
                case var type:
                    throw new FetchFailureException(FailureKind.NoRepository, $"what the server has there is {type ?? "of no type"}");
            }
        }

        var status = (int)response.StatusCode;
        var kind = status switch
        {
            401 or 403 or 407 => FailureKind.Denied,
            404 or 410 => FailureKind.NoRepository,
            408 or 429 or >= 500 => FailureKind.Network,
            _ => FailureKind.Other,
        };
        var words = Words(response);
        throw new FetchFailureException(kind, $"the server answered {WebStatus.Show(response.StatusCode)}{(words.Length > 0 ? $": {words}" : "")}");
    }

    /// <summary>What a server says in plain text, as the <c>git</c> program shows it.</summary>
    private string Words(HttpResponseMessage response)
    {
        if (response.Content.Headers.ContentType?.MediaType != "text/plain")
        {
            return "";
        }

        using var body = new GitHttpBody(response, web.Silence, activity);
        var buffer = new byte[MostWords];
        var count = body.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        var lines = Encoding.UTF8.GetString(buffer, 0, count).Split(['\n', '\r'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return string.Join(' ', lines);
    }

    private GitHttpBody Body(HttpResponseMessage response) => new(response, web.Silence, activity) { OnFailure = failure => Failure ??= failure };
}
