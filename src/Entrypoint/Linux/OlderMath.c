/*
 * What the .NET runtime calls from the mathematical library, in the version that every glibc has. Since glibc 2.29 there is a second one,
 * which differs only in how it tells of an overflow, and which the linker would choose: the program would then not start where glibc is
 * older.
 */
#ifdef __aarch64__
#define FIRST_VERSION "GLIBC_2.17"
#else
#define FIRST_VERSION "GLIBC_2.2.5"
#endif

double first_log(double x);
double first_pow(double x, double y);
__asm__(".symver first_log, log@" FIRST_VERSION);
__asm__(".symver first_pow, pow@" FIRST_VERSION);

double log(double x)
{
    return first_log(x);
}

double pow(double x, double y)
{
    return first_pow(x, y);
}
