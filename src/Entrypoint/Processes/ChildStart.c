/*
 * How a child is made. Process, and so CliWrap, can start a program, but not in a session or group of its own, in a terminal's foreground,
 * with an empty signal mask and default dispositions, in a folder or with arguments whose bytes are not UTF-8. So it starts this program once
 * more, which does all that here, before there is any runtime, and becomes the program that is meant.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static const char word[] = "entrypoint-child:";

/* This program's file, where /proc is not there to lead to it; -1 where it is. */
static int self = -1;

enum { SHARED, OWN_GROUP, OWN_SESSION };
enum { ENTERING = 1, EXECUTING = 2 };

/* As ChildOrder.cs writes it. The texts follow, each ended by a zero: arguments, variables, and the folder where there is one. */
struct order {
    uint64_t length;
    uint64_t ignored;
    int32_t group;
    int32_t terminal;
    int32_t arguments;
    int32_t variables;
    int32_t has_folder;
    int32_t no_input;
};

/* What could not be done, and the errno. Nothing is answered when all went well: the socket ends with the old program. */
struct failure {
    int32_t step;
    int32_t error;
};

static char **list(char **text, int count)
{
    char **texts = calloc((size_t)count + 1, sizeof *texts);
    if (texts == NULL)
        _exit(127);
    for (int index = 0; index < count; index++) {
        texts[index] = *text;
        *text += strlen(*text) + 1;
    }
    return texts;
}

static char *receive(int parent)
{
    size_t size = 0, room = 1 << 16;
    char *block = malloc(room);
    while (block != NULL) {
        if (size >= sizeof(struct order) && size >= ((struct order *)block)->length)
            return block;
        ssize_t count = read(parent, block + size, room - size);
        if (count == 0)
            break;
        if (count < 0 && errno != EINTR)
            _exit(127);
        size += count > 0 ? (size_t)count : 0;
        if (size == room)
            block = realloc(block, room *= 2);
    }

    /* Nothing was ordered: whoever started this thought better of it, or is gone. */
    _exit(127);
}

static void take_place(const struct order *order)
{
    if (order->group == OWN_SESSION)
        setsid();
    else if (order->group == OWN_GROUP)
        setpgid(0, 0);
    if (order->terminal >= 0) {
        fcntl(order->terminal, F_SETFD, FD_CLOEXEC);
        tcsetpgrp(order->terminal, getpgrp());
    }
    if (order->no_input) {
        int empty = open("/dev/null", O_RDONLY);
        if (empty > 0) {
            dup2(empty, 0);
            close(empty);
        }
    }
}

static void reset_signals(uint64_t ignored)
{
    sigset_t none;
    for (int number = 1; number <= 64; number++)
        signal(number, ignored & UINT64_C(1) << (number - 1) ? SIG_IGN : SIG_DFL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

static void become(int parent)
{
    char *text = receive(parent);
    struct order *order = (struct order *)text;
    text += sizeof *order;
    char **arguments = list(&text, order->arguments);
    char **variables = list(&text, order->variables);
    struct failure failure = {ENTERING, 0};

    fcntl(parent, F_SETFD, FD_CLOEXEC);
    take_place(order);
    if (order->has_folder && chdir(text) != 0) {
        failure.error = errno;
    } else {
        failure.step = EXECUTING;
        reset_signals(order->ignored);
        execve(arguments[0], arguments, variables);
        failure.error = errno;
    }
    (void)!write(parent, &failure, sizeof failure);
    _exit(127);
}

/* Before all other constructors: what those do is for the program itself. */
__attribute__((constructor(101))) static void become_child(int count, char **arguments)
{
    struct stat status;
    if (count == 2 && strncmp(arguments[1], word, sizeof word - 1) == 0) {
        int parent = atoi(arguments[1] + sizeof word - 1);
        int error = fstat(parent, &status) == 0 ? 0 : errno;
        if (parent > 2 && (error == 0 ? S_ISSOCK(status.st_mode) : error != EBADF))
            become(parent);
    }

    if (access("/proc/self/exe", F_OK) != 0)
        self = open((const char *)getauxval(AT_EXECFN), O_PATH | O_CLOEXEC);
}

int __real_execve(const char *, char *const[], char *const[]);

/* In front of each execve of the runtime: a second process of this program is of the file that runs, whatever has become of its name. */
int __wrap_execve(const char *path, char *const arguments[], char *const variables[])
{
    if (self >= 0 && arguments[0] != NULL && arguments[1] != NULL && strncmp(arguments[1], word, sizeof word - 1) == 0)
        syscall(SYS_execveat, self, "", arguments, variables, AT_EMPTY_PATH);
    return __real_execve(path, arguments, variables);
}

/* Whether the name that execve is given for a second process of this program does not count. */
int entrypoint_holds_self(void)
{
    return self >= 0;
}
