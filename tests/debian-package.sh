#!/bin/sh
# Unpacks packages of another Debian release: debian-package.sh SUITE FOLDER PACKAGE...
# They are fetched with an apt configuration of their own, from where this machine takes its packages: its sources stay as they are, and
# nothing is installed. FOLDER appears when all of it is there.
set -eu

suite=$1
folder=$2
shift 2

[ -d "$folder" ] && exit 0

site=$(apt-get indextargets --format '$(ORIGIN) $(SITE)' | sed -n 's/^Debian //p' | grep -v security | head -n 1)
[ -n "$site" ] || { echo "debian-package.sh: this machine has no package list of Debian (apt-get update)" >&2; exit 69; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM
chmod 755 "$work"
mkdir -p "$work/state/lists/partial" "$work/cache/archives/partial" "$work/deb" "$work/root" "$work/empty"
: >"$work/status"
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $site $suite main" >"$work/sources.list"
cat >"$work/apt.conf" <<CONF
Dir::State "$work/state";
Dir::State::status "$work/status";
Dir::Cache "$work/cache";
Dir::Etc::sourcelist "$work/sources.list";
Dir::Etc::sourceparts "$work/empty";
Dir::Etc::preferencesparts "$work/empty";
Acquire::Check-Valid-Until "false";
Acquire::Languages "none";
APT::Sandbox::User "root";
CONF
export APT_CONFIG="$work/apt.conf"
apt-get update --quiet >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 69; }
(cd "$work/deb" && apt-get download "$@" >"$work/log" 2>&1) || { cat "$work/log" >&2; exit 69; }
for package in "$work"/deb/*.deb; do
    dpkg-deb -x "$package" "$work/root"
done

mkdir -p "$(dirname "$folder")"
chmod 755 "$work/root"
mv -T "$work/root" "$folder" 2>/dev/null || [ -d "$folder" ]
