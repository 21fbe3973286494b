using System.Globalization;
using System.Text.Json;
using Entrypoint.EndToEnd.Web;
using Microsoft.AspNetCore.Http;

namespace Entrypoint.EndToEnd.Lab;

/// <summary>A file in a stub Lab.</summary>
/// <param name="Key">With its version in the first generation, without in the second.</param>
public sealed record StubFile(string Key, byte[] Content, string Version);

/// <summary>What a stub Lab can be told to do wrong. Each takes a request and says whether it has answered it.</summary>
public delegate Task<bool> Misbehaviour(HttpContext context, int number);

/// <summary>
/// A stand-in for an ML Lab of either generation, with the habits that its API really has: info by prefix, versions, envelopes, sizes in
/// <c>Content-Disposition</c>, no ranges.
/// </summary>
public sealed class LabStub
{
    public const string Token = "eyJ.secret-token.x";

    /// <summary>What is in the project <c>churn</c>.</summary>
    public List<StubFile> Files { get; } = [];

    /// <summary>Asked first.</summary>
    public Misbehaviour Wrong { get; set; } = static (_, _) => Task.FromResult(false);

    /// <summary>What stands in answers beside what anybody needs: forms that no reader may stumble over.</summary>
    private const string Oddities = "\"deep\": [[[[{\"size\": null}]]]], \"key\": 7, \"more\": [true, 1.5e300, \"\\ud83d\\ude00\"]";

    /// <summary>Answers as the first generation.</summary>
    public async Task AnswerJava(HttpContext context, int number)
    {
        if (await Wrong(context, number))
        {
            return;
        }

        string Query(string name) => context.Request.Query[name].ToString();
        var path = context.Request.Path.Value!;
        if (context.Request.Headers.Authorization != Token)
        {
            context.Response.StatusCode = 401;
        }
        else if (path == "/api/auth/users/me")
        {
            await Json(context, 200, """{"data": {"id": "7"}, "metadata": {"status": 200, "time": 1}}""");
        }
        else if (path.StartsWith("/api/projects/", StringComparison.Ordinal) && !IsProject(path.Split('/')[3]))
        {
            context.Response.StatusCode = 403;
        }
        else if (path.EndsWith("/files/info", StringComparison.Ordinal))
        {
            await Info(context, Query("fileKey"));
        }
        else if (path.EndsWith("/files/download", StringComparison.Ordinal))
        {
            await Download(context, Query("fileKey"));
        }
        else if (path.EndsWith("/files", StringComparison.Ordinal))
        {
            var matches = Files.Where(file => file.Key.StartsWith(Query("prefix"), StringComparison.Ordinal)).Select(Describe);
            await Json(context, 200, $$"""{"data": [{{string.Join(',', matches)}}], "metadata": {"status": 200, "itemCount": 1, "time": 1} }""");
        }
        else
        {
            context.Response.StatusCode = 404;
        }
    }

    /// <summary>Answers as the second generation, below <c>/api</c>.</summary>
    public async Task AnswerContaxy(HttpContext context, int number)
    {
        if (await Wrong(context, number))
        {
            return;
        }

        const string Folder = "/api/projects/churn/files/";
        var path = context.Request.Path.Value!;
        var method = path.EndsWith(":metadata", StringComparison.Ordinal) ? ":metadata" : path.EndsWith(":download", StringComparison.Ordinal) ? ":download" : null;
        if (path.EndsWith("/files/info", StringComparison.Ordinal))
        {
            await Problem(context, 405, "Method Not Allowed");
        }
        else if (context.Request.Headers.Authorization != $"Bearer {Token}")
        {
            await Problem(context, 401, "Could not validate credentials");
        }
        else if (method is null || !path.StartsWith(Folder, StringComparison.Ordinal))
        {
            await Problem(context, path.StartsWith("/api/projects/", StringComparison.Ordinal) && method is not null ? 403 : 404, "Not Found");
        }
        else
        {
            var key = path[Folder.Length..^method.Length];
            var versions = Files.Where(file => file.Key == key).ToList();
            var asked = context.Request.Query["version"].ToString();
            var file = asked.Length == 0 ? versions.LastOrDefault() : versions.Find(version => version.Version == asked);
            if (file is null)
            {
                await Problem(context, 404, $"File not found (key: {key}).");
            }
            else if (method == ":metadata")
            {
                var available = string.Join(',', versions.Select(version => Text(version.Version)));
                await Json(context, 200, $$"""{"key": {{Text(key)}}, "display_name": "x", "file_size": {{file.Content.Length}}, "version": {{Text(file.Version)}}, "available_versions": [{{available}}], "latest_version": {{(file == versions[^1] ? "true" : "false")}}, "md5_hash": null, "extensions": { {{Oddities}} } }""");
            }
            else
            {
                context.Response.Headers.ContentDisposition = "attachment;filename=" + Uri.EscapeDataString(key.Split('/')[^1]);
                await StubServer.SendAsync(context, file.Content);
            }
        }
    }

    /// <summary>Sends JSON.</summary>
    public static Task Json(HttpContext context, int status, string json)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(json);
    }

    /// <summary>An error of the first generation, with the stack trace that it may bring.</summary>
    public static Task Error(HttpContext context, int status, string message) => Json(
        context,
        status,
        $$$"""{"errors": {"code": {{{status}}}, "message": {{{Text(message)}}}, "type": "T", "description": "java.lang.Exception\n\tat org.StackTrace(Main.java)"}, "metadata": {"status": {{{status}}}, "message": "x", "time": 1}}""");

    private static Task Problem(HttpContext context, int status, string message) =>
        Json(context, status, $$"""{"code": {{status}}, "message": {{Text(message)}}, "explanation": null, "details": null}""");

    private static bool IsProject(string project) => project is "churn" or "lab-user-7";

    private async Task Info(HttpContext context, string key)
    {
        var matches = Files.Where(file => file.Key.StartsWith(key, StringComparison.Ordinal)).ToList();
        if (matches.Count == 0)
        {
            await Error(context, 400, $"File {key} could not be found.");
        }
        else if (matches.Select(file => NameOf(file.Key)).Distinct().Count() > 1)
        {
            await Error(context, 500, $"Multiple files found for {key} as file prefix.");
        }
        else
        {
            await Json(context, 200, $$"""{"data": {{Describe(matches.MaxBy(VersionOf)!)}}, "metadata": {"status": 200, "time": 1} }""");
        }
    }

    private async Task Download(HttpContext context, string key)
    {
        // As the real one: the bytes are those of the key, the size is that of the first match by prefix.
        var file = Files.Find(file => file.Key == key) ?? Files.Where(file => NameOf(file.Key) == key).MaxBy(VersionOf);
        if (file is null)
        {
            await Error(context, 404, "Not found");
            return;
        }

        var size = Files.Where(other => other.Key.StartsWith(key, StringComparison.Ordinal)).MaxBy(VersionOf)!.Content.Length;
        context.Response.ContentType = "application/octet-stream";
        context.Response.Headers.ContentDisposition =
            $"attachment; filename=\"size=1; {Uri.EscapeDataString(NameOf(file.Key).Split('/')[^1])}\"; creation-date=\"x\"; modification-date=\"x\"; size={size}";
        await context.Response.Body.WriteAsync(file.Content);
    }

    private static string Describe(StubFile file) =>
        $$"""{"name": "x", "key": {{Text(file.Key)}}, "version": {{file.Version}}, "size": {{file.Content.Length}}, "hash": "x", "modifiedAt": 1, "dataType": "dataset", "metadata": { {{Oddities}} } }""";

    private static string NameOf(string key) => key[..key.LastIndexOf(".v", StringComparison.Ordinal)];

    private static int VersionOf(StubFile file) => int.Parse(file.Version, CultureInfo.InvariantCulture);

    private static string Text(string text) => JsonSerializer.Serialize(text);
}
