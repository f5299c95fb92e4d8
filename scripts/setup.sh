#!/bin/sh
# Makes this clone ready: .venv with the package and its test tools, a Chromium that starts, a Chinese font.
# Run it as often as you like: what is there is left alone. PYTHON=python3.13 names the interpreter to use.
set -eu
cd "$(dirname "$0")/.."

say() { printf 'setup: %s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"
    elif command -v sudo >/dev/null 2>&1; then sudo "$@"
    else say "needs root: $*"; return 1
    fi
}

lists_fresh=
install_packages() {
    command -v apt-get >/dev/null 2>&1 || return 1
    say "installing $*"
    # an unreachable third-party list is no reason to stop: the install itself will tell
    [ -n "$lists_fresh" ] || as_root apt-get update -qq || true
    lists_fresh=yes
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

find_python() {
    for name in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11; do
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$name"
            return
        fi
    done
    fail "Python 3.11 or newer is needed; none was found (PYTHON=/path/to/python names one)"
}

make_venv() {
    .venv/bin/python -c 'import pip' 2>/dev/null && return
    python=$(find_python)
    say "creating .venv with $("$python" --version)"
    "$python" -m venv --clear .venv >/dev/null 2>&1 && return
    # Debian and Ubuntu keep the venv module in a package of its own
    install_packages "$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')" || true
    "$python" -m venv --clear .venv
}

install_project() {
    key=$({ pwd; .venv/bin/python --version; cat pyproject.toml scripts/setup.sh; } | cksum)
    stamp=.venv/govsite-setup
    [ "$(cat "$stamp" 2>/dev/null)" = "$key" ] && return
    say "installing the package and its test tools into .venv"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check -e '.[test]'
    echo "$key" >"$stamp"
}

works() { .venv/bin/python -m pytest_govsite doctor "$@" >/dev/null 2>&1; }

get_browser() {
    works browser && return
    say "no Chromium that starts was found; downloading Playwright's"
    # the download first and alone: where its host is out of reach this ends in seconds, with nothing changed
    export PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT=20000
    if .venv/bin/python -m playwright install chromium >/dev/null 2>&1; then
        works browser && return
        .venv/bin/python -m playwright install --with-deps chromium >/dev/null || true
        works browser && return
    fi
    say "Playwright's Chromium is not to be had here; trying the distribution's package"
    install_packages chromium-headless-shell || install_packages chromium || true
    works browser
}

get_font() {
    works font && return
    install_packages fonts-wqy-zenhei || install_packages fonts-noto-cjk || true
    works font
}

make_venv
install_project
works browser font && exit
works packages || fail "the package does not run: $(.venv/bin/python -m pytest_govsite doctor packages 2>&1 | tail -n 1)"
get_browser && get_font && exit
.venv/bin/python -m pytest_govsite doctor browser font || fail "not complete; the lines above say what is missing"
