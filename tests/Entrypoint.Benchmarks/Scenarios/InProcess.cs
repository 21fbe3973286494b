using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Entrypoint.Benchmarks.Reporting;
using Entrypoint.Output;
using Entrypoint.Sources.VersionControl;

namespace Entrypoint.Benchmarks.Scenarios;

/// <summary>What is too short to be seen from outside: reading a URL, and masking a line.</summary>
internal sealed class InProcess() : Scenario("inprocess")
{
    public override async IAsyncEnumerable<Row> RunAsync(Workbench bench)
    {
        await Task.CompletedTask;
        var job = Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance);
        var configuration = ManualConfig.CreateEmpty().AddLogger(NullLogger.Instance).AddJob(job).AddColumnProvider(DefaultColumnProviders.Instance).WithArtifactsPath(bench["artifacts"]);
        var summary = BenchmarkRunner.Run<Subjects>(configuration);
        yield return Compare(summary, "reading a VCS URL", nameof(Subjects.VcsUrlOfPip), "System.Uri", nameof(Subjects.PlainUri));
        yield return Compare(summary, "masking a log line", nameof(Subjects.MaskedLine), "writing it as UTF-8", nameof(Subjects.PlainLine));
    }

    private Row Compare(Summary summary, string what, string ours, string against, string theirs)
    {
        double Seconds(string method) => 1e-9 * summary.Reports
            .Single(report => report.BenchmarkCase.Descriptor.WorkloadMethod.Name == method)
            .ResultStatistics!.Median;
        var (mine, other) = (Seconds(ours), Seconds(theirs));
        return new Row(Name, what, Quantity.Time(mine), against, Quantity.Time(other), mine / other);
    }
}

/// <summary>What BenchmarkDotNet runs again and again.</summary>
public class Subjects
{
    private const string Url = "git+https://user:token@host.example.org:8443/group/repository.git@release/1.2#subdirectory=jobs/train&egg=job";
    private const string Line = "Fetching https://user:token-of-the-user@host.example.org/group/repository.git at release/1.2, 20,000 files in 3.2 s";
    private readonly Secrets _secrets = new();

    public Subjects()
    {
        _secrets.Add("token-of-the-user");
        _secrets.Add("another secret");
    }

    /// <summary>Not constants, so that nothing is worked out beforehand.</summary>
    public string Reference { get; } = Url;

    public string Text { get; } = Line;

    [Benchmark]
    public object VcsUrlOfPip() => VcsUrl.Parse(SafeAddress.Of(Reference), Reference);

    [Benchmark]
    public object PlainUri() => new Uri(Reference[4..]).Host;

    [Benchmark]
    public string MaskedLine() => _secrets.Hide(Text);

    [Benchmark]
    public byte[] PlainLine() => System.Text.Encoding.UTF8.GetBytes(Text);
}
