#!/usr/bin/env bash
# Installs lms_box, or upgrades what it finds; --demo shows it, --test tests it. Asks nothing, may be run again at any time.
set -euo pipefail

USAGE='usage: ./install.sh [--prefix DIR]              install; the command is then DIR/bin/lms, else ~/.local/bin/lms
       ./install.sh [--prefix DIR] --demo       install, then serve a sample course with data of its own
       ./install.sh --test [--deep]             run every test; --deep: with the long numbers'
CHECKOUT=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
OWNER=owner@demo.local
INSTALL_MIB=1200
TEST_MIB=2500

say() { printf '%s\n' "$*"; }
warn() { printf '\n  NOTE: %s\n\n' "$*" >&2; }
fail() {
  printf 'lms_box: %s\n' "$*" >&2
  exit 1
}

read_arguments() {
  mode=install prefix='' deep=''
  while [ $# -gt 0 ]; do
    case $1 in
      --prefix)
        [ -n "${2:-}" ] || wrong_usage "--prefix needs a folder"
        prefix=$2
        shift
        ;;
      --prefix=?*) prefix=${1#--prefix=} ;;
      --demo) mode='demo' ;;
      --test) mode='test' ;;
      --deep) deep=--deep ;;
      -h | --help) say "$USAGE"; exit 0 ;;
      *) wrong_usage "$1 is no option" ;;
    esac
    shift
  done
  [ -z "$deep" ] || [ "$mode" = test ] || wrong_usage "--deep goes with --test"
}

wrong_usage() {
  printf 'lms_box: %s\n%s\n' "$1" "$USAGE" >&2
  exit 2
}

# Settings of a shell that would make Python, pip or lms look elsewhere.
forget_surroundings() {
  unset PYTHONPATH PYTHONHOME PIP_USER PIP_TARGET PIP_PREFIX PIP_REQUIRE_VIRTUALENV VIRTUAL_ENV
  local name
  for name in $(compgen -v LMS_ || true); do
    [ "$name" = LMS_SAMPLES ] || unset "$name"
  done
  export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1
}

choose_places() {
  local data
  if [ -n "$prefix" ]; then
    mkdir -p "$prefix" 2>/dev/null || fail "$prefix cannot be made. Choose another folder with --prefix."
    prefix=$(cd "$prefix" && pwd -P)
    program=$prefix/lib/lms-box bin=$prefix/bin demo=$prefix/lms-box-demo
    return
  fi
  [ -n "${HOME:-}" ] || fail "HOME is not set. Say where to install with --prefix DIR."
  data=${XDG_DATA_HOME:-$HOME/.local/share}
  [ "$(uname -s)" != Darwin ] || data="$HOME/Library/Application Support"
  # Beside the data directory (lms-box), not in it: who copies that for a backup wants no programs.
  program=$data/lms-box-program bin=$HOME/.local/bin demo=$data/lms-box-demo
}

find_python() {
  local name path newest='' lame=''
  for name in ${PYTHON:+"$PYTHON"} python3.14 python3.13 python3.12 python3.11 python3 python; do
    path=$(command -v "$name" 2>/dev/null) || continue
    "$path" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 || { newest=${newest:-$(version_of "$path")}; continue; }
    "$path" -c 'import venv, ensurepip' >/dev/null 2>&1 || { lame=${lame:-$(version_of "$path")}; continue; }
    python=$path
    return
  done
  if [ -n "$lame" ]; then
    fail "Python $lame is here without its venv module. Install it (Debian, Ubuntu: apt install python$lame-venv or python3-venv), then run this again."
  fi
  fail "Python 3.11 or newer is needed${newest:+, $newest is here}. Install it (Debian, Ubuntu: apt install python3 python3-venv; macOS: brew install python), then run this again."
}

version_of() { "$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null || true; }

check_room() { # folder, MiB
  local place=$1 free
  while [ ! -d "$place" ]; do place=$(dirname "$place"); done
  [ -w "$place" ] || fail "$place cannot be written. Choose another folder with --prefix DIR."
  free=$(($(df -Pk "$place" | awk 'NR == 2 { print $4 }') / 1024))
  [ "$free" -ge "$2" ] || fail "$place has $free MiB free and $2 are needed. Make room, or choose another folder with --prefix DIR."
}

check_checkout() {
  [ -f "$CHECKOUT/pyproject.toml" ] || fail "this script belongs into a checkout of lms_box; run it from there."
  [ -w "$CHECKOUT/lms_box" ] || fail "$CHECKOUT cannot be written, and the pages are built there. Run this as the user that it belongs to."
}

make_venv() { # folder
  if [ -x "$1/bin/python" ] && "$1/bin/python" -c 'import sys, pip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
    return
  fi
  rm -rf "$1"
  mkdir -p "$(dirname "$1")"
  "$python" -m venv "$1" >/dev/null 2>&1 ||
    fail "$python cannot make a virtual environment in $1. Install its venv module (Debian, Ubuntu: apt install python3-venv)."
}

pip_install() { # log, python, what...
  local log=$1 interpreter=$2
  shift 2
  "$interpreter" -m pip install --upgrade "$@" </dev/null >"$log" 2>&1 || fail "$(why_pip_failed "$log") The whole story: $log"
}

why_pip_failed() { # log
  if grep -qE 'NameResolution|name resolution|Network is unreachable|Connection refused|ConnectTimeout|NewConnectionError' "$1"; then
    say "the Python package index cannot be reached. Connect to the network and run this again."
  elif grep -q 'lms_box: ' "$1"; then
    grep -o 'lms_box: .*' "$1" | tail -n 1 | cut -c 10-
  elif grep -q 'No space left' "$1"; then
    say "the disk is full. Make room and run this again."
  else
    grep -E '^ *([A-Za-z.]*Error|ERROR):' "$1" | tail -n 1 | sed 's/^ *//' | cut -c 1-300
  fi
}

install_program() {
  find_python
  check_checkout
  check_room "$program" "$INSTALL_MIB"
  make_venv "$program/venv"
  say "Installing lms_box with Python $(version_of "$program/venv/bin/python") (one to three minutes)."
  pip_install "$program/install.log" "$program/venv/bin/python" "$CHECKOUT"
  link_command
}

link_command() {
  mkdir -p "$bin"
  if [ -e "$bin/lms" ] && [ ! -L "$bin/lms" ]; then
    fail "$bin/lms is there and is not ours. Move it away, or install elsewhere with --prefix DIR."
  fi
  ln -sfn "$program/venv/bin/lms" "$bin/lms"
  "$bin/lms" --version </dev/null >/dev/null || fail "the installed command does not start. Look into $program/install.log."
}

tell_installed() {
  say "$("$bin/lms" --version </dev/null) is installed as $bin/lms."
  case ":$PATH:" in
    *":$bin:"*) command=lms ;;
    *)
      command=$bin/lms
      [ -n "$prefix" ] || warn "$bin is not on your PATH. Add it: export PATH=\"$bin:\$PATH\""
      ;;
  esac
  say "
Next:
  $command user add YOUR@EMAIL --role admin
  $command course import FOLDER --publish
  $command serve"
}

serve_demo() {
  local port link
  port=$(free_port) || fail "no port from 8080 to 8179 is free on 127.0.0.1."
  export LMS_DATA_DIR=$demo LMS_CONFIG=$demo/lms.toml LMS_SERVER__PORT=$port PYTHONUNBUFFERED=1
  (umask 077 && mkdir -p "$demo")
  [ -e "$demo/lms.toml" ] || printf '[site]\nname = "lms_box demo"\n' >"$demo/lms.toml"
  say "Making the sample course (half a minute the first time)."
  "$program/venv/bin/python" -B "$CHECKOUT/docs/welcome/make.py" "$demo/course" </dev/null >"$demo/make.log" 2>&1 ||
    fail "the sample course cannot be made: $(tail -n 1 "$demo/make.log")"
  "$bin/lms" course import "$demo/course/Welcome to lms_box" --title "Welcome to lms_box" --publish --wait </dev/null >/dev/null
  "$bin/lms" user show "$OWNER" </dev/null >/dev/null 2>&1 ||
    "$bin/lms" user add "$OWNER" --name Owner --role admin </dev/null >/dev/null
  link=$("$bin/lms" user sign-in-link "$OWNER" </dev/null | grep -o 'http[^ ]*')
  tell_when_up "$port" "$link" &
  exec "$bin/lms" serve --host 127.0.0.1 --port "$port" </dev/null
}

free_port() {
  "$program/venv/bin/python" - <<'PYTHON'
import socket, sys
for port in range(8080, 8180):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            continue
        print(port)
        sys.exit(0)
sys.exit(1)
PYTHON
}

tell_when_up() { # port, link
  "$program/venv/bin/python" - "$1" "$$" 2>/dev/null <<'PYTHON' || return 0
import http.client, os, sys, time
for _ in range(600):
    os.kill(int(sys.argv[2]), 0)  # fails when the server has ended
    try:
        door = http.client.HTTPConnection("127.0.0.1", int(sys.argv[1]), timeout=5)
        door.request("GET", "/health")
        sys.exit(door.getresponse().status != 200)
    except (OSError, http.client.HTTPException):
        time.sleep(0.1)
sys.exit(1)
PYTHON
  say "
The sample course is open. This link signs you in as its owner, once, within a day:

  $2

Its data are in $demo.
Ctrl-C stops it; ./install.sh --demo brings it back, with a new link."
}

run_tests() {
  local venv=$CHECKOUT/.venv status=0
  [ -z "$prefix" ] || wrong_usage "--prefix does not go with --test"
  find_python
  check_checkout
  check_room "$CHECKOUT" "$TEST_MIB"
  get_system_tools
  make_venv "$venv"
  say "Setting up the tests with Python $(version_of "$venv/bin/python") in .venv (a few minutes the first time)."
  pip_install "$venv/install.log" "$venv/bin/python" --editable "${CHECKOUT}[test]"
  cd "$CHECKOUT"
  say "Checking the pages."
  check_pages "$venv" || status=1
  "$venv/bin/python" web/build_site.py players </dev/null >"$venv/pages.log" 2>&1 ||
    warn "The players of other makers cannot be had: the tests that play films with them will be SKIPPED."
  say "Running the tests."
  PATH=$venv/bin:$PATH "$venv/bin/python" -m pytest --numprocesses 2 --dist loadfile ${deep:+"$deep"} </dev/null || status=$?
  exit "$status"
}

check_pages() { # venv
  "$1/bin/python" web/build_site.py check lint test </dev/null >"$1/pages.log" 2>&1 && return
  cat "$1/pages.log" >&2
  warn "The checks of web/ failed; what they said stands above."
  return 1
}

# A browser and ffmpeg come from the system; what cannot be had is named here and skipped by the tests that want it.
get_system_tools() {
  local missing=''
  has_browser || missing='chromium'
  command -v ffmpeg >/dev/null || missing="${missing:+$missing }ffmpeg"
  [ -n "$missing" ] || return 0
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    say "Fetching $missing from the system's packages."
    apt_get update || true
    for tool in $missing; do
      apt_get install --no-install-recommends "$tool" || true
    done
  fi
  has_browser || warn "There is no Chromium: the tests in a browser will be SKIPPED. Install it (Debian: apt install chromium)."
  command -v ffmpeg >/dev/null || warn "There is no ffmpeg: the tests that need its clips will be SKIPPED. Install it (apt install ffmpeg, brew install ffmpeg)."
}

apt_get() { DEBIAN_FRONTEND=noninteractive apt-get -qq -y "$@" </dev/null >/dev/null 2>&1; }

has_browser() {
  local name
  for name in chromium chromium-browser google-chrome; do
    command -v "$name" >/dev/null && return
  done
  [ -x "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" ]
}

main() {
  read_arguments "$@"
  forget_surroundings
  [ "$mode" != test ] || run_tests
  choose_places
  install_program
  if [ "$mode" = demo ]; then
    serve_demo
  fi
  tell_installed
}

main "$@"
