/*
 * The other thing, beside SignalStart.c, that cannot be written in C#. The .NET runtime interrupts its threads for a garbage collection
 * with SIGRTMIN: it has a handler for it, and lets every thread that it starts receive it. A SIGRTMIN that somebody sent to the program
 * would end in that handler, in whatever thread the kernel picks. So ours is put in front of it: what comes from the runtime goes on to
 * the runtime; what comes from outside is sent to the process once more, and not to this thread, until it arrives at the descriptor from
 * which all other signals are read (SignalSource.cs). A handler may interrupt managed code at any place, so managed code cannot be one.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

static struct sigaction runtime_action;

static void relay(int number, siginfo_t *information, void *context)
{
    if (information->si_code == SI_TKILL && information->si_pid == getpid()) {
        if (runtime_action.sa_flags & SA_SIGINFO)
            runtime_action.sa_sigaction(number, information, context);
        return;
    }

    /* SI_QUEUE: only of this kind may any thread of a process send a signal with a sender's name on it. */
    siginfo_t again = *information;
    int error = errno;
    again.si_code = SI_QUEUE;
    sigaddset(&((ucontext_t *)context)->uc_sigmask, number);
    syscall(SYS_rt_sigqueueinfo, getpid(), number, &again);
    errno = error;
}

/* Puts the relay in front of the handler that the runtime has for the signal; where it has none, nothing is to be done. */
int entrypoint_relay_signal(int number)
{
    struct sigaction action;
    if (sigaction(number, 0, &runtime_action) != 0 || !(runtime_action.sa_flags & SA_SIGINFO))
        return -1;
    action = runtime_action;
    action.sa_sigaction = relay;
    return sigaction(number, &action, 0);
}
