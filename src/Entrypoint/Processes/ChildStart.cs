using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Entrypoint.Failures;
using Entrypoint.Linux;

namespace Entrypoint.Processes;

/// <summary>Which process group a child runs in.</summary>
internal enum ChildGroup
{
    /// <summary>A new one, that it leads.</summary>
    Own,

    /// <summary>This program's.</summary>
    Shared,
}

/// <summary>
/// How to start a child with <c>posix_spawn</c>: empty signal mask, default dispositions but for what the caller of this program
/// ignored, no descriptors but its three streams and those that the caller passed on.
/// </summary>
internal sealed record ChildStart(string Program, ImmutableArray<string> Arguments, ProcessEnvironment Environment)
{
    public string? WorkingDirectory { get; init; }

    public ChildGroup Group { get; init; }

    /// <summary>
    /// Whether the child leads a session of its own, without a terminal: what opens <c>/dev/tty</c> to ask a question then fails at once,
    /// where a background process would be stopped for ever.
    /// </summary>
    public bool NewSession { get; init; }

    /// <summary>A terminal whose foreground the child's own group is put in before its program starts; null for none.</summary>
    public int? ForegroundOf { get; init; }

    /// <summary>Descriptor for standard input; null for this program's own, <see cref="NoInput"/> for an empty one.</summary>
    public int? Input { get; init; }

    /// <summary>Descriptor for standard output; null for this program's own.</summary>
    public int? Output { get; init; }

    /// <summary>Descriptor for standard error; null for this program's own.</summary>
    public int? Error { get; init; }

    /// <summary>Stands for <c>/dev/null</c>.</summary>
    public const int NoInput = -1;

    /// <summary>Starts the child and returns its process id. For <see cref="Reaper"/>, which learns of every child this way.</summary>
    /// <exception cref="EntrypointException">126 or 127: it cannot be executed, or was not found, as in a shell.</exception>
    public unsafe int Spawn()
    {
        using var memory = new SpawnMemory();
        var actions = memory.Allocate(ProcessCalls.SpawnStructureSize);
        var attributes = memory.Allocate(ProcessCalls.SpawnStructureSize);
        _ = ProcessCalls.InitializeActions(actions);
        _ = ProcessCalls.InitializeAttributes(attributes);
        try
        {
            AddActions(actions, memory);
            SetAttributes(attributes);
            var processId = 0;
            var error = ProcessCalls.Spawn(
                &processId,
                memory.Text(Program),
                actions,
                attributes,
                memory.Texts([Program, .. Arguments]),
                memory.Texts([.. Environment.Variables.Select(variable => $"{variable.Key}={variable.Value}")]));
            return error == Errno.None ? processId : throw Failure(error);
        }
        finally
        {
            _ = ProcessCalls.DestroyAttributes(attributes);
            _ = ProcessCalls.DestroyActions(actions);
        }
    }

    private unsafe void AddActions(void* actions, SpawnMemory memory)
    {
        if (ForegroundOf is { } terminal && ProcessCalls.AddForeground != null)
        {
            _ = ProcessCalls.AddForeground(actions, terminal);
        }

        if (Input == NoInput)
        {
            _ = ProcessCalls.AddOpen(actions, 0, memory.Text("/dev/null"), 0, 0);
        }

        foreach (var (descriptor, target) in new[] { (Input, 0), (Output, 1), (Error, 2) })
        {
            if (descriptor is >= 0)
            {
                _ = ProcessCalls.AddDuplicate(actions, descriptor.Value, target);
            }
        }

        if (WorkingDirectory is not null)
        {
            _ = ProcessCalls.AddWorkingDirectory(actions, memory.Text(WorkingDirectory));
        }
    }

    private unsafe void SetAttributes(void* attributes)
    {
        var none = default(SignalCalls.SignalSet);
        var defaults = SignalCalls.SignalSet.Of(Enumerable.Range(1, Signals.Last)
            .Where(signal => signal is not (Signals.Kill or Signals.Stop) && !InheritedSignals.Ignored.Contains(signal)));
        _ = ProcessCalls.SetSignalMask(attributes, &none);
        _ = ProcessCalls.SetSignalDefaults(attributes, &defaults);
        var flags = ProcessCalls.SpawnSetSignalMask | ProcessCalls.SpawnSetSignalDefaults;
        if (NewSession)
        {
            flags |= ProcessCalls.SpawnSetSession;
        }
        else if (Group == ChildGroup.Own)
        {
            _ = ProcessCalls.SetGroup(attributes, 0);
            flags |= ProcessCalls.SpawnSetGroup;
        }

        _ = ProcessCalls.SetFlags(attributes, (short)flags);
    }

    private EntrypointException Failure(Errno error)
    {
        if (WorkingDirectory is not null && !Directory.Exists(WorkingDirectory))
        {
            return new EntrypointException(ExitCode.NoInput, $"Cannot run {Program} in {WorkingDirectory}: there is no such folder.");
        }

        var reason = $"Cannot run {Program}: {error.Describe()}.";
        return error is Errno.ENOENT or Errno.ENOTDIR
            ? new EntrypointException(ExitCode.NotFound, File.Exists(Program) ? $"{reason} Its interpreter (first line) is missing." : reason)
            : new EntrypointException(ExitCode.CannotExecute, reason);
    }

    /// <summary>The C strings and structures of one start.</summary>
    private sealed unsafe class SpawnMemory : IDisposable
    {
        private readonly List<nint> _blocks = [];

        public void* Allocate(int bytes)
        {
            var block = NativeMemory.AllocZeroed((nuint)bytes);
            _blocks.Add((nint)block);
            return block;
        }

        public byte* Text(string text)
        {
            var bytes = OsText.Encode(text);
            var block = (byte*)Allocate(bytes.Length + 1);
            bytes.CopyTo(new Span<byte>(block, bytes.Length));
            return block;
        }

        public byte** Texts(IReadOnlyList<string> texts)
        {
            var block = (byte**)Allocate((texts.Count + 1) * sizeof(byte*));
            for (var index = 0; index < texts.Count; index++)
            {
                block[index] = Text(texts[index]);
            }

            return block;
        }

        public void Dispose() => _blocks.ForEach(block => NativeMemory.Free((void*)block));
    }
}
