namespace Entrypoint.Benchmarks.Measuring;

/// <summary>One run of one process.</summary>
/// <param name="Wall">From start to end.</param>
/// <param name="Cpu">Processor time of it and its descendants.</param>
/// <param name="PeakBytes">The largest resident memory of any of them.</param>
internal sealed record Sample(TimeSpan Wall, TimeSpan Cpu, long PeakBytes);
