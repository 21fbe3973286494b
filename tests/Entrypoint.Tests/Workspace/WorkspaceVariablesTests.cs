using Entrypoint.Processes;
using Entrypoint.Workspace;

namespace Entrypoint.Tests.Workspace;

public sealed class WorkspaceVariablesTests
{
    private static readonly string[] Threads =
    [
        "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS", "NUMEXPR_NUM_THREADS",
        "NUMEXPR_MAX_THREADS", "NUMBA_NUM_THREADS", "SPARK_WORKER_CORES", "BLIS_NUM_THREADS", "TBB_NUM_THREADS",
    ];

    [Fact]
    public void Name_the_number_of_threads_to_every_library()
    {
        var environment = WorkspaceVariables.Apply(ProcessEnvironment.Empty, 3);

        Assert.All(Threads, name => Assert.Equal("3", environment[name]));
        Assert.Equal(Threads.Length, environment.Variables.Count());
    }

    [Fact]
    public void Keep_what_is_set()
    {
        var environment = WorkspaceVariables.Apply(
            ProcessEnvironment.Empty.With("OMP_NUM_THREADS", "1").With("MKL_NUM_THREADS", ""), 3);

        Assert.Equal("1", environment["OMP_NUM_THREADS"]);
        Assert.Equal("3", environment["MKL_NUM_THREADS"]);
        Assert.Equal("3", environment["TBB_NUM_THREADS"]);
    }

    [Fact]
    public void Are_not_touched_where_nothing_is_asked_for()
    {
        var environment = WorkspaceVariables.Apply(ProcessEnvironment.Empty.With("A", "b"), maxNumThreads: null);

        Assert.Equal([KeyValuePair.Create("A", "b")], environment.Variables);
    }

    [Fact]
    public void Hold_the_base_url_that_counts()
    {
        var environment = WorkspaceVariables.Apply(
            ProcessEnvironment.Empty.With("WORKSPACE_BASE_URL", "/mine").With("JUPYTERHUB_SERVICE_PREFIX", "/user/me/"), null);

        Assert.Equal("/user/me", environment["WORKSPACE_BASE_URL"]);
        Assert.Equal("/user/me/", environment["JUPYTERHUB_SERVICE_PREFIX"]);
    }
}
