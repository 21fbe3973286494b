using Entrypoint.CommandLine;
using Entrypoint.Failures;
using Entrypoint.Output;
using Entrypoint.Preparation;
using Entrypoint.Processes;
using Entrypoint.References;
using Entrypoint.Sources.Lab;
using Entrypoint.Sources.VersionControl;
using Entrypoint.Workspace;

namespace Entrypoint.Tests;

/// <summary>
/// Texts from outside are read in linear time, whatever they hold. What is quadratic takes more than an hour of these texts, what is linear
/// some milliseconds: the limit between is no measure of speed.
/// </summary>
public sealed class LinearTimeTests
{
    private const int Length = 500_000;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private static readonly string[] Units =
    [
        " ", "\t", "\r", "\n", "\r\n", "a", "A1", "0", "-", "#", " #", "/", ":", "@", "'", "\"", "\\", "\\\n", "${A", "$", "[", "{", ".", "..",
        "a:", "://", "a://", "a+", "- ", "-\n", "- pip:\n", "&", "%", "%2", ";", "1s", "\e[", "command 'gcc' ", "x ERROR: ",
    ];

    private static readonly ProcessEnvironment Environment = ProcessEnvironment.Empty.With("A", "a");

    private static readonly Dictionary<string, (string Prefix, string Suffix, Action<string> Read)> Readers = new()
    {
        ["a requirements file"] = ("", "x", text => _ = RequirementsLines.Read(text, Environment).Count()),
        ["a comment"] = ("a", "#", text => _ = RequirementsLines.Read(text, Environment).Count()),
        ["an environment file"] = ("", "x", text => _ = PipList.Read(text)),
        ["a pip list"] = ("- pip:", "x", text => _ = PipList.Read(text)),
        ["an item"] = ("- pip:\n  - ", "x", text => _ = PipList.Read(text)),
        ["the words of a failure"] = ("", "x", text => _ = FailureReason.Line(text)),
        ["an error line"] = ("ERROR: ", "", text => _ = FailureReason.Line(text)),
        ["what gives a hint"] = ("", "x", text => _ = FailureReason.Hint(new ExitStatus(1, null, 0), text)),
        ["a line of the log"] = ("", "x", text => _ = new Secrets().Hide(text)),
        ["a line with an address"] = ("https://", "@", text => _ = new Secrets().Hide(text)),
        ["a reference"] = ("", "x", text => Parse(text)),
        ["a VCS URL"] = ("git+https://host/", "@main#subdirectory=x", text => Parse(text)),
        ["a web address"] = ("https://host/", "#egg=x", text => Parse(text)),
        ["the words of git"] = ("", "x", text => _ = GitFailures.Find(text)),
        ["the progress of git"] = ("Receiving ", "x", text => _ = GitProgress.Read(text)),
        ["the refs of a repository"] = ("", "x", text => _ = GitRefs.Read(text)),
        ["a data key"] = ("", ".v1", text => _ = LabDataKey.Read(text)),
        ["a duration"] = ("", "x", text => _ = ValueReader.Duration("--timeout", text)),
        ["a word of a command"] = ("", "x", text => _ = ShellWords.Join([text])),
        ["a base URL"] = ("", "x", text => _ = BaseUrl.Normalize(text)),
        ["a command line"] = ("", "x", text => _ = ShellText.UsesPositionalParameters(text)),
        ["what a Python says"] = ("", "x", text => _ = PythonFacts.Read(text)),
    };

    public static TheoryData<string> Names => [.. Readers.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Is_read_in_linear_time(string name)
    {
        var (prefix, suffix, read) = Readers[name];
        foreach (var unit in Units)
        {
            var text = prefix + string.Concat(Enumerable.Repeat(unit, Length / unit.Length)) + suffix;
            var reading = new Thread(() => Try(() => read(text))) { IsBackground = true };
            reading.Start();

            Assert.True(reading.Join(Limit), $"{name} of {System.Text.Json.JsonEncodedText.Encode(unit)} over and over is not read in linear time.");
        }
    }

    private static void Parse(string text) => _ = CodeReferenceParser.Parse(
        text, new ReferenceContext("/base", _ => false, Environment, new Secrets(), HasLabEndpoint: true, _ => false, _ => false));

    private static void Try(Action read)
    {
        try
        {
            read();
        }
        catch (EntrypointException)
        {
            // That it is refused is one way to read it.
        }
    }
}
