using System.Collections.Immutable;
using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using CliWrap;
using Entrypoint.Failures;
using Entrypoint.Linux;

namespace Entrypoint.Processes;

/// <summary>
/// One start of a child with CliWrap. CliWrap starts this very program, which waits, before there is a runtime in it, for the order what to
/// become (<c>ChildStart.c</c>). Until <see cref="Commit"/> gives that order, all that the start needs here (threads, descriptors) can be had
/// or found missing without any harm: without an order the second process goes away again. Under <c>dotnet run</c>, where the program has
/// no such part, CliWrap starts the child itself, with what <c>setsid</c> can do for it.
/// </summary>
internal sealed class ChildLaunch : IDisposable
{
    private readonly ChildStart _start;
    private int _socket = -1;

    private ChildLaunch(ChildStart start) => _start = start;

    /// <summary>The child as CliWrap sees it.</summary>
    public CommandTask<CommandResult> Task { get; private set; } = null!;

    /// <summary>
    /// What leads to this program's file, even when its name is another's by now, or nobody's. Where <c>/proc</c> is not there, <c>ChildStart.c</c>
    /// holds the file, and takes no notice of the name, which only has to be one that .NET finds a file by.
    /// </summary>
    private string Self => ProcessCalls.HoldsSelf() != 0 ? _start.Program : "/proc/self/exe";

    /// <summary>Makes the process. One at a time: what this process lets it inherit, no other child may get.</summary>
    /// <exception cref="EntrypointException">There is no room for another process or descriptor; under <c>dotnet run</c> also what <see cref="Commit"/> says.</exception>
    public static ChildLaunch Begin(ChildStart start)
    {
        var launch = new ChildLaunch(start);
        try
        {
            if (RuntimeFeature.IsDynamicCodeSupported)
            {
                launch.StartDirectly();
            }
            else
            {
                launch.StartSelf();
            }

            return launch;
        }
        catch
        {
            launch.Dispose();
            throw;
        }
    }

    /// <summary>Gives the order, and waits until the process has become what it is to be.</summary>
    /// <exception cref="EntrypointException">126 or 127, as in a shell: it cannot be executed, or was not found. 66 or 77: its folder cannot be entered.</exception>
    public void Commit()
    {
        if (_socket < 0)
        {
            return;
        }

        if (FileCalls.WriteAll(_socket, ChildOrder.Of(_start)) is var error and not Errno.None)
        {
            throw CannotStart(error);
        }

        Span<byte> answer = stackalloc byte[Marshal.SizeOf<ChildOrder.Failure>()];
        CallResult<int> read;
        while ((read = FileCalls.Read(_socket, answer)).Error == Errno.EINTR)
        {
        }

        if (read.Succeeded && read.Value == answer.Length)
        {
            var failure = MemoryMarshal.Read<ChildOrder.Failure>(answer);
            throw failure.Step == ChildOrder.Failure.Entering ? CannotEnter(failure.Error) : CannotExecute(failure.Error);
        }
    }

    public void Dispose()
    {
        if (_socket >= 0)
        {
            _ = FileCalls.Close(_socket);
            _socket = -1;
        }
    }

    private void StartSelf()
    {
        var pair = FileCalls.SocketPair();
        if (!pair.Succeeded)
        {
            throw new EntrypointException(ExitCode.Unavailable, $"Cannot start {_start.Program}: {pair.Error.Describe()}.");
        }

        (_socket, var childs) = pair.Value;
        int[] inherited = _start.ForegroundOf is { } terminal ? [childs, terminal] : [childs];
        try
        {
            if (inherited.Select(descriptor => FileCalls.LetInherit(descriptor, true)).FirstOrDefault(error => error != Errno.None) is var refused and not Errno.None)
            {
                throw CannotStart(refused);
            }

            Task = Execute(Self, $"entrypoint-child:{childs}", _ => { });
        }
        finally
        {
            Array.ForEach(inherited, descriptor => _ = FileCalls.LetInherit(descriptor, false));
            _ = FileCalls.Close(childs);
        }
    }

    private void StartDirectly()
    {
        if (_start.WorkingDirectory is { } folder && !OsFile.IsFolder(folder))
        {
            throw CannotEnter(Errno.ENOENT);
        }

        if (!OsFile.IsFile(_start.Program) || !FileCalls.MayExecute(_start.Program))
        {
            throw CannotExecute(OsFile.IsFile(_start.Program) ? Errno.EACCES : Errno.ENOENT);
        }

        string[] line = [.. _start.Group == ChildGroup.Shared ? (string[])[] : ["/usr/bin/setsid"], _start.Program, .. _start.Arguments];
        Task = Execute(line[0], "", start =>
        {
            line.Skip(1).ToList().ForEach(start.ArgumentList.Add);
            start.WorkingDirectory = _start.WorkingDirectory ?? "";
            start.RedirectStandardInput |= !_start.InheritsInput;
            start.Environment.Clear();
            foreach (var (name, value) in _start.Environment.Variables)
            {
                start.Environment[name] = value;
            }
        });
    }

    private CommandTask<CommandResult> Execute(string program, string arguments, Action<ProcessStartInfo> configure)
    {
        var command = new Command(
            program,
            arguments,
            workingDirPath: "",
            ResourcePolicy.Default,
            Credentials.Default,
            ImmutableDictionary<string, string?>.Empty,
            CommandResultValidation.None,
            _start.Input ?? PipeSource.Null,
            _start.Output ?? PipeTarget.Null,
            _start.Error ?? PipeTarget.Null);
        try
        {
            return command.ExecuteAsync(start =>
            {
                start.RedirectStandardInput = _start.Input is not null;
                start.RedirectStandardOutput = _start.Output is not null;
                start.RedirectStandardError = _start.Error is not null;
                configure(start);
            });
        }
        catch (Win32Exception exception)
        {
            var error = (Errno)(exception.InnerException as Win32Exception ?? exception).NativeErrorCode;
            throw RuntimeFeature.IsDynamicCodeSupported || error is Errno.ENOENT or Errno.EACCES ? CannotExecute(error) : CannotStart(error);
        }
        catch (OutOfMemoryException)
        {
            throw CannotStart(Errno.EAGAIN);
        }
    }

    private EntrypointException CannotStart(Errno error) => new(ExitCode.Unavailable, error switch
    {
        Errno.EAGAIN => $"Cannot start {_start.Program}: {error.Describe()}. Raise the limit on processes (--pids-limit, ulimit -u).",
        _ => $"Cannot start {_start.Program} through {Self}: {error.Describe()}.",
    });

    private EntrypointException CannotEnter(Errno error) => error is Errno.ENOENT or Errno.ENOTDIR
        ? new EntrypointException(ExitCode.NoInput, $"Cannot run {_start.Program} in {_start.WorkingDirectory}: there is no such folder.")
        : new EntrypointException(ExitCode.NoPermission, $"Cannot run {_start.Program} in {_start.WorkingDirectory}: {error.Describe()}.");

    private EntrypointException CannotExecute(Errno error)
    {
        var reason = $"Cannot run {_start.Program}: {error.Describe()}.";
        return error is Errno.ENOENT or Errno.ENOTDIR
            ? new EntrypointException(ExitCode.NotFound, OsFile.IsFile(_start.Program) ? $"{reason} Its interpreter (first line) is missing." : reason)
            : new EntrypointException(ExitCode.CannotExecute, reason);
    }
}
