# shellcheck shell=bash
# MySQL: how it is unpacked, initialised, started, and made an image.

# Durability is off: a test's data is thrown away.
mysql_options=(
  --mysqlx=OFF --skip-log-bin --skip-name-resolve --performance-schema=OFF --secure-file-priv=
  --innodb-flush-log-at-trx-commit=0 --innodb-doublewrite=OFF --max-connections=200
)

unpack_server() { unpack_from_suites "$1" mysql-server-core busybox-static; }

# The program and where its files are, which it would else look for below /usr.
mysqld() {
  printf '%s\n' "$1/with-libs" "$1/usr/sbin/mysqld" --no-defaults "--basedir=$1/usr" \
    "--lc-messages-dir=$1/usr/share/mysql" "--plugin-dir=$1/usr/lib/mysql/plugin"
}

init_data() {
  local root=$1 run=$2 command
  mapfile -t command < <(mysqld "$root")
  (as_server KILL "${command[@]}" --datadir="$run/data" --initialize-insecure) &&
    rm -f "$run/data/auto.cnf"   # a server's identity, which copies must not share
}

# usage: start_server FOLDER PORT
start_server() {
  local folder=$1 port=$2 command
  mapfile -t command < <(mysqld "$folder/root")
  cat >"$folder/init.sql" <<'SQL'
ALTER USER 'root'@'localhost' IDENTIFIED BY 'covet';
CREATE USER IF NOT EXISTS 'root'@'%' IDENTIFIED BY 'covet';
GRANT ALL ON *.* TO 'root'@'%' WITH GRANT OPTION;
CREATE DATABASE IF NOT EXISTS `covet`;
SQL
  as_server KILL "${command[@]}" --datadir="$folder/data" --tmpdir="$folder" \
    --port="$port" --bind-address=127.0.0.1 --socket="$folder/socket" --pid-file="$folder/pid" \
    --init-file="$folder/init.sql" "${mysql_options[@]}"
}

# usage: write_image ROOT DATA TAR
write_image() {
  local root=$1 data=$2 tar=$3
  dress_root "$root" mysql /var/lib/mysql
  tar_root "$root" "$tar"
  tar_data "$data" var/lib/mysql "$tar"
  tar_empty run/mysql "$tar"
  image_settings=(
    "ENV PATH=/usr/bin:/usr/sbin:/bin"
    "USER 999:999"
    "EXPOSE 3306"
    "CMD $(json_list mysqld "${mysql_options[@]}")"
  )
}
