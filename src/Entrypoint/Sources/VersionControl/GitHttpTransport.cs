using LibGit2Sharp;

namespace Entrypoint.Sources.VersionControl;

/// <summary>
/// Carries libgit2's requests over this program's own HTTP: the proxies, authorities and limits of web addresses hold for Git in process too, and
/// what a server says of a refusal is not lost. Each request stands for itself, as Git over HTTP has it.
/// </summary>
internal sealed class GitHttpTransport : RpcSmartSubtransport
{
    private static bool _registered;

    /// <summary>The fetch on whose thread libgit2 calls back.</summary>
    [field: ThreadStatic]
    public static GitHttpSession? Session { get; set; }

    /// <summary>Puts it in the place of libgit2's own, once.</summary>
    public static void Register()
    {
        if (!Interlocked.Exchange(ref _registered, true))
        {
            GlobalSettings.RegisterSmartSubtransport<GitHttpTransport>("http");
            GlobalSettings.RegisterSmartSubtransport<GitHttpTransport>("https");
        }
    }

    protected override SmartSubtransportStream Action(string url, GitSmartSubtransportAction action) => action switch
    {
        GitSmartSubtransportAction.UploadPackList => new GitHttpStream(this, () => Session!.List(url), request: null),
        GitSmartSubtransportAction.UploadPack => new GitHttpStream(this, null, body => Session!.Ask(url, body)),
        _ => throw new InvalidOperationException($"Nothing is ever pushed ({action})."),
    };
}

/// <summary>One request and its answer.</summary>
/// <param name="open">Gets the answer to a request without a body; null where there is one.</param>
/// <param name="request">Sends a body and gets the answer.</param>
internal sealed class GitHttpStream(SmartSubtransport transport, Func<Stream>? open, Func<byte[], Stream>? request) : SmartSubtransportStream(transport)
{
    private const int BufferSize = 64 * 1024;

    private readonly List<byte> _body = [];
    private readonly byte[] _buffer = new byte[BufferSize];
    private Stream? _answer;

    public override int Write(Stream dataStream, long length)
    {
        // The caller's stream is as long as its memory, not as what is to be taken of it.
        for (var left = length; left > 0;)
        {
            var count = dataStream.Read(_buffer, 0, (int)Math.Min(left, _buffer.Length));
            if (count == 0)
            {
                return -1;
            }

            _body.AddRange(_buffer.AsSpan(0, count));
            left -= count;
        }

        return 0;
    }

    public override int Read(Stream dataStream, long length, out long bytesRead)
    {
        bytesRead = 0;
        _answer ??= open is not null ? open() : request!([.. _body]);
        var count = _answer.Read(_buffer, 0, (int)Math.Min(length, _buffer.Length));
        dataStream.Write(_buffer, 0, count);
        bytesRead = count;
        return 0;
    }

    protected override void Free()
    {
        _answer?.Dispose();
        base.Free();
    }
}
