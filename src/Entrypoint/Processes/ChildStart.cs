using System.Collections.Immutable;
using CliWrap;

namespace Entrypoint.Processes;

/// <summary>Which process group a child runs in. The numbers are those of <c>ChildStart.c</c>.</summary>
internal enum ChildGroup
{
    /// <summary>This program's.</summary>
    Shared = 0,

    /// <summary>A new one, that it leads.</summary>
    Own = 1,

    /// <summary>
    /// A new one in a session of its own, without a terminal: what opens <c>/dev/tty</c> to ask a question then fails at once, where a
    /// background process would be stopped for ever.
    /// </summary>
    OwnSession = 2,
}

/// <summary>
/// How to start a child: empty signal mask, default dispositions but for what the caller of this program ignored, no descriptors but its
/// three streams and those that the caller passed on.
/// </summary>
internal sealed record ChildStart(string Program, ImmutableArray<string> Arguments, ProcessEnvironment Environment)
{
    public string? WorkingDirectory { get; init; }

    public ChildGroup Group { get; init; }

    /// <summary>A terminal whose foreground the child's own group is put in before its program starts; null for none.</summary>
    public int? ForegroundOf { get; init; }

    /// <summary>Whether standard input is this program's own; else it is <see cref="Input"/>, or empty.</summary>
    public bool InheritsInput { get; init; }

    /// <summary>What it reads; null for nothing.</summary>
    public PipeSource? Input { get; init; }

    /// <summary>Where standard output goes; null for this program's own.</summary>
    public PipeTarget? Output { get; init; }

    /// <summary>Where standard error goes; null for this program's own.</summary>
    public PipeTarget? Error { get; init; }
}
