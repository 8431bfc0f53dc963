# shellcheck shell=bash
# What every script here shares: messages, the cache folder, locks, the recipe's fingerprint.

umask 022   # servers run as another user, who must be able to read what is unpacked here

ci=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
repository=$(dirname "$ci")

# Exit code for "the distribution cannot deliver this today", which only MySQL may answer with.
readonly CANNOT_DELIVER=75

# Messages go to stderr: stdout belongs to whoever reads a script's result.
say() { printf '%s\n' "$*" >&2; }

# Ends the script with a reason.
die() { say "$*"; exit 1; }

# Nothing in here is needed: whatever is missing is made again.
cache_dir() {
  local dir
  if [ -n "${XDG_CACHE_HOME:-}" ]; then dir=$XDG_CACHE_HOME/covet-ci
  elif [ -n "${HOME:-}" ]; then dir=$HOME/.cache/covet-ci
  else dir=$repository/target/ci-cache
  fi
  mkdir -p "$dir"
  printf '%s\n' "$dir"
}

# Two runs on one machine must not build the same thing at once: holds a lock until this shell ends.
lock() {
  local handle
  exec {handle}>"$(cache_dir)/$1.lock"
  flock "$handle"
}

is_root() { [ "$(id -u)" -eq 0 ]; }
