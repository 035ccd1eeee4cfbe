# shellcheck shell=bash
# What the commands `backup` and `restore` share. Sourced, not run.

ROOM=${BACKUP_ROOM:-/tmp}
SOCKET=/var/run/postgresql

# say TEXT: for whoever watches; what a program reads goes to stdout
say() { printf '%s  %s\n' "$(date -u +%FT%TZ)" "$*" >&2; }
# refuse TEXT: ends with 1, having said why
refuse() { printf '%s\n' "$*" >&2; exit 1; }
# misused TEXT: ends with 2
misused() { printf '%s\nTry --help.\n' "$*" >&2; exit 2; }

# repositories: their numbers, the local one first
repositories() {
  echo 1
  [ -z "${BACKUP_S3_BUCKET:-}" ] || echo 2
}

# pgbackrest_ ARGUMENT...: pgBackRest, knowing the repositories
pgbackrest_() { with-repository pgbackrest "$@"; }

# prepare_repositories: lets them know the database, unless they do. One that cannot be reached says so again when it is used.
prepare_repositories() { pgbackrest_ stanza-create </dev/null >&2 || say "Not every repository could be prepared."; }

# catalogue: what pgBackRest knows of all repositories, as JSON of this installation alone; what it cannot read is empty.
# Where the passphrase is wrong, it quotes what it took for text, control characters and all.
catalogue() {
  pgbackrest_ info --output=json | tr -d '\000-\037' |
    jq '{backup: [], archive: [], repo: [], status: {code: 1, message: "empty"}}
      + (.[0] // {} | with_entries(select(.value != null)))'
}

# live SQL: asks the running database, as a user who sees everything and changes nothing but the list of runs
live() { psql -XAtq -v ON_ERROR_STOP=1 -h "$SOCKET" -U slotkeeper_backup -d slotkeeper "${@:2}" <<<"$1"; }

# is_running: whether a database uses the data directory, be it starting, working or stopping
is_running() { pg_isready -q -h "$SOCKET" || [ $? -eq 1 ]; }

# table: lines of fields parted by tabs, below each other
table() {
  awk -F '\t' '{ for (i = 1; i <= NF; i++) { cell[NR, i] = $i; if (length($i) > width[i]) width[i] = length($i) } fields[NR] = NF }
    END { for (n = 1; n <= NR; n++) { for (i = 1; i < fields[n]; i++) printf "%-*s  ", width[i], cell[n, i]; print cell[n, i] } }'
}

# remember KIND STARTED OK DETAIL: keeps how a run went in the database, where `doctor` and the metrics find it
remember() {
  live "insert into backup_run (kind, started_at, ok, detail)
    values (:'kind', to_timestamp(:'started'), :'ok', :'detail')" \
    -v kind="$1" -v started="$2" -v ok="$3" -v detail="$4" ||
    say "How this went could not be written into the database: is it running, and migrated?"
}

# alone COMMAND...: waits until no other backup, check or restore test is under way, and keeps others waiting
alone() {
  exec 9>"$ROOM/backup.lock"
  if ! flock --nonblock 9; then
    say "Another run is under way: waiting for it."
    flock --timeout "${BACKUP_WAIT_SECONDS:-7200}" 9 || refuse "The other run did not end."
  fi
  "$@"
}
