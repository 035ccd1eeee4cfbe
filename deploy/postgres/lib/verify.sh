# shellcheck shell=bash
# `backup verify`: restores the newest backup into a folder of its own, starts it without any network, brings it to the
# newest schema and looks whether all is there. The service `backup-check`, which has the product's own code, helps.
# shellcheck source-path=SCRIPTDIR source=recover.sh
. "$LIB/recover.sh"

RESTORED=/restored
# Where both meet: the socket of the restored database, the request and the answer.
MEETING=$RESTORED/meeting

backup_verify() {
  local json=false repository=1
  while [ $# -gt 0 ]; do
    case $1 in
      --json) json=true ;;
      --repo)
        repository=${2:-}
        repositories | grep -qx "$repository" || misused "--repo is one of: $(repositories | paste -sd' ')"
        shift
        ;;
      *) misused "backup verify knows no $1." ;;
    esac
    shift
  done
  alone report_verification "$repository" "$json"
}

# report_verification REPOSITORY AS_JSON
report_verification() {
  local started result ok
  started=$(date +%s)
  result=$(verify_in_subshell "$1" "$started")
  ok=$(jq .ok <<<"$result")
  remember verify "$started" "$ok" "$(jq -c 'del(.ok)' <<<"$result")"
  if $2; then printf '%s\n' "$result"; else tell_verification "$result"; fi
  $ok
}

# verify_in_subshell REPOSITORY STARTED: whatever fails, what was made is taken away, and the answer says why
verify_in_subshell() {
  local answer="$ROOM/verification.json" status
  # Not as the condition of an `if`: there, nothing that fails would end it.
  set +e
  (
    set -e
    trap take_away EXIT
    take_away
    verify_backup "$1" "$2" >"$answer"
  )
  status=$?
  set -e
  if [ $status -eq 0 ]; then
    cat "$answer"
  else
    jq -nc --argjson repository "$1" --arg why "$(why_not_verified)" \
      --argjson seconds $(($(date +%s) - $2)) '{ok: false, repository: $repository, seconds: $seconds, why: $why}'
  fi
}

why_not_verified() { why_not_recovered | grep . || echo "It could not be restored and checked: see the lines above."; }

take_away() {
  if [ -e "$RESTORED/data/postmaster.pid" ]; then pg_ctl stop -D "$RESTORED/data" -m immediate -w >&2 || true; fi
  rm -rf "$RESTORED/data" "$MEETING"
}

# verify_backup REPOSITORY STARTED: what was found, as JSON
verify_backup() {
  local repository=$1 started=$2 restore_s recovered_at lost_s counts checked indexes label
  label=$(catalogue | jq -r --argjson repository "$repository" \
    '[.backup[] | select(.database["repo-key"] == $repository)] | sort_by(.timestamp.stop) | last | .label // empty')
  [ -n "$label" ] || refuse "Repository $repository holds no backup."
  say "Restoring $label of repository $repository."
  install -d -m 700 "$RESTORED/data"
  # The product's code works as another user.
  install -d -m 777 "$MEETING"
  restore_files "$RESTORED/data" "$repository"
  start_recovered "$RESTORED/data" "$MEETING" off
  restore_s=$(($(date +%s) - started))
  recovered_at=$(recovered "$MEETING" "select extract(epoch from coalesce(pg_last_xact_replay_timestamp(),
    to_timestamp($(stopped_at "$label"))))::bigint")
  lost_s=$((started > recovered_at ? started - recovered_at : 0))
  say "Restored. Comparing rows, and looking through every index."
  counts=$(compare_counts "$recovered_at")
  indexes=$(check_indexes)
  say "Asking the product to bring it to the newest schema, and to check it."
  checked=$(ask_product)
  jq -nc --argjson repository "$repository" --arg backup "$label" --argjson seconds $(($(date +%s) - started)) \
    --argjson restore "$restore_s" --argjson lost "$lost_s" --argjson until "$recovered_at" --argjson rows "$counts" \
    --argjson bytes "$(recovered "$MEETING" "select pg_database_size('slotkeeper')")" \
    --arg indexes "$indexes" --argjson product "$checked" '
    {ok: (all($rows[]; .missing <= 0) and $indexes == "" and $product.ok), repository: $repository, backup: $backup,
     seconds: $seconds, restoreSeconds: $restore, secondsLost: $lost, newestChange: ($until | todate), bytes: $bytes,
     rows: $rows, indexFaults: $indexes, product: $product}'
}

stopped_at() { catalogue | jq --arg label "$1" '[.backup[] | select(.label == $label) | .timestamp.stop] | max'; }

# compare_counts UNTIL: of what is never taken away, all that was made a minute before the newest change must be there
compare_counts() {
  local until=$(($1 - 60)) table column here there all result='[]'
  while read -r table column; do
    there=$(live "select count(*) from $table where $column <= to_timestamp($until)")
    here=$(recovered "$MEETING" "select count(*) from $table where $column <= to_timestamp($until)")
    all=$(recovered "$MEETING" "select count(*) from $table")
    result=$(jq -c --arg table "$table" --argjson all "$all" --argjson missing $((there - here)) \
      '. + [{table: $table, restored: $all, missing: $missing}]' <<<"$result")
  done <<'TABLES'
booking created_at
customer created_at
message created_at
audit_event at
TABLES
  printf '%s\n' "$result"
}

# check_indexes: reads every table and index; prints nothing when all are sound
check_indexes() {
  pg_amcheck -h "$MEETING" -U postgres -d slotkeeper --install-missing --heapallindexed --checkunique 2>&1 |
    grep -v '^pg_amcheck: warning: skipping' | head -n 20 || true
}

# ask_product: puts the request where the service `backup-check` finds it, and waits for its answer
ask_product() {
  local patience=${BACKUP_CHECK_SECONDS:-3600} answer=$MEETING/answer.json
  touch "$MEETING/please-check"
  until [ -s "$answer" ]; do
    [ $((patience -= 1)) -gt 0 ] || refuse "The service backup-check did not answer: is it running?"
    sleep 1
  done
  jq -c . "$answer"
}

tell_verification() {
  jq -r 'def mib: . / 1048576 * 10 | round / 10 | tostring + " MiB";
    if .why then "FAILED: \(.why)" else
      "backup restored\t\(.backup), from repository \(.repository)",
      "took\t\(.restoreSeconds) s to restore, \(.seconds) s with all checks",
      "size\t\(.bytes | mib)",
      "newest change\t\(.newestChange): \(.secondsLost) s of changes would have been lost",
      (.rows[] | "rows of \(.table)\t\(.restored), " + if .missing > 0 then "MISSING \(.missing)" else "none missing" end),
      "tables and indexes\t" + (if .indexFaults == "" then "sound" else "FAULTY: \(.indexFaults)" end),
      (.product.findings[] | "\(.what)\t" + (if .ok then "" else "FAULTY: " end) + .found),
      "",
      if .ok then "This backup can be relied on." else "This backup can NOT be relied on." end
    end' <<<"$1" | table
}
