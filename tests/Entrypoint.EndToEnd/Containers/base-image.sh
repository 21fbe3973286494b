#!/bin/sh
# Makes an image that others are built on: base-image.sh IMAGE CACHE-FOLDER SUITE [ARCHITECTURE [PACKAGE,...]]. A Debian from packages,
# since there may be no image registry to take one from; kept as an archive in the cache folder, and as an image in podman's own store.
# Another architecture than this machine's needs qemu-user-static: this registers it, where nobody has.
set -eu

image=$1
suite=$3
architecture=${4:-$(dpkg --print-architecture)}
packages=${5:-}
cache=$2/debian-$suite-$architecture${packages:+-$(echo "$packages" | tr , -)}.tar

if [ "$architecture" != "$(dpkg --print-architecture)" ]; then
    machine=$(echo "$architecture" | sed 's/^arm64$/aarch64/; s/^amd64$/x86_64/')
    formats=/proc/sys/fs/binfmt_misc
    [ -e "$formats/register" ] || mount -t binfmt_misc binfmt_misc "$formats"
    [ -e "$formats/qemu-$machine" ] || grep '^:' "/usr/lib/binfmt.d/qemu-$machine.conf" >"$formats/register"
fi

podman image exists "$image" && exit 0

if [ ! -f "$cache" ]; then
    mkdir -p "$2"
    site=$(apt-get indextargets --format '$(ORIGIN) $(SITE)' | sed -n 's/^Debian //p' | grep -v security | head -n 1)
    [ -n "$site" ] || { echo "base-image.sh: this machine has no package list of Debian (apt-get update)" >&2; exit 69; }
    root=$(mktemp -d)
    trap 'rm -rf "$root" "$root.log" "$cache.$$"' EXIT
    trap 'exit 1' INT TERM
    debootstrap --variant=minbase --arch="$architecture" ${packages:+--include="$packages"} "$suite" "$root" "$site" >"$root.log" 2>&1 \
        || { cat "$root.log" >&2; exit 1; }
    rm -rf "$root"/var/lib/apt/lists/* "$root"/var/cache/apt/archives/*.deb
    tar -C "$root" -c . -f "$cache.$$"
    mv "$cache.$$" "$cache"
fi

podman import --quiet --arch "$architecture" "$cache" "$image"
