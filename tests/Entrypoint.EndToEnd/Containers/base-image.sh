#!/bin/sh
# Makes the image that all others are built on: base-image.sh IMAGE CACHE-FOLDER. A Debian 12 from packages, since there may be no image
# registry to take one from; kept as an archive in the cache folder, and as an image in podman's own store.
set -eu

image=$1
cache=$2/debian-bookworm.tar

podman image exists "$image" && exit 0

if [ ! -f "$cache" ]; then
    mkdir -p "$2"
    root=$(mktemp -d)
    trap 'rm -rf "$root"' EXIT
    trap 'exit 1' INT TERM
    debootstrap --variant=minbase bookworm "$root" >"$root.log" 2>&1 || { cat "$root.log" >&2; exit 1; }
    rm -rf "$root.log" "$root"/var/lib/apt/lists/* "$root"/var/cache/apt/archives/*.deb
    tar -C "$root" -c . -f "$cache.$$"
    mv "$cache.$$" "$cache"
fi

podman import --quiet "$cache" "$image"
