# shellcheck shell=bash
# `backup check`: whether the log of changes reaches every repository.
# shellcheck source-path=SCRIPTDIR source=list.sh
. "$LIB/list.sh"

backup_check() {
  local json=false started said ok=true
  case ${1:-} in
    '') ;;
    --json) json=true ;;
    *) misused "backup check knows no $1." ;;
  esac
  started=$(date +%s)
  said=$(pgbackrest_ check </dev/null 2>&1) || ok=false
  jq -n --argjson ok "$ok" --argjson seconds $(($(date +%s) - started)) --arg why "$said" --argjson list "$(listing)" \
    '{ok: $ok, seconds: $seconds, ageSeconds: $list.ageSeconds} + if $ok then {} else {why: $why} end' |
    if $json; then cat; else tell_check; fi
  $ok
}

tell_check() {
  jq -r 'if .ok then "What is changed now reaches every repository, after \(.seconds) s." else "FAILED: \(.why)" end,
    if .ageSeconds == null then "There is no backup yet." else "The newest backup is \(.ageSeconds / 360 | round / 10) h old." end'
}
