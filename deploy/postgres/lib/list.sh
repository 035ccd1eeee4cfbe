# shellcheck shell=bash
# `backup list`: what can be brought back.

backup_list() {
  local json=false
  case ${1:-} in
    '') ;;
    --json) json=true ;;
    *) misused "backup list knows no $1." ;;
  esac
  local answer
  answer=$(listing)
  if $json; then printf '%s\n' "$answer"; else tell_listing "$answer"; fi
  jq -e .ok <<<"$answer" >/dev/null
}

# listing: the backups, the moments that one can go back to, and the newest restore test, as JSON
listing() {
  catalogue | jq --argjson verified "$(newest_verification)" '
    . as $all | ([.backup[].timestamp.stop] | min) as $first
    | {ok: (.status.code == 0), status: .status.message, since: ($first | if . then todate else null end),
       repositories: [.repo[] | {repository: .key, ok: (.status.code == 0), encryption: .cipher,
         status: (.status.message | split("\n")[0])}],
       archived: [.archive[] | {repository: .database["repo-key"], from: .min, to: .max}],
       backups: [.backup[] | {label, kind: .type, repository: .database["repo-key"], ok: (.error | not),
         startedAt: (.timestamp.start | todate), endedAt: (.timestamp.stop | todate),
         seconds: (.timestamp.stop - .timestamp.start), databaseBytes: .info.size,
         addedBytes: .info.repository.delta}],
       ageSeconds: ([.backup[] | select(.error | not) | .timestamp.stop] | max | if . then (now - . | floor) else null end),
       restoreTest: $verified}'
}

# newest_verification: what the newest restore test found; null when there was none, or when the database is away
newest_verification() {
  if ! is_running; then echo null; return; fi
  live "select coalesce((select jsonb_build_object('ok', ok, 'at', started_at) || detail from backup_run
    where kind = 'verify' order by id desc limit 1), 'null')" 2>/dev/null || echo null
}

tell_listing() {
  jq -r 'def mib: . / 1048576 * 10 | round / 10 | tostring + " MiB";
    if .backups == [] then "There is no backup yet." else
      ("ended\tbackup\tkind\trepository\tseconds\tdatabase\tadded" | ascii_upcase),
      (.backups[] | [.endedAt, .label, .kind + (if .ok then "" else " (damaged)" end), .repository, .seconds,
        (.databaseBytes | mib), (.addedBytes | mib)] | map(tostring) | join("\t"))
    end' <<<"$1" | table
  jq -r '"",
    (.repositories[] | "Repository \(.repository): \(.status), \(if .encryption == "none" then "NOT encrypted" else .encryption end)"),
    (if .since then "One can go back to any moment since \(.since)." else empty end),
    (.restoreTest | if . == null then "No restore was ever tested: backup verify."
      elif .ok then "Restore test of \(.at): all was there."
      else "Restore test of \(.at): FAILED: \(.why // "see the log of that time")" end)' <<<"$1"
}
