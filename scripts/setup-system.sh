#!/bin/sh
# Sees to it that the programs which the tests drive are there: installs the missing ones from Debian's packages when
# it may (apt-get there, and root or sudo without a password), otherwise names them.
# Some more shells are welcome, and installed in CI: the shims are tried in those of them that are there.
# Exit status: 0 when all that is needed is there, or, outside CI, when something is missing (the tests that need it
# will fail); 1 in CI when something is missing.
set -u

# Where the tests look, too: a version manager's python has no Debian packages.
node_directory=$(command -v node) && node_directory=${node_directory%/*}
PATH=${node_directory:-/usr/bin}:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin

# need <package> <command…>: the command succeeds where the package is installed.
need() {
    package=$1
    shift
    "$@" >/dev/null 2>&1 || missing="$missing $package"
}

# The same for a package without which no test fails.
welcome() {
    package=$1
    shift
    "$@" >/dev/null 2>&1 || absent="$absent $package"
}

look() {
    missing=
    absent=
    need bash bash --version
    need zsh zsh --version
    need dash dash -c :
    need git git --version
    need make make --version
    need procps ps --version
    need shellcheck shellcheck --version
    need python3 python3 --version
    need python3-pytest pytest --version
    need python3-pytest-xdist python3 -c 'import pytest, xdist'
    need bsdutils script --version
    need util-linux flock --version
    need stress-ng stress-ng --version
    welcome busybox busybox true
    welcome mksh mksh -c :
    welcome podman podman --version
    welcome runc runc --version
    missing=${missing# }
    absent=${absent# }
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi
}

may_install() {
    command -v apt-get >/dev/null 2>&1 || return 1
    [ "$(id -u)" -eq 0 ] || sudo -n true 2>/dev/null
}

in_ci() {
    case ${CI:-} in
    '' | 0 | false) return 1 ;;
    esac
}

apt() {
    # Another apt may be at work, as on a machine that has just started.
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 "$@" >/dev/null
}

look
wanted=$missing
if in_ci && [ -n "$absent" ]; then wanted=${missing:+$missing }$absent; fi
if [ -n "$wanted" ] && may_install; then
    echo "Installing $wanted"
    # A source that cannot be reached now may not be the one that is needed.
    apt update || echo 'apt-get update failed; trying with what is known.' >&2
    # shellcheck disable=SC2086 # a list of package names
    if ! apt install -y --no-install-recommends $wanted; then
        # One that this release does not have must not keep the others out.
        for package in $wanted; do
            apt install -y --no-install-recommends "$package"
        done
    fi
    look
fi
[ -z "$absent" ] || echo "Not tried, because they are not installed: $absent"
if [ -z "$missing" ]; then
    echo 'Everything that the tests drive is installed.'
    exit 0
fi
cat >&2 <<END
Missing on this machine, as Debian names the packages: $missing
Tests that drive them will fail. Install them: sudo apt-get install $missing
END
if in_ci; then exit 1; fi
