#!/usr/bin/env bash
# Counts the instructions of two starts of the published executable, and fails when there are more than there should be:
#     tests/instructions.sh [EXECUTABLE]
#
# A count repeats within a thousandth, on any machine of one kind, whatever else the machine is doing; so a start that has become slower is
# seen here, and not only where somebody measures. The bars are 5 % above the best so far: who makes a start faster lowers them.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
executable=${1:-$here/artifacts/entrypoint}
version_bar=5970000
job_bar=11170000

work=$(mktemp --directory)
trap 'rm -rf "$work"' EXIT

# Valgrind stumbles over the debugging symbols that lie beside the published file.
cp "$executable" "$work/entrypoint"
mkdir "$work/job"
: >"$work/job/__main__.py"

status=0
count() {
    local what=$1 bar=$2 found
    shift 2
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$work/entrypoint" "$@" >"$work/output" 2>&1 || { cat "$work/output" >&2; exit 1; }
    found=$(sed --quiet 's/.*Collected : \([0-9]*\).*/\1/p' "$work/output")
    echo "instructions of $what: ${found:?valgrind counted nothing}, at most $bar"
    [ "$found" -le "$bar" ] || status=1
}

export ENTRYPOINT_STATE=$work/state
count '--version' "$version_bar" --version
count 'an empty job' "$job_bar" --python /bin/true "$work/job"
exit "$status"
