#!/usr/bin/env bash
# Builds and tests everything: tests/run.sh [--fast]
#
# Installs what the tests need (as root, with apt-get), builds with the analyzers, runs the in-process tests, publishes the native
# executable and runs the end-to-end tests against it. With --fast: build, analyzers and in-process tests only.
# The last line is "N passed, N failed", summed over the test projects; the exit code is not 0 when anything failed.
set -uo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$here" || exit 1

fast=false
case "${1-}" in
    '') ;;
    --fast) fast=true ;;
    *) echo "usage: tests/run.sh [--fast]" >&2; exit 64 ;;
esac

# What NativeAOT links with; then the real programs that the end-to-end tests drive.
packages=(gcc libc6-dev gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user-static
    bash coreutils util-linux procps strace python3 python3-venv python3-pip
    git git-lfs mercurial subversion brz openssh-client openssh-server openssl iproute2
    tar gzip bzip2 xz-utils p7zip-full valgrind
    podman runc debootstrap slurm-wlm munge)

# Debian's npm brings hundreds of packages: any other will do.
command -v npm >/dev/null || packages+=(nodejs npm)

results=$(mktemp --directory)
trap 'rm -rf "$results"' EXIT
passed=0
failed=0

# A step that is not a test counts as one failure when it fails, and ends the run.
finish() {
    echo "$passed passed, $failed failed"
    [ "$failed" -eq 0 ]
    exit
}

step() {
    local name=$1
    shift
    echo "== $name"
    if ! "$@"; then
        echo "tests/run.sh: $name failed" >&2
        failed=$((failed + 1))
        finish
    fi
}

install_packages() {
    local missing=() package
    for package in "${packages[@]}"; do
        [ "$(dpkg-query --show --showformat '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
    done

    [ "${#missing[@]}" -gt 0 ] || return 0
    if [ "$(id --user)" -ne 0 ]; then
        echo "tests/run.sh: not root, so these cannot be installed; tests that need them will fail: ${missing[*]}" >&2
        return 0
    fi

    apt-get update --quiet || return
    DEBIAN_FRONTEND=noninteractive apt-get install --yes --quiet --no-install-recommends "${missing[@]}"
}

build() {
    dotnet build Entrypoint.sln --configuration Release --nologo --verbosity quiet
}

# Runs one test project and adds its counts, which stand in the TRX file: a test host that breaks down leaves none, or one with fewer
# passed tests than it has; all that did not pass has failed.
run_tests() {
    local project=$1 limit=$2 trx=$results/$1.trx counters total succeeded
    echo "== $project"
    timeout --kill-after=30s "$limit" dotnet test "tests/$project/$project.csproj" --configuration Release --no-build --nologo \
        --logger 'console;verbosity=minimal' --logger "trx;LogFileName=$trx"
    local status=$?
    counters=$(grep --only-matching --max-count=1 '<Counters [^>]*' "$trx" 2>/dev/null)
    total=$(sed --quiet 's/.* total="\([0-9]*\)".*/\1/p' <<<"$counters")
    succeeded=$(sed --quiet 's/.* passed="\([0-9]*\)".*/\1/p' <<<"$counters")
    passed=$((passed + ${succeeded:-0}))
    local unsuccessful=$((${total:-0} - ${succeeded:-0}))
    if [ "$unsuccessful" -eq 0 ] && { [ "$status" -ne 0 ] || [ "${total:-0}" -eq 0 ]; }; then
        echo "tests/run.sh: $project ran ${total:-0} tests and its test host ended with $status" >&2
        unsuccessful=1
    fi

    failed=$((failed + unsuccessful))
}

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

if $fast; then
    step build build
    run_tests Entrypoint.Tests 2m
    finish
fi

step 'install packages' install_packages
step publish docker/publish.sh
step 'publish for arm64' docker/publish.sh artifacts/arm64 arm64
step instructions tests/instructions.sh
step build build
run_tests Entrypoint.Tests 5m
run_tests Entrypoint.EndToEnd 60m
finish
