using System.Runtime.InteropServices;

namespace Entrypoint.Linux;

/// <summary>The numbers of the kernel that are others on arm64 than on x86-64; all other numbers in this room are the same on both.</summary>
internal static class Architecture
{
    private static readonly bool Arm = RuntimeInformation.ProcessArchitecture is System.Runtime.InteropServices.Architecture.Arm64;

    // Flags of open(2).
    public static readonly int OpenFolderOnly = Arm ? 0x4000 : 0x10000;
    public static readonly int OpenNoFollow = Arm ? 0x8000 : 0x20000;

    // Calls that older C libraries have no function for. A function that is not there would keep the whole program from starting.
    public static readonly int CallReadEntries = Arm ? 61 : 217; // getdents64: glibc 2.30
    public static readonly int CallStatus = Arm ? 79 : 262; // newfstatat: glibc 2.33
    public static readonly int CallWaitId = Arm ? 95 : 247; // the system call has an argument more than the function
    public static readonly int CallCopyRange = Arm ? 285 : 326; // copy_file_range: glibc 2.27
    public static readonly int CallMemoryFile = Arm ? 279 : 319; // memfd_create: glibc 2.27

    // struct stat
    public static readonly int StatusMode = Arm ? 16 : 24;
    public static readonly int StatusOwner = Arm ? 24 : 28;
    public static readonly int StatusGroup = Arm ? 28 : 32;
}
