#!/usr/bin/env bash
# Counts the instructions of two starts of the published executable, and fails when there are more than there should be:
#     tests/instructions.sh [EXECUTABLE]
#
# A count repeats within a hundredth, on any machine of one kind, whatever else the machine is doing; so a start that has become slower is
# seen here, and not only where somebody measures. The bars are 5 % above the best so far: who makes a start faster lowers them.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
executable=${1:-$here/artifacts/entrypoint}
version_bar=6640000
run_bar=7330000

work=$(mktemp --directory)
trap 'rm -rf "$work"' EXIT

# Valgrind stumbles over the debugging symbols that lie beside the published file.
cp "$executable" "$work/entrypoint"
mkdir "$work/job"
: >"$work/job/__main__.py"

status=0
# The least of some: a thread that waits for another spins for a while, which is all that differs from time to time.
count() {
    local what=$1 bar=$2 least= found
    shift 2
    for _ in 1 2 3 4 5; do
        valgrind --tool=callgrind --callgrind-out-file=/dev/null "$work/entrypoint" "$@" >"$work/output" 2>&1 || { cat "$work/output" >&2; exit 1; }
        found=$(sed --quiet 's/.*Collected : \([0-9]*\).*/\1/p' "$work/output")
        [ -n "$least" ] && [ "$found" -ge "$least" ] || least=${found:?valgrind counted nothing}
    done

    echo "instructions of $what: $least, at most $bar"
    [ "$least" -le "$bar" ] || status=1
}

export ENTRYPOINT_STATE=$work/state
count '--version' "$version_bar" --version
# Without the job: Valgrind is in the way of the second self that becomes it (/proc/self/exe is Valgrind's own there).
count 'a run up to its job' "$run_bar" --python /bin/true --requirements-only "$work/job"
exit "$status"
