#!/usr/bin/env bash
# Measures the published executable side by side with what people use today:
#     tests/benchmark.sh [--quick] [--only NAME]... [--json FILE] [--charts FOLDER]
#
# Installs what it needs (as root, with apt-get), publishes, and measures each pair in turns, in one run. Prints a table in Markdown on
# standard output, and how far it is on standard error; every single value goes to FILE (default: artifacts/benchmark.json), and pictures
# of the most important lines to FOLDER (default: artifacts/charts; the README shows those of tests/Entrypoint.Benchmarks/charts).
# --quick: small sizes and few rounds, for trying it out. --only: that part alone; a wrong NAME lists them.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
packages=(gcc libc6-dev zlib1g-dev coreutils util-linux python3 python3-venv python3-pip
    tini dumb-init curl tar gzip unzip libarchive-tools git mercurial subversion brz)

missing=()
for package in "${packages[@]}"; do
    [ "$(dpkg-query --show --showformat '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
done

if [ "${#missing[@]}" -gt 0 ]; then
    apt-get update --quiet >&2
    DEBIAN_FRONTEND=noninteractive apt-get install --yes --quiet --no-install-recommends "${missing[@]}" >&2
fi

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
published=$here/artifacts/benchmark
work=$(mktemp --directory)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# MSBuild takes the variable as its property: the linker then also lists what is in the executable, which does not change.
IlcGenerateMstatFile=true "$here/docker/publish.sh" "$published" >&2
dotnet build "$here/tests/Entrypoint.Benchmarks" --configuration Release --nologo --verbosity quiet >&2

# The distribution's own Python first: another one in front of it, such as a version manager's, would be measured along.
export PATH=/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin:$PATH
export TMPDIR=$work ENTRYPOINT_EXECUTABLE=$published/entrypoint
cd "$here"
dotnet "$(ls -d tests/Entrypoint.Benchmarks/bin/Release/net*/ | head -1)Entrypoint.Benchmarks.dll" --json "$here/artifacts/benchmark.json" --charts "$here/artifacts/charts" "$@"
