#!/usr/bin/env bash
# Makes the base image of sandboxes from Debian packages, for machines that reach a package mirror but no image registry.
#
#   sandbox/image/make-base.sh [--force] [TAG]         TAG: harness-base:bookworm
#
# Does nothing when the tag is already there. Needs root, debootstrap and a Docker engine that answers.
# HARNESS_DEBIAN_MIRROR names the mirror; else the first one of this host's own apt set-up is used, with its proxy.
set -euo pipefail

SUITE=bookworm
FORCE=no
if [ "${1:-}" = --force ]; then FORCE=yes; shift; fi
TAG=${1:-harness-base:$SUITE}
# Every file is dated at the suite's first release, so that two builds from the same packages give the same bytes.
EPOCH=${SOURCE_DATE_EPOCH:-1686355200}

say() { printf 'make-base: %s\n' "$*" >&2; }
stop() { say "$1"; say "next: $2"; exit 5; }

docker version --format '{{.Server.Version}}' >/dev/null 2>&1 ||
  stop "no Docker engine answers" "start one (systemctl start docker), then run this again"
if [ "$FORCE" = no ] && docker image inspect "$TAG" >/dev/null 2>&1; then
  say "$TAG is already here"
  exit 0
fi
[ "$(id -u)" = 0 ] || stop "debootstrap needs root" "run this with sudo"
command -v debootstrap >/dev/null || stop "debootstrap is missing" "apt-get install debootstrap"

first_mirror() {
  # Both ways of writing apt sources: one line each (deb URI suite ...), and paragraphs (URIs: ...).
  { cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null |
      sed -nE 's/^deb +(\[[^]]*\] +)?([^ ]+) +'"$SUITE"' .*/\2/p'
    cat /etc/apt/sources.list.d/*.sources 2>/dev/null |
      awk -v suite="$SUITE" '/^URIs:/ { uri = $2 } /^Suites:/ { for (i = 2; i <= NF; i++) if ($i == suite) print uri }'
  } | head -n 1
}
MIRROR=${HARNESS_DEBIAN_MIRROR:-$(first_mirror)}
MIRROR=${MIRROR:-http://deb.debian.org/debian}
if command -v apt-config >/dev/null; then
  eval "$(apt-config shell APT_PROXY Acquire::http::Proxy)"
  if [ -n "${APT_PROXY:-}" ] && [ "$APT_PROXY" != DIRECT ]; then export http_proxy=${http_proxy:-$APT_PROXY}; fi
fi

WORKSPACE=$(mktemp -d "${TMPDIR:-/tmp}/harness-base.XXXXXXXX")
trap 'rm -rf --one-file-system "$WORKSPACE"' EXIT
ROOT=$WORKSPACE/root

say "making $TAG from Debian $SUITE packages"
debootstrap --variant=minbase --include=python3,python3-venv,python3-pip,ca-certificates \
  "$SUITE" "$ROOT" "$MIRROR" >"$WORKSPACE/log" 2>&1 ||
  { tail -n 20 "$WORKSPACE/log" >&2; stop "debootstrap failed" "check the mirror, or name one in HARNESS_DEBIAN_MIRROR"; }

say "taking out what a sandbox has no use for"
rm -rf "$ROOT"/var/lib/apt/lists/* "$ROOT"/var/cache/apt/* "$ROOT"/var/cache/debconf/*-old "$ROOT"/var/log/* \
  "$ROOT"/var/lib/dpkg/*-old "$ROOT"/usr/share/{man,info,locale,lintian,bash-completion} "$ROOT"/debootstrap \
  "$ROOT"/etc/resolv.conf "$ROOT"/etc/hostname "$ROOT"/tmp/* "$ROOT"/var/tmp/* "$ROOT"/root/.[!.]* \
  "$ROOT"/var/cache/ldconfig/aux-cache
# Licences stay: they are part of what makes the packages redistributable.
find "$ROOT/usr/share/doc" -mindepth 1 -not -name copyright -not -type d -delete
find "$ROOT/usr/share/doc" -mindepth 1 -type d -empty -delete
: >"$ROOT/etc/machine-id"
# What only a privileged program could use has no place where nobody may ever gain a privilege.
find "$ROOT" -xdev -type f -perm /6000 -exec chmod a-s {} +
find "$ROOT/dev" -mindepth 1 -delete
# Bytecode whose validity does not hang on a file's time: the same in every build, and nothing to look up at run time.
find "$ROOT/usr/lib" -name __pycache__ -type d -prune -exec rm -rf {} +
chroot "$ROOT" /usr/bin/python3 -m compileall -q --invalidation-mode unchecked-hash /usr/lib/python3 /usr/lib/python3.11 ||
  stop "the standard library could not be compiled" "run this again; if it stays, the packages of the mirror are damaged"

say "handing it to the engine"
tar --create --directory "$ROOT" --sort=name --numeric-owner --mtime="@$EPOCH" --one-file-system . |
  docker import --change 'ENV PATH=/usr/local/bin:/usr/bin:/bin' --change 'CMD ["/usr/bin/python3"]' \
    --change 'LABEL takehome-harness.made-from=debian-'"$SUITE" --message "Debian $SUITE with Python" - "$TAG" >/dev/null
say "$TAG is ready: $(docker image inspect --format '{{.Size}}' "$TAG" | awk '{ printf "%.0f MB", $1 / 1e6 }')"
