namespace Entrypoint.Sources;

/// <summary>Which source brings the code of which kind of reference.</summary>
internal static class CodeSources
{
    public static ICodeSource For(CodeReference reference, FetchContext context) => reference switch
    {
        LocalPath path => new PlainPath(path),
        _ => throw new EntrypointException(ExitCode.Unavailable, $"Code of this kind cannot be fetched yet: {reference.Given} {context.OnTerminal}"),
    };

    private sealed class PlainPath(LocalPath path) : ICodeSource
    {
        public Task<CodeTree> FetchAsync(CancellationToken cancellationToken) =>
            Task.FromResult(Directory.Exists(path.Path) ? new CodeTree(path.Path, path.Path) : new CodeTree(Path.GetDirectoryName(path.Path)!, path.Path));
    }
}
