# shellcheck shell=bash
# The load of script/bench, sourced by it. Measurements lie in $work/NAME.RESULT, one round a line: requests per second, p50 and
# p99 in milliseconds, the share of 503, microseconds of the server's CPU for each request.
# shellcheck disable=SC2154

# load NAME SECONDS CONNECTIONS PATH WHAT…: prints one round; WHAT is sent is told to bench/wrk.lua. A wrong answer is no result.
load() {
  local name=$1 before result rate p50 p99 busy requests wrong
  before=$(cpu "$name")
  result=$(wrk --threads 1 --duration "${2}s" --connections "$3" --timeout 20s --header 'Accept-Encoding: br, gzip' \
    --script bench/wrk.lua "$(cat "$work/$name.url")$4" -- "${@:5}" | sed -n 's/^result //p')
  read -r rate p50 p99 busy requests wrong <<<"$result"
  [ "${wrong:-}" = 0 ] || die "$4 on $name answered wrongly under load: ${result:-nothing}" "Its log ended so: $(tail -n 3 "$work/$name.log")"
  say "$rate $p50 $p99 $busy $(awk -v before="$before" -v after="$(cpu "$name")" -v n="$requests" 'BEGIN { printf "%.2f", (after - before) * 1e6 / (n ? n : 1) }')"
}

# What is measured, on the server NAME. Each prints one round. `few` connections measure how long a request takes, `connections`
# how many there can be.
plain() { load "$1" "$seconds" "$connections" "$2"; }
logged_in() { load "$1" "$seconds" "$connections" "$2" cookies "$work/$1.cookie"; }
who_am_i() { load "$1" "$seconds" "$connections" /api/whoami sessions "$work/$1.sessions"; }
guarded() { load "$1" "$seconds" "$few" /api/whoami sessions "$work/$1.sessions"; }
# log_ins NAME SECONDS CONNECTIONS: 1000 users in turn, since one who logs in many times at once is told to wait.
log_ins() { load "$1" "$2" "$3" /api/login log-ins 1000 "$password"; }

# guarded_in_flood NAME CONNECTIONS: prints the round of `guarded`; the flood's own goes to NAME.flood-CONNECTIONS.
guarded_in_flood() {
  local flood
  log_ins "$1" "$((seconds + 1))" "$2" >>"$work/$1.flood-$2" &
  flood=$!
  sleep 0.5
  guarded "$1"
  wait "$flood"
}

# measure_requests NAME: one round of each request, at the two servers sqlite and postgres and their peers.
measure_requests() {
  local name=$1
  plain "$name" /healthz >>"$work/$name.healthz"
  plain "$name" "$css" >>"$work/$name.static"
  plain "$name" /login >>"$work/$name.login-page"
  plain "$name" /experiments >>"$work/$name.experiments"
  plain "$name" / >>"$work/$name.home"
  logged_in "$name" /account >>"$work/$name.account"
  who_am_i "$name" >>"$work/$name.whoami"
  who_am_i "ceiling-$name" >>"$work/ceiling-$name.whoami"
  [ "$name" != sqlite ] ||
    load axum-login "$seconds" "$connections" /api/whoami cookies "$work/axum-login.cookies" >>"$work/axum-login.whoami"
  log_ins "$name" "$seconds" "$logins_at_once" >>"$work/$name.login"
  guarded "$name" >>"$work/$name.guarded"
  guarded "$name-large" >>"$work/$name-large.guarded"
  guarded_in_flood "$name" "$logins_at_once" >>"$work/$name.in-flood-$logins_at_once"
  guarded_in_flood "$name" "$too_many_logins" >>"$work/$name.in-flood-$too_many_logins"
}

# measure_cleanup NAME: adds ended sessions and starts the server anew; it sweeps at its start, and each minute. The rounds
# before and after are in NAME.quiet, those meanwhile in NAME.cleanup, and in NAME.swept how many seconds it took, or would
# have taken at its pace.
measure_cleanup() {
  local name=$1 began left
  times_over "$rounds" guarded "$name" >>"$work/$name.quiet"
  stop_server "$name"
  add_sessions "$name" "$((ended / users))" 'u.created_at - 2000000 + u.id'
  settle "$name"
  began=$(date +%s)
  start_server "$name"
  guarded "$name" >"$work/round"
  while left=$(ended_sessions "$name") && [ "$left" -gt 0 ] && [ "$(($(date +%s) - began))" -lt "$longest_cleanup" ]; do
    cat "$work/round" >>"$work/$name.cleanup"
    guarded "$name" >"$work/round"
  done
  # A small one was over within its first round.
  [ -e "$work/$name.cleanup" ] || cat "$work/round" >"$work/$name.cleanup"
  awk -v spent="$(($(date +%s) - began))" -v all="$ended" -v left="$left" \
    'BEGIN { print (left == all) ? "inf" : spent * all / (all - left) }' >"$work/$name.swept"
  [ "$left" -gt 0 ] || times_over "$rounds" guarded "$name" >>"$work/$name.quiet"
}

# times_over N COMMAND…
times_over() {
  local n
  for ((n = $1; n > 0; n--)); do "${@:2}"; done
}
