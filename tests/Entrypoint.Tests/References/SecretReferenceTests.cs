using System.Text;
using System.Text.Json;
using Entrypoint.Failures;
using Entrypoint.Output;
using Entrypoint.Processes;
using Entrypoint.References;
using Entrypoint.Reporting;
using Serilog.Events;
using Serilog.Parsing;

namespace Entrypoint.Tests.References;

/// <summary>
/// Thousands of references, well formed and malformed, each with a known secret in one of the places that a reference has: it is found in
/// nothing that is shown of them.
/// </summary>
public sealed class SecretReferenceTests
{
    private const string Secret = "Zq9Kx7wPassVv";

    private static readonly string[] Prefixes = ["", " ", "\"", "'", "\t"];

    private static readonly string[] Schemes =
    [
        "git+https://", "git+http://", "git+git://", "hg+https://", "svn+svn://", "svn+https://", "bzr+http://", "GIT+HTTPS://", "https://", "HTTP://",
        "git://", "s3://", "ftp://", "htps://", "git+htps://", "gitt+https://", "://", "https:/", "https//", "git+https:/", "https:", "git+", "",
    ];

    /// <summary>What stands in front of the host, with the secret in it.</summary>
    private static readonly string[] Users =
    [
        $"alice:{Secret}@", $"{Secret}@", $":{Secret}@", $"alice:a{Secret}%40@", $"alice:{Secret}:x@", $"alice:p@{Secret}@", $"alice:p/{Secret}@",
        $"alice:p#{Secret}@", $"alice:p?{Secret}@", $"alice:{Secret}/w@", $"alice:{Secret}#w@", $"alice:p {Secret}@", $"alice:\"{Secret}@", $"alice:%{Secret}@",
        $"alice:12#{Secret}@", $"tok#{Secret}@", $"a@corp:{Secret}@", $"alice:<{Secret}>@",
    ];

    private static readonly string[] Hosts = ["h.invalid", "127.0.0.1:1", "h.invalid:8080", "localhost:1", "[::1]:1"];

    private static readonly string[] Rests = ["/r.git", "/r.git@v1", "/r.git@", "/r.git@-x", "/r@v1#subdirectory=a", "/r#subdirectory=..", "", "/job.zip#sub=a", ":x/y.git"];

    /// <summary>What only tells from a host and its path by a host that follows.</summary>
    private static readonly string[] AmbiguousUsers = [$"alice:12/{Secret}@", $"tok/{Secret}@", $"alice:p@ss/{Secret}@"];

    /// <summary>Places behind the host.</summary>
    private static readonly string[] Tails =
    [
        $"/r.git?private_token={Secret}", $"/r.git?a=1&X-Amz-Signature={Secret}#subdirectory=a", $"/r.git?{Secret}", $"/r.git@v1?t={Secret}", $"?t={Secret}",
        $"/r.git#access_token={Secret}", $"/r.git#subdirectory=a&token={Secret}",
    ];

    [Fact]
    public void What_is_a_secret_by_its_place_is_shown_nowhere()
    {
        var references =
            from prefix in Prefixes
            from scheme in Schemes
            from place in (from user in Users from host in Hosts from rest in Rests select user + host + rest)
                .Concat(from user in AmbiguousUsers from host in Hosts from rest in Rests where rest.StartsWith('/') select user + host + rest)
                .Concat(from host in Hosts from tail in Tails select host + tail)
            where !IsScp(scheme, place)
            select prefix + scheme + place;

        // Each with each would be too many: every eleventh meets all of them in turn.
        AssertHidden(references.Where((_, index) => index % 11 == 0), []);
    }

    [Theory]
    [InlineData(Secret)]
    [InlineData("Zq9K@x7w/Pass:Vv 1%")]
    [InlineData("https://alice:Zq9Kx7wPassVv@h.invalid/Zq9Kx7wPassVv.git")]
    public void What_a_variable_held_is_shown_nowhere(string value)
    {
        string[] forms =
        [
            "git+https://${X}@h.invalid/r.git", "git+https://u:${X}@h.invalid/r.git", "git+https://u:a${X}b@h.invalid/r.git", "git+https://${X}.invalid/r.git", "git+https://h.invalid/${X}.git",
            "git+https://h.invalid/r.git@${X}", "git+https://h.invalid/r.git#subdirectory=${X}", "git+https://h.invalid/r.git?t=${X}", "git+git@h.invalid:${X}", "git+${X}@h:p", "git+${X}",
            "hg+https://h.invalid/${X}@${X}", "svn+svn://${X}@h.invalid/${X}", "bzr+lp:${X}", "https://h.invalid/${X}/job.zip", "https://h.invalid/a?b=${X}", "https://u:${X}@h.invalid/a#sub=${X}",
            "${X}", "${X}/job", "./${X}", "s3://${X}/a", "data/${X}", "git+file:///${X}@${X}", "\"${X}\"", "git+https://h.invalid:${X}/r",
        ];
        AssertHidden(from prefix in Prefixes from form in forms select prefix + form, [new("X", value)], value, Uri.EscapeDataString(value));
    }

    /// <summary><c>a@corp:path@revision</c> is well formed, and has no password.</summary>
    private static bool IsScp(string scheme, string place) =>
        scheme is "" or "git+" && place.StartsWith("a@corp:", StringComparison.Ordinal) && place.IndexOf('/', StringComparison.Ordinal) < 0;

    private static void AssertHidden(IEnumerable<string> references, KeyValuePair<string, string>[] variables, params string[] values)
    {
        var environment = ProcessEnvironment.From(variables);
        string[] sought = values.Length > 0 ? values : [Secret];
        var (count, leaks) = (0, new List<string>());
        foreach (var (reference, lab) in references.SelectMany(reference => new[] { (reference, false), (reference, true) }))
        {
            count++;
            leaks.AddRange(Shown(reference, lab, environment)
                .Where(text => sought.Any(value => text.Contains(value, StringComparison.OrdinalIgnoreCase)))
                .Select(text => $"{reference} → {text}"));
        }

        Assert.True(count > 200);
        Assert.True(leaks.Count == 0, $"{leaks.Count} of {count}:\n{string.Join('\n', leaks.Take(20))}");
    }

    /// <summary>All that is shown of a reference before anything is fetched.</summary>
    private static IEnumerable<string> Shown(string reference, bool lab, ProcessEnvironment environment)
    {
        var secrets = new Secrets { ReferenceIsShown = true };
        var lines = new List<string>();
        try
        {
            var parsed = CodeReferenceParser.Parse(
                reference, new ReferenceContext("/base", _ => false, environment, secrets, lab, _ => false, name => name == "bash"));
            var source = SourceDescription.Of(parsed, "project", secrets);
            var plan = new Plan(source, "full", "/base", [reference], null, ["python", reference]).ToJson(secrets);
            var record = new RunRecord { Reference = parsed };
            var report = RunReport.Of(record, new RunEnd(1, $"Cannot fetch {parsed}: {reference}"), "project", secrets);
            return
            [
                Encoding.UTF8.GetString(plan),
                JsonSerializer.Serialize(report, DocumentJson.Relaxed.RunReport),
                .. Lines($"Fetching {parsed}", secrets),
                .. Lines($"fatal: unable to access '{reference}': {reference}", secrets),
                parsed.Given.ToString(),
            ];
        }
        catch (EntrypointException exception)
        {
            Assert.True(exception.Code is ExitCode.DataError or ExitCode.NoInput or ExitCode.Usage);
            return [.. Lines(exception.Message, secrets), secrets.Hide(exception.ToString())];
        }
    }

    private static string[] Lines(string message, Secrets secrets)
    {
        var line = new LogEvent(
            DateTimeOffset.UnixEpoch,
            LogEventLevel.Error,
            null,
            new MessageTemplateParser().Parse("{Message}"),
            [new LogEventProperty("Message", new ScalarValue(message)), new LogEventProperty("Reference", new ScalarValue(message))]);
        using var text = new StringWriter();
        new TextLine(secrets, TimeZoneInfo.Utc).Format(line, text);
        using var json = new StringWriter();
        new JsonLine(secrets).Format(line, json);
        return [text.ToString(), json.ToString()];
    }
}
