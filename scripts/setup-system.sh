#!/bin/sh
# Sees to it that the programs which the tests drive are there: installs the missing ones from Debian's packages when
# it may (apt-get there, and root or sudo without a password), otherwise names them.
# Exit status: 0 when all is there, or, outside CI, when something is missing (the tests that need it will fail);
# 1 in CI when something is missing.
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

look() {
    missing=
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
    missing=${missing# }
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi
}

may_install() {
    command -v apt-get >/dev/null 2>&1 || return 1
    [ "$(id -u)" -eq 0 ] || sudo -n true 2>/dev/null
}

install_packages() {
    # Another apt may be at work, as on a machine that has just started.
    set -- -qq -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 "$@"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get "$@" >/dev/null
}

look
if [ -n "$missing" ] && may_install; then
    echo "Installing $missing"
    # A source that cannot be reached now may not be the one that is needed.
    install_packages update || echo 'apt-get update failed; trying with what is known.' >&2
    # shellcheck disable=SC2086 # $missing is a list of package names
    install_packages install -y --no-install-recommends $missing
    look
fi
if [ -z "$missing" ]; then
    echo 'Everything that the tests drive is installed.'
    exit 0
fi
cat >&2 <<END
Missing on this machine, as Debian names the packages: $missing
Tests that drive them will fail. Install them: sudo apt-get install $missing
END
case ${CI:-} in
'' | 0 | false) exit 0 ;;
*) exit 1 ;;
esac
