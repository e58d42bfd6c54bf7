#!/bin/sh
# Brings what this machine lacks to run the tool (`sh setup.sh run`) or to test it (`sh setup.sh test`).
# Quick where nothing is missing. Python's packages go into .venv; only system packages need root, and without
# root or a sudo that asks nothing this prints the line to type, and stops.
set -eu
cd "$(dirname "$0")"
purpose=${1:-run}

say() { printf '%s\n' "$*" >&2; }
have() { command -v "$1" >/dev/null 2>&1; }
[ "$(id -u)" = 0 ] && sudo='' || sudo='sudo '

# Which Python: the system's own if it is new enough, since the system's updates look after it and its makers build it to
# run a third faster than most that are built by hand. A python3.x may be a shim that answers nothing, so each is asked.
find_python() {
    for python in ${PYTHON:-/usr/bin/python3 python3 python3.13 python3.12 python3.11}; do
        "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 || continue
        "$python" -c 'import ensurepip, venv' 2>/dev/null || [ "$python" != /usr/bin/python3 ] || can_install || continue
        return
    done
    say "Bulletin needs Python 3.11 or newer, and found none. If it is somewhere else: PYTHON=/path/to/python3 make run"
    exit 1
}

can_install() { have apt-get && { [ -z "$sudo" ] || sudo -n true 2>/dev/null; }; }

# install PACKAGE…: with apt, as root or through sudo; fails where that cannot be.
install() {
    can_install || return 1
    say "Installing $* …"
    # Old lists are better than none: one broken source must not stop the others.
    $sudo apt-get update -qq >/dev/null || true
    $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -qq --no-install-recommends "$@" </dev/null >/dev/null
}

# What running needs of the system: a Python that can make a .venv, and what WeasyPrint loads.
bring_libraries() {
    packages=$("$python" bulletin/libraries.py)
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        packages="$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])') $packages"
    fi
    [ -n "$packages" ] || return 0
    # shellcheck disable=SC2086  # a list of names
    install $packages && return
    if have apt-get; then say "Type this, then the same again:  ${sudo}apt-get update && ${sudo}apt-get install $packages"
    elif have brew; then say "Type this, then the same again:  brew install pango"
    else say "Install what is missing, then do the same again. Debian's names for it: $packages"
    fi
    exit 1
}

# What encloses print jobs on Linux. Nothing stops here: the press works without.
bring_walls() {
    wanted=$("$python" bulletin/libraries.py wanted)
    # shellcheck disable=SC2086
    [ -z "$wanted" ] || install $wanted ||
        say "Could not install $wanted: print jobs are less tightly enclosed; 'bulletin check' says how."
}

# What testing needs besides. Nothing stops here: a test that lacks a program says so itself.
bring_test_tools() {
    packages=
    have pdftoppm || packages="$packages poppler-utils"
    have gs || packages="$packages ghostscript"
    have tesseract || packages="$packages tesseract-ocr"
    have zbarimg || packages="$packages zbar-tools"
    have initdb || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || packages="$packages postgresql"
    # Playwright drives the browser with a Node of its own, which loads this.
    [ "$(uname)" != Linux ] || "$python" -c 'import ctypes; ctypes.CDLL("libatomic.so.1")' 2>/dev/null ||
        packages="$packages libatomic1"
    # shellcheck disable=SC2086
    [ -z "$packages" ] || install $packages || say "Could not install$packages; what needs them is not tested."
    # Alone, because not every system that has apt has these. The one without windows does the same in half the time.
    have chromium-headless-shell || { apt-cache show chromium-headless-shell && install chromium-headless-shell; } \
        >/dev/null 2>&1 || have chromium || have chromium-browser || have google-chrome ||
        install chromium-headless-shell || install chromium ||
        say "Could not install Chromium; what needs a browser is not tested."
}

# Which Python .venv has, and where: moved, copied or left behind by an upgrade, it must be made anew.
this_venv() { .venv/bin/python -c 'import sys; print(sys.version, sys.prefix)' 2>/dev/null || true; }

# bring_packages LOCK: Python's packages, and the tool itself, into .venv.
bring_packages() {
    [ "$(this_venv; cat "$1" pyproject.toml)" = "$(cat ".venv/from-$1" 2>/dev/null)" ] && return
    say "Installing Python's packages into .venv; the first time this takes a minute or two …"
    [ -n "$(this_venv)" ] && [ "$(this_venv)" = "$(cat .venv/made 2>/dev/null)" ] || {
        "$python" -m venv --clear .venv
        this_venv >.venv/made
    }
    .venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r "$1"
    .venv/bin/python -m pip install -q --disable-pip-version-check --no-build-isolation --no-deps -e .
    { this_venv; cat "$1" pyproject.toml; } >".venv/from-$1"
}

find_python
bring_libraries
bring_walls
if [ "$purpose" = test ]; then
    bring_test_tools
    bring_packages requirements-dev.txt
else
    # The test lock holds all of the other one.
    [ -e .venv/from-requirements-dev.txt ] && lock=requirements-dev.txt || lock=requirements.txt
    bring_packages $lock
fi
mkdir -p instance
chmod 700 instance
