# shellcheck shell=bash
# `backup now`: a backup in every repository.

backup_now() {
  local kind=diff json=false
  while [ $# -gt 0 ]; do
    case $1 in
      --full | --diff | --incr) kind=${1#--} ;;
      --json) json=true ;;
      *) misused "backup now knows no $1." ;;
    esac
    shift
  done
  alone make_backups "$kind" "$json"
}

# make_backups KIND AS_JSON: the local repository first. One that fails keeps no other from having its backup.
make_backups() {
  local kind=$1 json=$2 started results='[]' repository ok=true result
  started=$(date +%s)
  prepare_repositories
  for repository in $(repositories); do
    result=$(make_backup "$kind" "$repository")
    results=$(jq -c --argjson result "$result" '. + [$result]' <<<"$results")
  done
  ok=$(jq 'all(.[]; .ok)' <<<"$results")
  # Without an earlier one to build on, what was asked for becomes a full one.
  kind=$(jq -r --arg kind "$kind" '[.[] | .kind // empty] | if index("full") then "full" else .[0] // $kind end' <<<"$results")
  remember "$kind" "$started" "$ok" "$results"
  local answer
  answer=$(jq -n --arg kind "$kind" --argjson ok "$ok" --argjson repositories "$results" \
    --argjson seconds $(($(date +%s) - started)) '{ok: $ok, kind: $kind, seconds: $seconds, repositories: $repositories}')
  if $json; then printf '%s\n' "$answer"; else tell_backups "$answer"; fi
  $ok
}

# make_backup KIND REPOSITORY: answers what became of it, as JSON
make_backup() {
  local kind=$1 repository=$2 said="$ROOM/backup.said"
  say "Backing up into repository $repository."
  if pgbackrest_ backup --type="$kind" --repo="$repository" --log-level-console=info 2>&1 </dev/null | tee "$said" >&2; then
    catalogue | jq -c --argjson repository "$repository" '
      [.backup[] | select(.database["repo-key"] == $repository)] | sort_by(.timestamp.stop) | last
      | {ok: true, repository: $repository, label, kind: .type, seconds: (.timestamp.stop - .timestamp.start),
         databaseBytes: .info.size, addedBytes: .info.repository.delta}'
  else
    jq -nc --argjson repository "$repository" --arg why "$(grep -m 1 ERROR "$said" || tail -n 1 "$said")" \
      '{ok: false, repository: $repository, why: $why}'
  fi
}

tell_backups() {
  jq -r 'def mib: . / 1048576 * 10 | round / 10 | tostring + " MiB";
    .repositories[] | if .ok
      then "repository \(.repository)  \(.label)  \(.kind)  \(.seconds) s  database \(.databaseBytes | mib), added \(.addedBytes | mib)"
      else "repository \(.repository)  FAILED: \(.why)" end' <<<"$1"
}
