# shellcheck shell=bash
# Brings a restored data directory to life where nobody reaches it but through a socket. Sourced by `restore` and by
# `backup verify`.

# restore_files FOLDER REPOSITORY OPTION...: the files of a backup; the rest comes out of the archive when the database
# starts. Without a repository, whichever has them.
restore_files() {
  local from=${2:+--repo=$2}
  rm -f "$ROOM/recovery.log"
  pgbackrest_ restore --pg1-path="$1" ${from:+"$from"} --log-level-console=info \
    --recovery-option=restore_command="with-repository pgbackrest archive-get --pg1-path=$1 $from %f \"%p\"" \
    "${@:3}" </dev/null >&2
}

# start_recovered FOLDER SOCKETS ARCHIVE_MODE: starts the database there, and waits until it has done all that the archive
# tells. One that goes on afterwards must archive where its history parted from the former one.
start_recovered() {
  local rules=$ROOM/pg_hba.conf options
  echo 'local all all trust' >"$rules"
  options="-c hba_file=$rules -c unix_socket_directories=$2 -c unix_socket_permissions=0777 -c listen_addresses="
  # It answers nobody before it is done, and so needs no settings of the former database.
  options+=" -c hot_standby=off -c logging_collector=off"
  options+=" -c archive_mode=$3 -c archive_command='with-repository pgbackrest archive-push %p'"
  pg_ctl start -D "$1" -W -o "$options" </dev/null > >(tee "$ROOM/recovery.log" >&2) 2>&1
  # Not by asking it: everybody whom it refuses is a line of its log.
  until [[ "$(sed -n 8p "$1/postmaster.pid" 2>/dev/null)" = ready* ]]; do
    sleep 0.2
    # It ends itself when the archive does not have what it needs.
    pg_ctl status -D "$1" >/dev/null 2>&1 || return 1
  done
}

# stop_recovered FOLDER: and waits until what it wrote is archived
stop_recovered() { pg_ctl stop -D "$1" -m fast -w -t 300 </dev/null >&2; }

# recovered SOCKETS SQL [VARIABLE...]: asks it, as its superuser
recovered() { psql -XAtq -v ON_ERROR_STOP=1 -h "$1" -U postgres -d slotkeeper "${@:3}" <<<"$2"; }

# why_not_recovered: the reason that PostgreSQL gave, in words that help
why_not_recovered() {
  if [ ! -e "$ROOM/recovery.log" ]; then return; fi
  if grep -q 'recovery ended before configured recovery target was reached' "$ROOM/recovery.log"; then
    echo "Nothing that happened after that moment is in the archive, so one cannot stop there. Take an earlier one, or --latest."
  else
    grep -E 'FATAL|PANIC' "$ROOM/recovery.log" | tail -n 3 || true
  fi
}
