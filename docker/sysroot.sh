#!/usr/bin/env bash
# Makes a folder with the C library of an older system, to link against: docker/sysroot.sh FOLDER [amd64|arm64]
#
# Debian 11's on Debian, Ubuntu 20.04's on Ubuntu (glibc 2.31 both). Its packages come from where this machine takes its own, with an apt
# configuration that is thrown away: nothing is installed, and the machine's own sources and lists stay as they are.
# FOLDER appears when all of it is there.
set -euo pipefail

folder=$1
architecture=${2:-$(dpkg --print-architecture)}

[ -d "$folder" ] && exit 0

# shellcheck source=/dev/null
. /etc/os-release
case "$ID" in
    debian) suite=bullseye ;;
    ubuntu) suite=focal ;;
    *) echo "sysroot.sh: this is $ID, and only Debian and Ubuntu have the packages" >&2; exit 69 ;;
esac

# shellcheck disable=SC2016
sites() { apt-get indextargets --format '$(ORIGIN) $(SITE)' | sed --quiet "s/^$ID //Ip" | grep --invert-match security; }
site=$(sites | head --lines 1) || true
if [ -z "$site" ]; then
    echo "sysroot.sh: this machine has no package list (apt-get update)" >&2
    exit 69
fi

work=$(mktemp --directory)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM
mkdir -p "$work"/{state/lists/partial,cache/archives/partial,deb,root,none}
: >"$work/status"
echo "deb [arch=$architecture signed-by=/usr/share/keyrings/$ID-archive-keyring.gpg] $site $suite main" >"$work/sources.list"
cat >"$work/apt.conf" <<CONF
Dir::State "$work/state";
Dir::State::status "$work/status";
Dir::Cache "$work/cache";
Dir::Etc::sourcelist "$work/sources.list";
Dir::Etc::sourceparts "$work/none";
Dir::Etc::preferencesparts "$work/none";
Acquire::Check-Valid-Until "false";
Acquire::Languages "none";
APT::Architecture "$architecture";
APT::Architectures "$architecture";
APT::Sandbox::User "root";
CONF
export APT_CONFIG=$work/apt.conf

quietly() { "$@" >"$work/log" 2>&1 || { cat "$work/log" >&2; return 69; }; }
cd "$work/deb"
quietly apt-get update
quietly apt-get download libc6 libc6-dev linux-libc-dev
cd - >/dev/null
for package in "$work"/deb/*.deb; do
    dpkg-deb --extract "$package" "$work/root"
done

# A link to the root of a system leads to the root of this one.
find "$work/root" -type l -lname '/*' -print0 | while IFS= read -r -d '' link; do
    ln --symbolic --force --relative --no-dereference "$work/root$(readlink "$link")" "$link"
done

mkdir -p "$(dirname "$folder")"
chmod 755 "$work/root"
mv --no-target-directory "$work/root" "$folder" 2>/dev/null || [ -d "$folder" ]
