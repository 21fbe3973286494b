/*
 * What has to happen before the .NET runtime starts, and so cannot be written in C#.
 *
 * The runtime ignores SIGPIPE and starts a thread before any managed code runs. So what the caller ignored is written down here, and all
 * signals but those of crashes are blocked: then every thread of the runtime blocks them too, which the descriptor that they are read from
 * needs (SignalSource.cs), and one that comes in the first milliseconds waits there, where it would end the program, or as PID 1 be lost.
 */
#include <signal.h>
#include <stddef.h>
#include <stdint.h>

static uint64_t ignored;

__attribute__((constructor)) static void take_signals(void)
{
    static const int crashes[] = {SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV, SIGSYS};
    struct sigaction action;
    sigset_t blocked;
    for (int number = 1; number <= 64; number++)
        if (sigaction(number, NULL, &action) == 0 && action.sa_handler == SIG_IGN)
            ignored |= UINT64_C(1) << (number - 1);

    sigfillset(&blocked);
    for (size_t index = 0; index < sizeof crashes / sizeof *crashes; index++)
        sigdelset(&blocked, crashes[index]);
    sigprocmask(SIG_SETMASK, &blocked, NULL);
}

/* The signals that the caller ignored: bit N-1 for signal N. */
uint64_t entrypoint_ignored_signals(void)
{
    return ignored;
}
