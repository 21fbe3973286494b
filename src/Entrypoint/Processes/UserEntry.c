/*
 * A library for programs that run as a user id of which the user database knows nothing: Kubernetes and OpenShift start containers so, and
 * ssh refuses to (git, hg, svn and bzr call it). Loaded into them (LD_PRELOAD), it answers for this one id where nobody else does, with the
 * name and the home that the environment says: that of the user, not the one that pip and conda are given where they cannot write to it.
 * It is carried inside the executable: see UserEntry.cs.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <pwd.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

typedef struct passwd *(*lookup)(uid_t user);
typedef int (*lookup_into)(uid_t user, struct passwd *entry, char *buffer, size_t size, struct passwd **result);

static const char *variable(const char *name, const char *otherwise)
{
    const char *value = getenv(name);
    return value && *value ? value : otherwise;
}

static int is_ours(uid_t user)
{
    return user == getuid() || user == geteuid();
}

static void fill(struct passwd *entry, uid_t user)
{
    const char *home = variable("_ENTRYPOINT_HOME", variable("HOME", "/"));
    entry->pw_name = (char *)variable("USER", variable("LOGNAME", "job"));
    entry->pw_passwd = (char *)"x";
    entry->pw_uid = user;
    entry->pw_gid = getgid();
    entry->pw_gecos = (char *)"";
    entry->pw_dir = (char *)(*home == '/' ? home : "/");
    entry->pw_shell = (char *)"/bin/sh";
}

struct passwd *getpwuid(uid_t user)
{
    static struct passwd ours;
    lookup real = (lookup)dlsym(RTLD_NEXT, "getpwuid");
    struct passwd *entry = real ? real(user) : NULL;
    if (entry || !is_ours(user))
        return entry;
    fill(&ours, user);
    return &ours;
}

/* Copies a text into what is left of a buffer; 0 where it does not fit. */
static int move(char **text, char **buffer, size_t *size)
{
    const char *from = *text;
    char *to = *buffer;
    do {
        if ((*size)-- == 0)
            return 0;
    } while ((*to++ = *from++));
    *text = *buffer;
    *buffer = to;
    return 1;
}

int getpwuid_r(uid_t user, struct passwd *entry, char *buffer, size_t size, struct passwd **result)
{
    lookup_into real = (lookup_into)dlsym(RTLD_NEXT, "getpwuid_r");
    int error = real ? real(user, entry, buffer, size, result) : ENOENT;
    if (error == ERANGE || (!error && *result) || !is_ours(user))
        return error;
    fill(entry, user);
    *result = NULL;
    if (!move(&entry->pw_name, &buffer, &size) || !move(&entry->pw_dir, &buffer, &size))
        return ERANGE;
    *result = entry;
    return 0;
}
