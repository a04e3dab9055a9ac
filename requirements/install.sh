#!/usr/bin/env bash
# Make the project's own environment from a hashed lock: install.sh PYTHON VENV LOCK.
# uv installs because it is fast; it is told what pip is configured with on this host, and pip takes over when that fails.
set -euo pipefail
python=$1 venv=$2 lock=$3
export PIP_DISABLE_PIP_VERSION_CHECK=1

if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
  echo "install: $python is missing or older than 3.11; name a newer one, as in: make demo PYTHON=python3.12" >&2
  exit 2
fi
if [ ! -x "$venv/bin/python" ] && ! "$python" -m venv "$venv"; then
  echo "install: a virtual environment could not be made; on Debian and Ubuntu: apt-get install python3-venv" >&2
  exit 2
fi

pip_has() { "$venv/bin/python" -m pip config get "$1" 2>/dev/null || true; }
pip_says() { local env_name=$1 key=$2; printf '%s' "${!env_name:-$(pip_has "global.$key")}"; }

with_uv() {
  local index extra links cert
  index=$(pip_says PIP_INDEX_URL index-url) extra=$(pip_says PIP_EXTRA_INDEX_URL extra-index-url)
  links=$(pip_says PIP_FIND_LINKS find-links) cert=$(pip_says PIP_CERT cert)
  [ -z "$index" ] || export UV_DEFAULT_INDEX=$index
  [ -z "$extra" ] || export UV_INDEX=$extra
  [ -z "$links" ] || export UV_FIND_LINKS=${links// /,}
  [ -z "$cert" ] || export SSL_CERT_FILE=$cert
  export UV_INDEX_STRATEGY=unsafe-best-match # safe here: every package is pinned by hash, whatever index it comes from
  local uv=$venv/bin/uv
  grep -A1 '^uv==' "$lock" >/dev/null || return 1
  [ -x "$uv" ] || pip_install "$(mktemp)" || return 1
  "$uv" pip install --quiet --python "$venv/bin/python" --require-hashes -r "$lock" &&
    "$uv" pip install --quiet --python "$venv/bin/python" --no-deps --no-build-isolation --editable .
}

pip_install() { # only uv, pinned and hashed as the lock has it
  awk '/^[A-Za-z0-9]/ {on = /^uv==/} on' "$lock" >"$1"
  "$venv/bin/python" -m pip install --quiet --require-hashes --no-deps -r "$1" 2>&1 | { grep -v '^WARNING: Location' || true; }
  rm -f "$1"
  [ -x "$venv/bin/uv" ]
}

with_pip() {
  "$venv/bin/python" -m pip install --quiet --require-hashes -r "$lock" &&
    "$venv/bin/python" -m pip install --quiet --no-deps --no-build-isolation --editable .
}

echo "install: packages of $lock into $venv" >&2
(with_uv 2>/dev/null) || with_pip
