using System.Collections.Immutable;
using System.Globalization;
using Entrypoint.Processes;

namespace Entrypoint.Workspace;

/// <summary>The variables by which numerical libraries learn how many threads to start.</summary>
internal static class ThreadVariables
{
    /// <summary>Those that <c>docker-entrypoint.py</c> set.</summary>
    public static ImmutableArray<string> Names { get; } =
    [
        "OMP_NUM_THREADS",
        "OPENBLAS_NUM_THREADS",
        "MKL_NUM_THREADS",
        "VECLIB_MAXIMUM_THREADS",
        "NUMEXPR_NUM_THREADS",
        "NUMEXPR_MAX_THREADS",
        "NUMBA_NUM_THREADS",
        "SPARK_WORKER_CORES",
        "BLIS_NUM_THREADS",
        "TBB_NUM_THREADS",
    ];

    /// <summary>The environment with each of them, where it is not set yet (empty counts as not set).</summary>
    public static ProcessEnvironment Apply(ProcessEnvironment environment, int threads) =>
        environment.With(
            Names.Where(name => !environment.TryGet(name, out _))
                .Select(name => KeyValuePair.Create(name, threads.ToString(CultureInfo.InvariantCulture))));
}
