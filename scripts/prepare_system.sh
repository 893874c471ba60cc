#!/bin/sh
# Makes sure that the few packages Python itself does not bring are there: installed when root on Debian,
# otherwise named in one line. Usage: prepare_system.sh run|test
set -eu
wanted=""
python3 -c 'import ensurepip, venv' 2>/dev/null || wanted="python3-venv"
if [ "${1:-run}" = test ]; then
    # The keyring is tested against a real Secret Service.
    command -v dbus-run-session >/dev/null || wanted="$wanted dbus-daemon"
    command -v gnome-keyring-daemon >/dev/null || wanted="$wanted gnome-keyring"
fi
[ -n "$wanted" ] || exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing packages of the system: $wanted"
    apt-get update -qq
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $wanted >/dev/null
    exit 0
fi
python3 -c 'import ensurepip, venv' 2>/dev/null && exit 0 # what is left is only for tests that say so when skipped
echo "Please install these packages of your system first, then try again: $wanted" >&2
exit 1
