#!/usr/bin/env bash
# Publishes the native executable: docker/publish.sh [FOLDER] makes FOLDER/entrypoint (default: artifacts/).
# Needs the .NET SDK and a C compiler (clang, or else gcc) with zlib's headers.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
folder=${1:-$here/artifacts}

case "$(uname -m)" in
    x86_64) runtime=linux-x64 ;;
    aarch64) runtime=linux-arm64 ;;
    *) echo "publish.sh: no NativeAOT compiler for $(uname -m)" >&2; exit 69 ;;
esac

publish() {
    local linker=()
    command -v clang >/dev/null || linker=(-p:CppCompilerAndLinker=gcc)
    dotnet publish "$here/src/Entrypoint/Entrypoint.csproj" --configuration Release --runtime "$runtime" --verbosity quiet --nologo \
        -p:PublishAot=true -p:EntrypointFramework="$1" "${linker[@]}" --output "$folder"
}

# The feed may lack the net10.0 runtime pack of NativeAOT; net9.0's compiler package carries its own.
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if publish net10.0 >"$log" 2>&1; then
    cat "$log"
elif grep --quiet --extended-regexp 'NU1101|NU1102|NU1103' "$log"; then
    echo "publish.sh: the package feed lacks NativeAOT for net10.0; publishing for net9.0"
    publish net9.0
else
    cat "$log" >&2
    exit 1
fi

ls -l "$folder/entrypoint"
