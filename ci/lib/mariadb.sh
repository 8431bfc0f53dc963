# shellcheck shell=bash
# MariaDB: how it is unpacked, initialised, started, and made an image.

# Durability is off: a test's data is thrown away. The character set is the one Debian's own
# configuration and the official images choose.
mariadb_options=(
  --skip-log-bin --skip-name-resolve --character-set-server=utf8mb4
  --innodb-flush-log-at-trx-commit=0 --innodb-doublewrite=0 --max-connections=200
)

unpack_server() {
  local package=mariadb-server-core
  [ "$version" = 10.5 ] && package=mariadb-server-core-10.5
  unpack_from_suites "$1" "$package" busybox-static
}

# Where this version keeps its bootstrap SQL and its messages.
mariadb_share() {
  local share=$1/usr/share/mariadb
  [ -f "$share/fill_help_tables.sql" ] || share=$1/usr/share/mysql
  printf '%s' "$share"
}

# The program and where its files are, which it would else look for below /usr.
mariadbd() {
  local share
  share=$(mariadb_share "$1")
  printf '%s\n' "$1/with-libs" "$1/usr/sbin/mariadbd" --no-defaults "--basedir=$1/usr" \
    "--lc-messages-dir=$share" "--character-sets-dir=$share/charsets" \
    "--plugin-dir=$1/usr/lib/mysql/plugin"
}

# mariadb-install-db does no more than pipe these files into `mariadbd --bootstrap`, but it cannot be
# made to start the server through another loader.
bootstrap_sql() {
  local share name
  share=$(mariadb_share "$1")
  printf 'CREATE DATABASE IF NOT EXISTS mysql;\nUSE mysql;\n'
  printf 'SET @auth_root_socket=NULL, @skip_auth_anonymous=1;\n'
  for name in system_tables performance_tables system_tables_data; do
    cat "$share/mariadb_$name.sql" 2>/dev/null || cat "$share/mysql_$name.sql"
  done
  cat "$share/fill_help_tables.sql" "$share/maria_add_gis_sp_bootstrap.sql"
  cat "$share/mariadb_sys_schema.sql" 2>/dev/null || cat "$share/mysql_sys_schema.sql" 2>/dev/null || :
}

init_data() {
  local root=$1 run=$2 command
  mapfile -t command < <(mariadbd "$root")
  own "$run/data"
  bootstrap_sql "$root" >"$run/bootstrap.sql"
  (as_server KILL "${command[@]}" --datadir="$run/data" --tmpdir="$run" --bootstrap --skip-log-bin \
    --skip-grant-tables --max-allowed-packet=8M --net-buffer-length=16K <"$run/bootstrap.sql")
}

# usage: start_server FOLDER PORT
start_server() {
  local folder=$1 port=$2 command
  mapfile -t command < <(mariadbd "$folder/root")
  cat >"$folder/init.sql" <<'SQL'
DELETE FROM mysql.global_priv WHERE User = 'root' AND Host NOT IN ('localhost', '%');
FLUSH PRIVILEGES;
CREATE OR REPLACE USER 'root'@'localhost' IDENTIFIED BY 'covet';
GRANT ALL ON *.* TO 'root'@'localhost' WITH GRANT OPTION;
CREATE OR REPLACE USER 'root'@'%' IDENTIFIED BY 'covet';
GRANT ALL ON *.* TO 'root'@'%' WITH GRANT OPTION;
CREATE DATABASE IF NOT EXISTS `covet`;
SQL
  as_server KILL "${command[@]}" --datadir="$folder/data" --tmpdir="$folder" \
    --port="$port" --bind-address=127.0.0.1 --socket="$folder/socket" --pid-file="$folder/pid" \
    --init-file="$folder/init.sql" "${mariadb_options[@]}"
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
    "CMD $(json_list mariadbd "${mariadb_options[@]}")"
  )
}
