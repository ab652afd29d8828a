#!/usr/bin/env bash
# Install what the tests need beside Python packages: a Chromium and, where root and apt are there, PostgreSQL.
set -eu
root() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }
if ! command -v chromium >/dev/null && ! command -v chromium-browser >/dev/null && ! command -v google-chrome >/dev/null; then
  if root; then
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
      chromium fonts-noto-color-emoji fonts-dejavu-core >/dev/null
  else
    "$(dirname "$0")/../${VENV:-.venv}/bin/python" -m playwright install chromium
  fi
fi
if root && ! ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 && ! command -v initdb >/dev/null; then
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql >/dev/null
fi
