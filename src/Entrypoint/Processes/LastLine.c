/*
 * The one line with which the program ends where there is no runtime that could write it, or none that could go on.
 */
#include "LastLine.h"
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

void entrypoint_end(int exit_code, const char *what, int error, const char *advice)
{
    static atomic_flag ending = ATOMIC_FLAG_INIT;
    char line[512], moment[32] = "";
    struct timeval now;
    struct tm parts;

    /* Several threads may find that there is no room for another: one says so, and ends them all. */
    while (atomic_flag_test_and_set(&ending))
        pause();
    gettimeofday(&now, NULL);
    if (localtime_r(&now.tv_sec, &parts) != NULL)
        strftime(moment, sizeof moment, "%Y-%m-%d %H:%M:%S", &parts);
    int length = snprintf(line, sizeof line, "%s,%03d [ERROR] %s: %s.%s\n", moment, (int)(now.tv_usec / 1000), what, strerror(error), advice);
    (void)!write(STDOUT_FILENO, line, (size_t)length);
    _exit(exit_code);
}
