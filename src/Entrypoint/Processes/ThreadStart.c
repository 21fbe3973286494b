/*
 * In front of every start of a thread, the runtime's own too. Where a limit on processes leaves no room for one, the runtime ends with a
 * signal, a stack trace or nothing at all, in threads where nobody can catch it. Until the job runs, this waits a moment for room, and then
 * ends the program with one line. Once the job runs no thread is needed any more (ThreadReserve.cs), and who asks for one is told the truth.
 */
#include "LastLine.h"
#include <errno.h>
#include <pthread.h>
#include <time.h>

enum { UNAVAILABLE = 69, TRIES = 100 };

static volatile int job_runs;

int __real_pthread_create(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);

int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*start)(void *), void *argument)
{
    static const struct timespec pause = {0, 10 * 1000 * 1000};
    int error;
    for (int tries = 1; (error = __real_pthread_create(thread, attributes, start, argument)) == EAGAIN && !job_runs && tries < TRIES; tries++)
        nanosleep(&pause, NULL);
    if (error != 0 && !job_runs)
        entrypoint_end(UNAVAILABLE, "Cannot start a thread", error, error == EAGAIN ? " Raise the limit on processes (--pids-limit, ulimit -u)." : "");
    return error;
}

/* The job is about to run. */
void entrypoint_job_runs(void)
{
    job_runs = 1;
}
