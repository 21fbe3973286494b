#!/usr/bin/env bash
# Publishes the native executable: docker/publish.sh [FOLDER [x64|arm64]] makes FOLDER/entrypoint (default: artifacts/, this machine's kind).
# Needs the .NET SDK and gcc (for the other kind of machine: gcc-aarch64-linux-gnu or gcc-x86-64-linux-gnu).
#
# The result starts on every Linux with glibc 2.17 or later. For that it is linked against the C library of an older system: where this
# machine's is newer than 2.31, docker/sysroot.sh fetches one into artifacts/, once. ENTRYPOINT_SYSROOT names one that is there;
# ENTRYPOINT_SYSROOT=none links against this machine's, as happens with a warning where none can be fetched.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
folder=${1:-$here/artifacts}
case "${2:-$(uname -m)}" in
    x64 | x86_64 | amd64) kind=x64 machine=x86_64 package=amd64 ;;
    arm64 | aarch64) kind=arm64 machine=aarch64 package=arm64 ;;
    *) echo "publish.sh: there is no NativeAOT compiler for ${2:-$(uname -m)}, only for x64 and arm64" >&2; exit 69 ;;
esac

prefix=
[ "$machine" = "$(uname -m)" ] || prefix=$machine-linux-gnu-
for program in "${prefix}gcc" "${prefix}objcopy" "${prefix}objdump"; do
    if ! command -v "$program" >/dev/null; then
        echo "publish.sh: $program is not on the PATH (Debian and Ubuntu: apt-get install gcc${prefix:+-${machine//_/-}-linux-gnu} libc6-dev)" >&2
        exit 69
    fi
done

sysroot=${ENTRYPOINT_SYSROOT:-}
if [ -z "$sysroot" ]; then
    library=$(getconf GNU_LIBC_VERSION 2>/dev/null || echo 'glibc 0')
    newest=$(printf '%s\n' 2.31 "${library#glibc }" | sort --version-sort | tail --lines 1)
    if [ -n "$prefix" ] || [ "$newest" != 2.31 ]; then
        sysroot=$here/artifacts/sysroot-$kind
        "$here/docker/sysroot.sh" "$sysroot" "$package" || {
            echo "publish.sh: no older C library to link against, so the executable will need one as new as this machine's" >&2
            sysroot=none
        }
    fi
fi

options=()
if [ "${sysroot:-none}" != none ]; then
    options+=("-p:EntrypointSysRoot=$(cd "$sysroot" && pwd)" "-p:EntrypointTriplet=$machine-linux-gnu")
fi

# MSBuild does not link again when nothing but the linker's arguments has changed.
rm -f "$here/src/Entrypoint/bin/Release/net10.0/linux-$kind/native/entrypoint"
dotnet publish "$here/src/Entrypoint/Entrypoint.csproj" --configuration Release --runtime "linux-$kind" --verbosity quiet --nologo \
    -p:PublishAot=true -p:CppCompilerAndLinker="${prefix}gcc" -p:ObjCopyName="${prefix}objcopy" "${options[@]}" --output "$folder"

ls -l "$folder/entrypoint"
needed=$("${prefix}objdump" --dynamic-syms "$folder/entrypoint" | grep --only-matching 'GLIBC_[0-9.]*' | cut -d _ -f 2 | sort --version-sort --unique)
echo "starts with glibc $(tail --lines 1 <<<"$needed") and later"
