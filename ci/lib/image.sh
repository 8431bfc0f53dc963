# shellcheck shell=bash
# Turns an unpacked server into a Docker image, with no registry: files into a tar, tar into Docker.

# usage: dress_root ROOT USER HOME  - adds what a root file system needs besides the server: a
# shell, two users, the merged folders, an entrypoint.
dress_root() {
  local root=$1 user=$2 home=$3 name
  rm -f "$root/with-libs" "$root/ld.so"
  mkdir -p "$root/usr/bin" "$root/etc" "$root/tmp"
  chmod 1777 "$root/tmp"
  for name in bin sbin lib lib64; do
    if [ ! -e "$root/$name" ] && [ -d "$root/usr/$name" ]; then ln -s "usr/$name" "$root/$name"; fi
  done
  [ -e "$root/usr/bin/busybox" ] || cp "$root/bin/busybox" "$root/usr/bin/busybox"
  for name in sh cat mkdir chown ls echo sleep ps kill id cp rm sed grep; do
    [ -e "$root/bin/$name" ] || ln -s /usr/bin/busybox "$root/bin/$name"
  done
  printf 'root:x:0:0::/root:/bin/sh\n%s:x:999:999::%s:/bin/sh\n' "$user" "$home" >"$root/etc/passwd"
  printf 'root:x:0:\n%s:x:999:\n' "$user" >"$root/etc/group"
  cp "$ci/lib/entrypoint/$family" "$root/usr/bin/entrypoint"
  chmod 755 "$root/usr/bin/entrypoint"
}

# usage: tar_root ROOT TAR  - the files belong to root.
tar_root() { tar -cf "$2" --numeric-owner --owner=0 --group=0 -C "$1" .; }

# usage: tar_empty PATH TAR  - an empty folder that belongs to the server.
tar_empty() {
  local empty
  empty=$(dirname "$2")/empty
  mkdir -p "$empty"
  tar_data "$empty" "$1" "$2"
}

# usage: tar_data FOLDER PATH TAR  - appends FOLDER as PATH, belonging to the server.
tar_data() {
  tar -rf "$3" --numeric-owner --owner=999 --group=999 --transform "s,^\.,$2," -C "$1" .
}

# usage: json_list WORD..  - ["a", "b"], as Docker's CMD wants it; no word here needs escaping.
json_list() {
  local words
  words=$(printf '"%s", ' "$@")
  printf '[%s]\n' "${words%, }"
}

image_is_current() {
  local label
  label=$(docker image inspect --format '{{index .Config.Labels "covet-test.recipe"}}' "$image" 2>/dev/null) || return 1
  # An image without the label is somebody's own, and theirs to keep.
  [ -z "$label" ] || [ "$label" = "$(recipe)" ]
}

# Builds the chosen engine's image unless it is there.
build_image() {
  local work setting older changes=()
  lock "image-$engine"
  image_is_current && return
  (prepare_engine)
  say "$engine: building the image $image"
  work=$(mktemp -d)
  # shellcheck disable=SC2064 # the folder is known now
  trap "rm -rf '$work'" EXIT
  # Links, so that what the image changes is not changed in the cache.
  cp -al "$(engine_dir)/root" "$work/root" 2>/dev/null || {
    rm -rf "$work/root"
    cp -a "$(engine_dir)/root" "$work/root"
  }
  write_image "$work/root" "$(engine_dir)/data" "$work/image.tar"
  for setting in "${image_settings[@]}" 'ENTRYPOINT ["/usr/bin/entrypoint"]' \
    "LABEL covet-test.recipe=$(recipe)"; do
    changes+=(--change "$setting")
  done
  older=$(docker image inspect --format '{{.Id}}' "$image" 2>/dev/null || :)
  docker import "${changes[@]}" "$work/image.tar" "$image" >/dev/null
  # Without its name the older image would only take up space; one in use stays.
  [ -z "$older" ] || docker image rm "$older" >/dev/null 2>&1 || :
}
