# shellcheck shell=bash
# PostgreSQL: how it is unpacked, initialised, started, and made an image.

# Durability is off: a test's data is thrown away. ICU and UTF-8 are on, as in the official images.
postgres_options=(
  -c fsync=off -c synchronous_commit=off -c full_page_writes=off
  -c shared_buffers=64MB -c max_connections=200
)

postgres_bin() { printf '%s/usr/lib/postgresql/%s/bin' "$1" "$version"; }

unpack_server() {
  local bin
  unpack_from_suites "$1" "postgresql-$version" tzdata libc-bin busybox-static
  bin=$(postgres_bin "$1")
  rm -rf "$bin/../lib/bitcode" "$bin"/../lib/llvmjit*   # just-in-time compilation wants all of LLVM
  # initdb starts `postgres` by its path, so the program of that name has to find its libraries alone.
  mv "$bin/postgres" "$bin/postgres.real"
  cat >"$bin/postgres" <<'SH'
#!/bin/sh
bin=$(dirname "$(readlink -f "$0")")
exec "$bin/../../../../../with-libs" --argv0 "$bin/postgres" "$bin/postgres.real" "$@"
SH
  chmod +x "$bin/postgres"
}

# The locale C.UTF-8 is read from the unpacked libc, whose format this system's libc may not share.
postgres_environment() { printf '%s\n' LC_ALL=C.UTF-8 TZ=UTC "LOCPATH=$1/usr/lib/locale"; }

init_data() {
  local root=$1 run=$2 bin environment
  bin=$(postgres_bin "$root")
  mapfile -t environment < <(postgres_environment "$root")
  printf 'covet\n' >"$run/password"
  chmod 644 "$run/password"
  (as_server KILL env "${environment[@]}" "$root/with-libs" "$bin/initdb" -D "$run/data" \
    -U postgres --pwfile="$run/password" -A scram-sha-256 -E UTF8 --locale=C.UTF-8 --no-sync) &&
    (as_server KILL env "${environment[@]}" "$bin/postgres" --single -j -D "$run/data" postgres \
      <<<'CREATE DATABASE covet')
}

# usage: start_server FOLDER PORT
start_server() {
  local folder=$1 port=$2 environment
  mapfile -t environment < <(postgres_environment "$folder/root")
  as_server QUIT env "${environment[@]}" "$(postgres_bin "$folder/root")/postgres" -D "$folder/data" \
    -k "$folder" -p "$port" -c listen_addresses=127.0.0.1 "${postgres_options[@]}"
}

# usage: write_image ROOT DATA TAR  - the data is not used: the image initialises its own at start.
write_image() {
  local root=$1 tar=$3 bin
  bin=$(postgres_bin "$root")
  mv "$bin/postgres.real" "$bin/postgres"
  [ -e "$root/var/run" ] || ln -s ../run "$root/var/run"   # where the socket is looked for
  ln -sf ../usr/share/zoneinfo/UTC "$root/etc/localtime"
  dress_root "$root" postgres /var/lib/postgresql
  tar_root "$root" "$tar"
  tar_empty var/lib/postgresql "$tar"
  tar_empty run/postgresql "$tar"
  image_settings=(
    "ENV PATH=/usr/lib/postgresql/$version/bin:/usr/bin:/bin"
    "ENV PGDATA=/var/lib/postgresql/data"
    "USER 999:999"
    "EXPOSE 5432"
    "CMD $(json_list postgres "${postgres_options[@]}")"
  )
}
