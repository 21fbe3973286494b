/*
 * Random bytes from the kernel itself. The .NET runtime reads them from /dev/urandom, and breaks down where a root has no /dev; the linker
 * puts this function in the place of the runtime's (--wrap), which is still there for kernels older than the call (3.17).
 */
#include <errno.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

int32_t __real_SystemNative_GetCryptographicallySecureRandomBytes(uint8_t *buffer, int32_t length);

int32_t __wrap_SystemNative_GetCryptographicallySecureRandomBytes(uint8_t *buffer, int32_t length)
{
    int32_t done = 0;
    while (done < length) {
        long count = syscall(SYS_getrandom, buffer + done, (size_t)(length - done), 0);
        if (count > 0)
            done += (int32_t)count;
        else if (errno != EINTR)
            return __real_SystemNative_GetCryptographicallySecureRandomBytes(buffer, length);
    }

    return 0;
}
