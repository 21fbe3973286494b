using Entrypoint.EndToEnd.Web;

namespace Entrypoint.EndToEnd.Lab;

/// <summary>Copies of Lab data: used where they are right, made beside others, and no help to those without the right.</summary>
public sealed class LabCopyTests : LabTest
{
    [Fact]
    public async Task A_copy_of_the_same_version_and_size_is_used()
    {
        await using var server = await StubServer.StartAsync(Stub.AnswerJava);
        var copy = Folder.Write("data/churn/datasets/job.py.v10", "print('ran java 10!?')\n");

        var run = await RunAsync("datasets/job.py", ("LAB_ENDPOINT", server.Address["http://".Length..]));
        File.AppendAllText(copy, "#");
        var again = await RunAsync("datasets/job.py", ("LAB_ENDPOINT", server.Address));

        Assert.Contains("ran java 10!?", run.Output, StringComparison.Ordinal);
        Assert.Contains("ran java 10!!", again.Output, StringComparison.Ordinal);
        Assert.Single(server.Requests, request => request.Target.Contains("download", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(500, 0)]
    [InlineData(401, 77)]
    [InlineData(403, 77)]
    public async Task A_local_copy_helps_when_the_server_does_not_but_not_without_the_right(int status, int code)
    {
        Folder.Write("data/churn/datasets/job.py.v2", "print('ran copy 2')\n");
        Folder.Write("data/churn/datasets/job.py.v9", "print('ran copy 9')\n");
        Folder.Write("data/churn/datasets/job.py.backup.v12", "print('ran another')\n");
        Stub.Wrong = (context, _) =>
        {
            if (status == 0)
            {
                context.Abort();
            }

            context.Response.StatusCode = status == 0 ? 500 : status;
            return Task.FromResult(true);
        };
        await using var server = await StubServer.StartAsync(Stub.AnswerJava);

        var run = await RunAsync("datasets/job.py", ("LAB_ENDPOINT", server.Address), ("ENTRYPOINT_FETCH_TRIES", "1"));

        Assert.True(run.ExitCode == code, run.ToString());
        Assert.Equal(code == 0, run.Output.Contains("ran copy 9", StringComparison.Ordinal));
        Assert.Equal(code == 0, run.Output.Contains("[WARNING]", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_local_copy_needs_no_endpoint()
    {
        Folder.Write("data/churn/datasets/job.py.v9", "print('ran copy 9')\n");

        var run = await RunAsync("datasets/job.py", ("LAB_API_TOKEN", ""));
        var none = await RunAsync("datasets/other.py");

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.True(none.ExitCode == 66, none.ToString());
    }

    [Fact]
    public async Task A_shortened_download_is_tried_again_and_never_kept()
    {
        var times = 0;
        Stub.Wrong = async (context, _) =>
        {
            if (context.Request.Path.Value!.EndsWith("/download", StringComparison.Ordinal) && ++times < 3)
            {
                // The stream just ends, as when something fails on the server.
                await context.Response.Body.WriteAsync("print("u8.ToArray());
                return true;
            }

            return false;
        };
        await using var server = await StubServer.StartAsync(Stub.AnswerJava);

        var run = await RunAsync("datasets/job.py", ("LAB_ENDPOINT", server.Address));

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Equal(3, times);
    }

    [Fact]
    public async Task An_older_copy_is_used_when_only_the_download_fails()
    {
        Folder.Write("data/churn/datasets/job.py.v9", "print('ran copy 9')\n");
        Stub.Wrong = (context, _) =>
        {
            var isDownload = context.Request.Path.Value!.EndsWith("/download", StringComparison.Ordinal);
            if (isDownload)
            {
                context.Abort();
            }

            return Task.FromResult(isDownload);
        };
        await using var server = await StubServer.StartAsync(Stub.AnswerJava);

        var run = await RunAsync("datasets/job.py", ("LAB_ENDPOINT", server.Address), ("ENTRYPOINT_FETCH_TRIES", "2"));

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Contains("ran copy 9", run.Output, StringComparison.Ordinal);
        Assert.Contains("may be out of date", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_starts_at_once_both_run_and_leave_one_copy()
    {
        await using var server = await StubServer.StartAsync(Stub.AnswerJava);

        var runs = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => RunAsync("datasets/job.py", ("LAB_ENDPOINT", server.Address))));

        Assert.All(runs, run => Assert.True(run.ExitCode == 0, run.ToString()));
        Assert.Equal(["job.py.v10"], Directory.GetFiles(Folder["data/churn/datasets"]).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Where_no_copy_can_be_kept_the_code_runs_all_the_same()
    {
        Folder.Write("data", "a file where the folder should be");
        await using var server = await StubServer.StartAsync(Stub.AnswerJava);

        var run = await RunAsync("datasets/pack.zip", ("LAB_ENDPOINT", server.Address));

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Contains("ran zip", run.Output, StringComparison.Ordinal);
        Assert.Contains("[WARNING]", run.Output, StringComparison.Ordinal);
    }
}
