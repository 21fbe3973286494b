namespace Entrypoint.Benchmarks.Measuring;

/// <summary>One run of one process.</summary>
/// <param name="Wall">From start to end.</param>
/// <param name="Cpu">Processor time of it and its descendants.</param>
internal sealed record Sample(TimeSpan Wall, TimeSpan Cpu);
