#!/bin/sh
# Makes, once, what nobody should have to think of: passwords, the key of the application, and certificates. What is there
# stays: put your own certificate in its place, or a key from another machine, and start again.
set -eu

random() { openssl rand -hex 24; }
# keep FILE CONTENT: writes the file unless it is there
keep() { [ -e "$1" ] || printf '%s\n' "$2" >"$1"; }

umask 077
for name in owner app readonly replication; do keep "/made/database/$name" "$(random)"; done
keep /made/redis/password "$(random)"
keep /made/app/secret_key "$(openssl rand -base64 48)"
# The key before, while keys are exchanged; empty as long as there is none.
[ -e /made/app/secret_key_previous ] || : >/made/app/secret_key_previous
# Without it, no backup can be read: keep a copy where the backups are not.
keep /made/backup/passphrase "$(random)"

# An authority of this installation's own vouches for the database and for Redis.
ca=/made/database/ca
if [ ! -e $ca.crt ]; then
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 -subj "/CN=Slotkeeper's own authority" \
    -keyout $ca.key -out $ca.crt 2>/dev/null
fi
# certify FOLDER NAME: a certificate of that authority, for the service's name in the network
certify() {
  [ ! -e "$1/server.crt" ] || return 0
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj "/CN=$2" -keyout "$1/server.key" -out "$1/server.csr" 2>/dev/null
  printf 'subjectAltName=DNS:%s\n' "$2" >"$1/server.ext"
  openssl x509 -req -in "$1/server.csr" -CA $ca.crt -CAkey $ca.key -CAcreateserial -days 3650 -extfile "$1/server.ext" -out "$1/server.crt" 2>/dev/null
  rm "$1/server.csr" "$1/server.ext"
}
certify /made/database db
certify /made/redis redis
certify /made/replica replica

# People see this one, until there is a better one: browsers warn of it.
if [ ! -e /made/edge/tls.crt ]; then
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 397 -subj "/CN=$DOMAIN" \
    -addext "subjectAltName=DNS:$DOMAIN" -keyout /made/edge/tls.key -out /made/edge/tls.crt 2>/dev/null
fi

cp $ca.crt /made/app/ca.crt
# address USER SECRET HOST
address() { printf 'postgres://%s:%s@%s:5432/slotkeeper?sslmode=verify-full&sslrootcert=/made/app/ca.crt\n' "$1" "$(cat "/made/database/$2")" "$3"; }
address slotkeeper app db >/made/app/database_url
address slotkeeper app replica >/made/app/database_replica_url
address slotkeeper_owner owner db >/made/migrate/database_owner_url
# A secret of the environment it was given in is shown to whoever inspects a container: a file is not.
cp /run/secrets/mail_password /made/app/mail_password
printf 'rediss://:%s@redis:6379\n' "$(cat /made/redis/password)" >/made/app/redis_url
cat >/made/redis/redis.conf <<REDIS
requirepass $(cat /made/redis/password)
port 0
tls-port 6379
tls-cert-file /made/redis/server.crt
tls-key-file /made/redis/server.key
tls-ca-cert-file /made/redis/ca.crt
tls-auth-clients no
appendonly yes
maxmemory 256mb
maxmemory-policy volatile-lru
dir /data
REDIS
cp $ca.crt /made/redis/ca.crt
# The replica learns the password of its own user alone.
printf 'db:5432:*:slotkeeper_replication:%s\n' "$(cat /made/database/replication)" >/made/replica/passfile
cp $ca.crt /made/replica/ca.crt
# Each service reads what is its own, as the user that it runs as.
chmod 755 /made/app /made/migrate /made/database /made/redis /made/replica /made/edge /made/backup
chown -R 1000:1000 /made/app /made/migrate
chown -R "$DATABASE_UID:$DATABASE_UID" /made/database /made/replica /made/backup
chown -R "$REDIS_UID:$REDIS_UID" /made/redis
chmod 700 /made/migrate /made/database /made/redis /made/replica /made/backup
chmod 700 /made/edge
