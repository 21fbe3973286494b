using Entrypoint.CommandLine;
using Entrypoint.Failures;
using Entrypoint.Processes;

namespace Entrypoint.Workspace;

/// <summary>What <c>docker-entrypoint.py</c> set for the workspace and for jobs alike.</summary>
internal static class WorkspaceVariables
{
    /// <summary>The settings with the variables of the workspace in their environment.</summary>
    /// <exception cref="EntrypointException">64: <c>MAX_NUM_THREADS</c> is no number of threads.</exception>
    public static Settings Apply(Settings settings) => settings with
    {
        Environment = Apply(settings.Environment, settings.MaxNumThreads is { } number ? ThreadCount.Parse(number) : null),
    };

    /// <summary>
    /// The environment with the base URL, where one is asked for, in its one form (<see cref="BaseUrl"/>), and with the thread variables,
    /// where a number of threads is asked for.
    /// </summary>
    /// <param name="environment">The environment that this program was started with.</param>
    /// <param name="maxNumThreads">The value of <c>MAX_NUM_THREADS</c>, or null where it is not set.</param>
    public static ProcessEnvironment Apply(ProcessEnvironment environment, int? maxNumThreads)
    {
        if (BaseUrl.From(environment) is { } url)
        {
            environment = environment.With(BaseUrl.Variable, url);
        }

        return maxNumThreads is { } threads ? ThreadVariables.Apply(environment, threads) : environment;
    }
}
