# shellcheck shell=bash
# Brings the tools the scripts call. As root they are installed with apt, otherwise the reader is told.

# usage: need PROGRAM PACKAGE..  - installs PACKAGEs when PROGRAM is not on the path.
need() {
  local program=$1
  shift
  command -v "$program" >/dev/null || install_packages "$program" "$@"
}

# usage: need_file FILE PACKAGE..  - the same for something that is not a program.
need_file() {
  local file=$1
  shift
  [ -e "$file" ] || install_packages "$file" "$@"
}

install_packages() {
  local wanted=$1
  shift
  command -v apt-get >/dev/null || die "$wanted is missing: install it (Debian calls it $*)"
  is_root || die "$wanted is missing: run \`apt-get install $*\` as root"
  say "installing $* for $wanted"
  (
    lock apt
    export DEBIAN_FRONTEND=noninteractive
    apt-get -qq install -y --no-install-recommends "$@" >&2 </dev/null || {
      apt-get -qq update >&2
      apt-get -qq install -y --no-install-recommends "$@" >&2 </dev/null
    }
  ) || die "$wanted is missing, and apt could not install $*"
}
