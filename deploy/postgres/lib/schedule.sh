# shellcheck shell=bash
# `backup schedule`: what the service runs. It asks the repositories what there is, and remembers nothing itself: started
# anew, on another machine or after a year, it does what is due.

PAUSE_SECONDS=60
# After a failure: how long until the next try.
RETRY_SECONDS=${BACKUP_RETRY_SECONDS:-900}
DAY=86400

backup_schedule() {
  local at=${BACKUP_AT:-02:30} job=
  date -ud "1970-01-01 $at" +%s >/dev/null 2>&1 || misused "BACKUP_AT is a time of the day in UTC, such as 02:30, not $at."
  # Jobs in groups of their own, so that all that belongs to one can be told to end. pgBackRest then leaves the
  # repository as it should be, and goes on from there the next time.
  set -m
  trap 'say "Told to stop."; kill -TERM -- "-$job" && wait "$job"; exit 0' TERM INT
  say "Backups daily at $at UTC, a full one every ${BACKUP_FULL_DAYS:-7} days; restore test every ${BACKUP_VERIFY_DAYS:-30} days."
  # The database archives from its first moment on, and needs a place to put it.
  until is_running; do pause 1; done
  prepare_repositories
  while true; do
    work_that_is_due "$at" &
    job=$!
    wait "$job" || pause "$RETRY_SECONDS"
    pause "$PAUSE_SECONDS"
  done
}

# pause SECONDS: can be interrupted
pause() {
  sleep "$1" &
  job=$!
  wait "$job"
}

# work_that_is_due TIME: fails when something is due and does not succeed
work_that_is_due() {
  # The first start of all makes the database's tables a moment later.
  if [ "$(live "select to_regclass('backup_run') is not null" 2>/dev/null)" != t ]; then
    say "The database is away, or not migrated yet."
    return
  fi
  local due repository
  due=$(due_backup "$1" "$(catalogue)")
  if [ -n "$due" ]; then backup now "--$due"; fi
  for repository in $(repositories); do
    if verification_is_due "$repository"; then backup verify --repo "$repository"; fi
  done
}

# due_backup TIME CATALOGUE: full, diff, or nothing. A day begins at TIME; each repository must have its backup of the day.
due_backup() {
  local now today
  now=$(date +%s)
  today=$(date -ud "$(date -u +%F) $1" +%s)
  [ "$today" -le "$now" ] || today=$((today - DAY))
  jq -r --argjson today "$today" --argjson full_since $((today - (${BACKUP_FULL_DAYS:-7} - 1) * DAY)) \
    --argjson repositories "$(repositories | jq -sc .)" '
    [.backup[] | select(.error | not) | {repository: .database["repo-key"], type, at: .timestamp.start}] as $done
    | if any($repositories[]; . as $one | all($done[]; .repository != $one or .type != "full" or .at < $full_since))
      then "full"
      elif any($repositories[]; . as $one | all($done[]; .repository != $one or .at < $today)) then "diff"
      else empty end' <<<"$2"
}

# verification_is_due REPOSITORY: whether none of it was made for long. One that failed is tried again the next day.
verification_is_due() {
  [ "$(live "select not exists (select from backup_run where kind = 'verify' and detail @> jsonb_build_object('repository', :repository::int)
    and started_at > now() - case when ok then make_interval(days => :days) else interval '1 day' end)" \
    -v repository="$1" -v days="${BACKUP_VERIFY_DAYS:-30}")" = t ]
}
