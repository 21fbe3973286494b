/* Leaves orphans behind, a batch at a time: each batch is there at once, ends at once, and must have been reaped before the next.
 * orphans COUNT BATCH. A process group is there as long as one of it is, zombies included, so that tells when the last was reaped. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static void die(const char *what)
{
    perror(what);
    exit(1);
}

static void batch(int size)
{
    int gate[2];
    if (pipe(gate) != 0) {
        die("pipe");
    }

    pid_t parent = fork();
    if (parent < 0) {
        die("fork");
    }

    if (parent == 0) {
        setpgid(0, 0);
        close(gate[1]);
        for (int i = 0; i < size; i++) {
            pid_t child = fork();
            if (child < 0) {
                die("fork");
            }

            if (child == 0) {
                char nothing;
                _exit(read(gate[0], &nothing, 1) != 0);
            }
        }

        _exit(0);
    }

    int status;
    if (waitpid(parent, &status, 0) != parent || status != 0) {
        die("waitpid");
    }

    close(gate[0]);
    close(gate[1]);
    while (kill(-parent, 0) == 0 || errno != ESRCH) {
        usleep(100);
    }
}

int main(int count, char **words)
{
    if (count != 3) {
        return 64;
    }

    int size = atoi(words[2]);
    for (int left = atoi(words[1]); left > 0; left -= size) {
        batch(size < left ? size : left);
    }

    return 0;
}
