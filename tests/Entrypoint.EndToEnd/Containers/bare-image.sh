#!/bin/sh
# Runs the executable in an image of which something has been taken away: bare-image.sh IMAGE EXECUTABLE WORK-FOLDER "GONE..." ARGUMENT...
# No container engine lets one do that: it brings /proc, /dev and the rest. GONE are paths below the root; "proc" and "dev" are not mounted.
# WORK-FOLDER/job is /job inside.
set -eu

image=$1
executable=$2
work=$3
gone=$4
shift 4
root=$(podman image mount "$image")
mkdir -p "$work/upper" "$work/work" "$work/root"
# shellcheck disable=SC2016
exec unshare --mount --pid --fork --kill-child sh -euc '
    root=$1 executable=$2 work=$3 gone=$4
    shift 4
    mount -t overlay overlay -o "lowerdir=$root,upperdir=$work/upper,workdir=$work/work" "$work/root"
    cd "$work/root"
    cp "$executable" usr/local/bin/entrypoint
    [ ! -e "$work/job" ] || cp -R "$work/job" job
    mkdir -p proc dev
    case " $gone " in *" proc "*) ;; *) mount -t proc proc proc ;; esac
    case " $gone " in *" dev "*) rm -rf dev ;; *) mount --rbind /dev dev ;; esac
    for path in $gone; do
        case $path in proc | dev) ;; *) rm -rf $path ;; esac
    done
    program=/usr/bin/env
    exec chroot . "$program" -i PATH=/usr/local/bin:/usr/bin:/bin HOME=/root LANG=C.UTF-8 TMPDIR=/tmp /usr/local/bin/entrypoint "$@"
' sh "$root" "$executable" "$work" "$gone" "$@"
