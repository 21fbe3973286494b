namespace Entrypoint.EndToEnd;

/// <summary>Programs that stand in front of the executable (<see cref="EntrypointProcess.Start"/>) and give it the surroundings of a test.</summary>
public static class Wrapper
{
    /// <summary>As PID 1 of a PID namespace of its own, with a <c>/proc</c> of its own, as in a container. Needs root.</summary>
    public static string[] Pid1 { get; } = ["unshare", "--pid", "--fork", "--mount-proc", "--kill-child"];

    /// <summary>With no signal ignored and no descriptor open but 0, 1 and 2, whatever the test host has.</summary>
    public static string[] Clean { get; } =
    [
        Interpreter.Program,
        "-c",
        """
        import os, signal, sys
        os.closerange(3, 1024)
        for number in signal.valid_signals():
            if number not in (signal.SIGKILL, signal.SIGSTOP):
                signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_SETMASK, [])
        os.execv(sys.argv[1], sys.argv[1:])
        """,
    ];

    /// <summary>With a system call refused with an errno by a seccomp filter, as some container engines do.</summary>
    public static string[] Refusing(int errno, int call) =>
    [
        Interpreter.Program,
        "-c",
        """
        import ctypes, os, struct, sys
        errno, call = int(sys.argv[1]), int(sys.argv[2])
        code = [(0x20, 0, 0, 0), (0x15, 0, 1, call), (0x06, 0, 0, 0x50000 | errno), (0x06, 0, 0, 0x7fff0000)]
        filter = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *line) for line in code))
        class Program(ctypes.Structure):
            _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_void_p)]
        program = Program(len(code), ctypes.addressof(filter))
        libc = ctypes.CDLL(None)
        libc.prctl(38, 1, 0, 0, 0)
        if libc.prctl(22, 2, ctypes.byref(program), 0, 0) != 0:
            sys.exit("no seccomp filter can be set")
        os.execv(sys.argv[3], sys.argv[3:])
        """,
        errno.ToString(System.Globalization.CultureInfo.InvariantCulture),
        call.ToString(System.Globalization.CultureInfo.InvariantCulture),
    ];

    /// <summary>By a shell, whose script has the command line as its <c>"$@"</c>.</summary>
    public static string[] Shell(string script) => ["sh", "-c", script, "sh"];

    /// <summary>
    /// With arguments that are not text: each argument is given as hexadecimal digits of its bytes, behind the executable's name.
    /// </summary>
    public static string[] HexadecimalArguments { get; } =
        [Interpreter.Program, "-c", "import os, sys; os.execv(sys.argv[1], [sys.argv[1]] + [bytes.fromhex(a) for a in sys.argv[2:]])"];
}
