/*
 * What a container engine may refuse, seen to before the runtime starts.
 *
 * Without some system calls the runtime ends with a signal, or with an exit code and not one word. Those are tried here, and the program ends
 * with a line that says what is missing.
 *
 * And clone3, which engines that are older than it refuse with EPERM (Docker before 20.10.10), is refused once more here, with ENOSYS: that
 * is what the C library expects of a kernel without it, and takes the older clone then. Without it no thread can be started. The job inherits
 * this, and is better off for it. Where the program may not do so otherwise, it gives up new privileges (PR_SET_NO_NEW_PRIVS), for the job
 * too: setuid programs do not become another user there.
 */
#define _GNU_SOURCE
#include "LastLine.h"
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/futex.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/resource.h>
#include <sys/sysinfo.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef SYS_clone3
#define SYS_clone3 435
#endif
#ifndef PR_SET_NO_NEW_PRIVS
#define PR_SET_NO_NEW_PRIVS 38
#endif
#ifdef __aarch64__
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#else
#define ARCHITECTURE AUDIT_ARCH_X86_64
#endif

enum { UNAVAILABLE = 69 };

static void need(long result, const char *what)
{
    if (result < 0 && (errno == EPERM || errno == ENOSYS))
        entrypoint_end(UNAVAILABLE, what, errno, " The container engine or the kernel has to allow this system call (seccomp profile).");
}

static void refuse_clone3(void)
{
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 0, 3),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone3, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {sizeof code / sizeof *code, code};
    if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) != 0 && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0)
        prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0);
}

/* After ChildStart.c: what a child becomes needs nothing of this. */
__attribute__((constructor(102))) static void look_at_calls(void)
{
    static int word;
    struct sysinfo information;
    struct sigaction action;
    /* None of these has an effect: there is no such waiter, child or file. */
    need(syscall(SYS_futex, &word, FUTEX_WAKE, 1, NULL, NULL, 0), "Cannot start: futex is refused");
    need(sigaction(SIGUSR1, NULL, &action), "Cannot start: rt_sigaction is refused");
    need(wait4(getpid(), NULL, WNOHANG, NULL), "Cannot start: wait4 is refused");
    need(lseek(-1, 0, SEEK_CUR), "Cannot start: lseek is refused");
    need(sysinfo(&information), "Cannot start: sysinfo is refused");

    /* A size of 0 is none that clone3 takes. */
    if (syscall(SYS_clone3, NULL, 0) < 0 && errno == EPERM)
        refuse_clone3();
}
