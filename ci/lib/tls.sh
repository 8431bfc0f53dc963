# shellcheck shell=bash
# A server that offers TLS, with the certificate of a run of `engines`. Apart from the families'
# files, since it is no part of what is cached.

# usage: offer_tls FOLDER CERTIFICATES  - copies what the server shows and adds to its options.
offer_tls() {
  local tls=$1/tls file
  own "$tls"
  for file in ca.pem server.pem server.key; do
    cp "$2/$file" "$tls/$file"
    chmod 600 "$tls/$file"
    if is_root; then chown "$SERVER_USER:" "$tls/$file"; fi
  done
  # shellcheck disable=SC2034 # read by start_server of the family
  case $family in
    postgres)
      postgres_options+=(
        -c ssl=on -c "ssl_cert_file=$tls/server.pem" -c "ssl_key_file=$tls/server.key" -c "ssl_ca_file=$tls/ca.pem"
      ) ;;
    mysql) mysql_options+=("--ssl-cert=$tls/server.pem" "--ssl-key=$tls/server.key" "--ssl-ca=$tls/ca.pem") ;;
    mariadb) mariadb_options+=("--ssl-cert=$tls/server.pem" "--ssl-key=$tls/server.key" "--ssl-ca=$tls/ca.pem") ;;
  esac
}
