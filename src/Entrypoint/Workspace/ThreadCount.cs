using System.Globalization;
using Entrypoint.Failures;

namespace Entrypoint.Workspace;

/// <summary>The value of <c>MAX_NUM_THREADS</c>.</summary>
internal static class ThreadCount
{
    public const string Variable = "MAX_NUM_THREADS";

    private const string Automatic = "auto";
    private const int Most = 32;

    /// <summary>From so many CPUs up, one is left to everything else in the container.</summary>
    private const int ManyCpus = 8;

    /// <summary>Reads a number from 1, or <c>auto</c>, which counts the CPUs.</summary>
    /// <exception cref="EntrypointException">It is neither (64).</exception>
    public static int Parse(string text) => Parse(text, CpuCount.Available);

    /// <summary>The same with another way to count the CPUs.</summary>
    public static int Parse(string text, Func<int> countCpus)
    {
        if (text.Equals(Automatic, StringComparison.OrdinalIgnoreCase))
        {
            return ForCpus(countCpus());
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0)
        {
            return number;
        }

        throw new EntrypointException(
            ExitCode.Usage, $"{Variable} is '{text}', which is neither a whole number from 1 to {int.MaxValue} nor '{Automatic}'.");
    }

    /// <summary>How many threads <c>auto</c> means on so many CPUs.</summary>
    public static int ForCpus(int cpus) => Math.Clamp(cpus > ManyCpus ? cpus - 1 : cpus, 1, Most);
}
