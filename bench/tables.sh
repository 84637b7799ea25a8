# shellcheck shell=bash
# What script/bench prints, sourced by it. Every number is the median of its rounds, in $work/NAME.RESULT.
# shellcheck disable=SC2154

# median FILE [COLUMN]
median() {
  awk -v column="${2:-1}" '{ print $column }' "$work/$1" | sort -n |
    awk '{ v[NR] = $1 } END { print (NR % 2) ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'
}

# ratio RESULT OF_RESULT [COLUMN]
ratio() { awk -v a="$(median "$1" "${3:-1}")" -v b="$(median "$2" "${3:-1}")" 'BEGIN { printf "%.3f\n", a / b }'; }

# rates TITLE RESULT_ON_SQLITE [RESULT_ON_POSTGRESQL]: requests per second and microseconds of CPU for each
rates() {
  local result
  printf '%-38s' "$1"
  for result in "${@:2}"; do
    awk -v rate="$(median "$result")" -v cpu="$(median "$result" 5)" 'BEGIN { printf "   %13.*f %8.0f", rate < 1000, rate, cpu }'
  done
  printf '\n'
}

# three SERVER RESULT: rate, p50 and p99, in one line
three() { say "$(median "$1.$2" 1) $(median "$1.$2" 2) $(median "$1.$2" 3)"; }
# times TITLE SUFFIX RESULT: the same of the servers sqliteSUFFIX and postgresSUFFIX
times() {
  say "$(three "sqlite$2" "$3") $(three "postgres$2" "$3")" |
    awk -v title="$1" '{ printf "%-38s %8.0f %7.2f %7.2f   %8.0f %7.2f %7.2f\n", title, $1, $2, $3, $4, $5, $6 }'
}

# target TITLE least|most BOUND ON_SQLITE [ON_POSTGRESQL]: a line of the table of targets, and a line for each ratio in $work/verdicts.
target() {
  local value verdict sign='<='
  [ "$2" = most ] || sign='>='
  printf '%-58s %8s' "$1" "$sign $3"
  for value in "${@:4}"; do
    verdict=$(awk -v value="$value" -v sense="$2" -v bound="$3" 'BEGIN { print (sense == "least" ? value >= bound : value <= bound) ? "met" : "missed" }')
    say "$verdict" >>"$work/verdicts"
    printf '   %8.3f %6s' "$value" "$verdict"
  done
  printf '\n'
}
# on_both TITLE least|most BOUND RESULT OF_RESULT [COLUMN]: the target's ratio, on both databases
on_both() { target "$1" "$2" "$3" "$(ratio "sqlite$4" "sqlite$5" "${6:-1}")" "$(ratio "postgres$4" "postgres$5" "${6:-1}")"; }

print_machine() {
  local cpu
  cpu=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo 2>/dev/null | head -n 1) || true
  printf '\n%s, %s cores, %s; %d rounds of %d s, medians\n\n' "$(date +%F)" "$(getconf _NPROCESSORS_ONLN)" "${cpu:-$(uname -m)}" "$rounds" "$seconds"
}

print_rates() {
  printf '%-38s   %22s   %22s\n' '' SQLite PostgreSQL
  printf '%-38s   %13s %8s   %13s %8s\n' "requests, $connections connections" 'a second' 'us CPU' 'a second' 'us CPU'
  rates '/healthz' sqlite.healthz postgres.healthz
  rates 'static file (the style sheet)' sqlite.static postgres.static
  rates '/login' sqlite.login-page postgres.login-page
  rates '/experiments' sqlite.experiments postgres.experiments
  rates '/' sqlite.home postgres.home
  rates '/account, logged in' sqlite.account postgres.account
  rates 'GET /api/whoami' sqlite.whoami postgres.whoami
  rates '  the ceiling: axum, sqlx, one query' ceiling-sqlite.whoami ceiling-postgres.whoami
  rates '  axum-login, tower-sessions' axum-login.whoami
  rates "log-ins, $logins_at_once at once" sqlite.login postgres.login
  printf '%-38s   %13.1f\n\n' 'bare password hashes, all cores' "$(median hashes)"
}

print_times() {
  local flood name
  printf '%-38s %24s   %24s\n' '' SQLite PostgreSQL
  printf '%-38s %8s %7s %7s   %8s %7s %7s\n' "GET /api/whoami, $few connections" 'a second' 'p50 ms' 'p99 ms' 'a second' 'p50 ms' 'p99 ms'
  times 'quiet, 1000 sessions of 1000 users' '' guarded
  for flood in "$logins_at_once" "$too_many_logins"; do
    times "during $flood log-ins at once" '' "in-flood-$flood"
    printf '%-38s %23.0f%%   %23.0f%%\n' '  log-ins answered 503' \
      "$(awk "BEGIN { print 100 * $(median "sqlite.flood-$flood" 4) }")" "$(awk "BEGIN { print 100 * $(median "postgres.flood-$flood" 4) }")"
  done
  times "$sessions sessions of $users users" -large guarded
  times '  before and after the sweeping' -large quiet
  times "while $ended ended ones are swept" -large cleanup
  printf '%-38s %24.0f   %24.0f\n\n' '  seconds of sweeping in all' "$(cat "$work/sqlite-large.swept")" "$(cat "$work/postgres-large.swept")"
  printf '%-38s %24s   %24s\n' 'resident memory, MiB' SQLite PostgreSQL
  printf '%-38s %24.1f   %24.1f\n' 'at rest, just started' "$(cat "$work/sqlite.rest")" "$(cat "$work/postgres.rest")"
  printf '%-38s %24.1f   %24.1f\n' 'most under all this load' "$(cat "$work/sqlite.peak")" "$(cat "$work/postgres.peak")"
  printf '%-38s %24.1f   %24.1f\n\n' 'after it' "$(cat "$work/sqlite.after")" "$(cat "$work/postgres.after")"
  for name in sqlite-large postgres-large; do
    say "How $name finds the session of a guarded request:"
    plan "$name" | sed 's/^/  /'
    printf '\n'
  done
}

print_targets() {
  local ceiling
  printf '%-58s %8s   %-15s   %s\n' 'targets, each a ratio within this run' '' SQLite PostgreSQL
  # Where the load takes its share of the cores, or is itself the slowest, two fast servers look alike by rates and not by CPU.
  ceiling=("$(ratio sqlite.whoami ceiling-sqlite.whoami)" "$(ratio postgres.whoami ceiling-postgres.whoami)")
  target 'who-am-I a second, beside the ceiling' least 0.9 "${ceiling[@]}"
  target '  the goal past it' least 1.2 "${ceiling[@]}"
  target '  for the same CPU' least 0.9 "$(ratio ceiling-sqlite.whoami sqlite.whoami 5)" "$(ratio ceiling-postgres.whoami postgres.whoami 5)"
  target 'who-am-I a second, beside axum-login' least 1.9 "$(ratio sqlite.whoami axum-login.whoami)"
  target '  for the same CPU' least 1.9 "$(ratio axum-login.whoami sqlite.whoami 5)"
  on_both 'CPU of /, beside /healthz' most 8 .home .healthz 5
  on_both 'CPU of /login, beside /healthz' most 4 .login-page .healthz 5
  on_both 'CPU of a static file, beside /healthz' most 1.5 .static .healthz 5
  target 'log-ins a second, beside bare hashes' least 0.95 "$(ratio sqlite.login hashes)" "$(ratio postgres.login hashes)"
  on_both "p99 of who-am-I while $too_many_logins log-ins wait, beside quiet" most 3 ".in-flood-$too_many_logins" .guarded 3
  on_both "p99 of who-am-I while $ended are swept, beside quiet" most 2 -large.cleanup -large.quiet 3
  target "time of who-am-I among $sessions sessions, beside 1000" most 1.1 \
    "$(ratio sqlite.guarded sqlite-large.guarded)" "$(ratio postgres.guarded postgres-large.guarded)"
  say "$(grep -cx met "$work/verdicts") of $(wc -l <"$work/verdicts" | tr -d ' ') met."
}
