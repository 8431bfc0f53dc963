# shellcheck shell=bash
# An engine in the cache is a folder with `root/` (the unpacked server) and `data/` (an initialised
# data directory). Servers and images are both made of it.

# Root may not be the user of a database server, and any other user will do.
readonly SERVER_USER=nobody

# A changed recipe must not find in the cache what an older one left there.
recipe() {
  (cd "$ci/lib" && cat debs.sh catalog.sh roots.sh image.sh "$family.sh" "entrypoint/$family") |
    sha256sum | cut -c1-12
}

# The cache's folder for the chosen engine.
engine_dir() { printf '%s/%s-%s\n' "$(cache_dir)" "$engine" "$(recipe)"; }

# Makes the chosen engine's folder unless it is there.
prepare_engine() {
  local dir work
  dir=$(engine_dir)
  lock "$engine"
  [ -d "$dir" ] && return
  need setpriv util-linux
  need_file /usr/share/zoneinfo/UTC tzdata
  say "$engine: unpacking ${version} from Debian ${suites// / or }"
  work=$(mktemp -d)
  # shellcheck disable=SC2064 # the folder is known now
  trap "rm -rf '$work'" EXIT
  chmod 755 "$work"
  unpack_server "$work/root"
  own "$work/run"
  init_data "$work/root" "$work/run" >"$work/log" 2>&1 || {
    cat "$work/log" >&2
    die "$engine: no data directory could be made"
  }
  mkdir -p "$work/done"
  mv "$work/root" "$work/done/root"
  mv "$work/run/data" "$work/done/data"
  # In two steps, since the cache may lie on another disk: the rename is what makes it complete.
  rm -rf "$dir.new"
  mv "$work/done" "$dir.new"
  mv "$dir.new" "$dir"
}

# usage: stage FOLDER  - puts root/ and data/ below FOLDER, ready to run.
# As root the server's user cannot look into root's home, so the files are linked next to the data.
stage() {
  local folder=$1 from
  from=$(engine_dir)
  own "$folder"
  cp -a --reflink=auto "$from/data" "$folder/data"
  if is_root; then
    cp -al "$from/root" "$folder/root" 2>/dev/null || {
      rm -rf "$folder/root"
      cp -a "$from/root" "$folder/root"
    }
  else
    ln -s "$from/root" "$folder/root"
  fi
}

# Makes a folder that belongs to the server's user.
own() {
  mkdir -p "$1"
  if is_root; then chown "$SERVER_USER:" "$1"; fi
}

# usage: as_server SIGNAL COMMAND..  - replaces this shell by COMMAND, as the server's user; the
# kernel sends it SIGNAL when the parent dies, so that no server outlives a killed run.
as_server() {
  local signal=$1
  shift
  if is_root; then
    exec setpriv --reuid="$SERVER_USER" --regid="$(id -g "$SERVER_USER")" --clear-groups \
      --pdeathsig "$signal" -- "$@"
  fi
  exec setpriv --pdeathsig "$signal" -- "$@"
}
