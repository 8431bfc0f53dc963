# shellcheck shell=bash
# Unpacks packages of any Debian suite into a folder, touching nothing of this system.
#
# apt runs with a private configuration: own lists, an empty dpkg status, the mirror of the machine's
# own apt. The libraries come along, libc and its loader too, so that `with-libs` can run a program
# of a newer suite on an older system, without chroot and without root.

# usage: unpack_debs SUITE FOLDER PACKAGE..
unpack_debs() {
  local suite=$1 folder=$2 work
  shift 2
  need apt-get apt
  need dpkg-deb dpkg
  need xz xz-utils
  need_file /usr/share/keyrings/debian-archive-keyring.gpg debian-archive-keyring
  work=$(mktemp -d)
  (
    trap 'rm -rf "$work"' EXIT
    private_apt "$suite" "$work"
    download_debs "$work" "$@" && unpack_all "$work" "$folder"
  ) && write_loader "$folder"
}

# The mirror is asked of the machine's apt, so that no script names a host.
debian_mirror() {
  local mirror
  # shellcheck disable=SC2016 # apt's own variables
  mirror=$(apt-get indextargets --format '$(ORIGIN) $(COMPONENT) $(REPO_URI)' 'Created-By: Packages' |
    awk '$1 == "Debian" && $2 == "main" && $3 !~ /security/ { print $3; exit }')
  [ -n "$mirror" ] && { printf '%s\n' "$mirror"; return; }
  # Before the first `apt-get update` apt knows no origin; its sources still name the archive.
  cat /etc/apt/sources.list /etc/apt/sources.list.d/*.{list,sources} 2>/dev/null |
    grep -oE '(https?|file)://[^ ]+/debian/?' | head -n 1
}

# usage: private_apt SUITE WORK  - from here on apt-get reads WORK only.
private_apt() {
  local suite=$1 work=$2 mirror
  mirror=$(debian_mirror)
  [ -n "$mirror" ] || die "apt of this machine knows no Debian mirror"
  mkdir -p "$work/lists/partial" "$work/archives/partial" "$work/debs"
  : >"$work/status"
  printf 'deb [signed-by=%s] %s %s main\n' \
    /usr/share/keyrings/debian-archive-keyring.gpg "$mirror" "$suite" >"$work/sources.list"
  cat >"$work/apt.conf" <<APT
Dir::Etc::sourcelist "$work/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
Dir::State::lists "$work/lists";
Dir::State::status "$work/status";
Dir::Cache "$work";
Dir::Cache::archives "$work/archives";
APT::Sandbox::User "root";
Acquire::Languages "none";
Acquire::Retries "3";
Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "false";
APT
  export APT_CONFIG=$work/apt.conf
}

# Only the libraries are resolved: what else a package wants (perl, debconf, init scripts) is not
# needed to run a server, and is what makes it uninstallable while unstable changes.
download_debs() {
  local work=$1 libraries
  shift
  # What the machine's own apt hooks say is only worth reading after a failure.
  apt-get -qq update >"$work/update.log" 2>&1 || {
    cat "$work/update.log" >&2
    return 1
  }
  mapfile -t libraries < <(libraries_of "$@")
  apt-get -qq -y --no-install-recommends --download-only install "${libraries[@]}" >/dev/null || return
  mv "$work"/archives/{lib,zlib}*.deb "$work/debs/" || return
  (cd "$work/debs" && apt-get -qq download "$@" >/dev/null)
}

libraries_of() {
  apt-cache show --no-all-versions "$@" | sed -nE 's/^(Pre-)?Depends: //p' | tr ',' '\n' |
    sed -E 's/[|(:].*//; s/ //g' | grep -E '^z?lib' | grep -v -e '-perl$' -e '^libllvm' | sort -u
}

unpack_all() {
  local work=$1 folder=$2 deb
  mkdir -p "$folder"
  for deb in "$work"/debs/*.deb; do
    dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$folder" --keep-directory-symlink --no-same-owner \
      --exclude=./usr/share/doc --exclude=./usr/share/man --exclude=./usr/share/locale || return
  done
}

# `FOLDER/with-libs PROGRAM ARGS..` runs a program with the folder's own loader and libraries.
write_loader() {
  local folder=$1 loader triplet
  loader=$(find "$folder" -type f \( -name 'ld-linux-*.so.*' -o -name 'ld-2.*.so' \) | head -n 1)
  [ -n "$loader" ] || die "no loader among the packages in $folder"
  triplet=$(basename "$(dirname "$loader")")
  ln -sfr "$loader" "$folder/ld.so"
  cat >"$folder/with-libs" <<SH
#!/bin/sh
root=\$(dirname "\$(readlink -f "\$0")")
exec "\$root/ld.so" --library-path "\$root/usr/lib/$triplet:\$root/lib/$triplet" "\$@"
SH
  chmod +x "$folder/with-libs"
}
