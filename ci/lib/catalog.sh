# shellcheck shell=bash
# The engines: which family, which Debian suite delivers it, which image it becomes.
# Read by: ci/servers, ci/images. The same names stand in ci/engines/src/engine.rs.

readonly EVERY_PUSH="pg15 pg18 mysql97 mariadb1011 mariadb118"

# usage: choose_engine NAME  - sets engine, family, suites (tried in order), version, image, and
# loads the family's functions: `unpack_server`, `init_data`, `start_server`, `write_image`.
choose_engine() {
  engine=$1
  case $engine in
    pg15)        family=postgres suites=bookworm      version=15 ;;
    pg17)        family=postgres suites=trixie        version=17 ;;
    pg18)        family=postgres suites="forky sid"   version=18 ;;
    mysql97)     family=mysql    suites=sid           version=9.7 ;;
    mariadb105)  family=mariadb  suites=bullseye      version=10.5 ;;
    mariadb1011) family=mariadb  suites=bookworm      version=10.11 ;;
    mariadb118)  family=mariadb  suites="trixie sid"  version=11.8 ;;
    *) die "no engine is called $engine (there are $EVERY_PUSH, and pg17 mariadb105 for the matrix)" ;;
  esac
  image=covet-test/$family:$version
  # shellcheck source=/dev/null
  . "$ci/lib/$family.sh"
}

# usage: unpack_from_suites FOLDER PACKAGE..  - the first suite that delivers wins.
unpack_from_suites() {
  local folder=$1 suite
  shift
  for suite in $suites; do
    rm -rf "$folder"
    unpack_debs "$suite" "$folder" "$@" && return
    say "$engine: Debian $suite did not deliver $*"
  done
  say "$engine: not to be had from Debian ${suites// / or }: fetching $* failed"
  exit "$CANNOT_DELIVER"
}
