# shellcheck shell=bash
# How the cost of a request grows, for script/bench --growth, sourced by it. The servers sqlite and postgres stay as small as
# they are at first, the databases of sqlite-grown and postgres-grown grow. Both are measured in turn after each step, so that
# a machine that slows down slows both; a step's results lie in NAME.STEP.
# shellcheck disable=SC2154

# start_growing: the four servers, with `base` users, each with one session and one value in it.
start_growing() {
  local name
  for name in sqlite postgres sqlite-grown postgres-grown; do
    make_database "$name"
    # A proxy's connections have no limit for each client: there may be a thousand of them.
    start_server "$name" --trusted-proxy 127.0.0.1
    log_in "$name"
    fill "$name" "$base" "$base"
    add_values "$name" 1 1
    settle "$name"
  done
}

# measure_step KIND STEP COMMAND…: the command prints a round of the server that it is given.
measure_step() {
  local round name
  for ((round = 1; round <= rounds; round++)); do
    for name in "$1" "$1-grown"; do "${@:3}" "$name" >>"$work/$name.$2"; done
  done
}
# The bench's page, of these sessions in turn: it shows the session's values.
bench_page() { load "$1" "$seconds" "$connections" / sessions "$work/$1.sessions"; }

# grow KIND: everything three times to ten times as much, each on top of what grew before.
grow() {
  local kind=$1 large=$1-grown n round
  for n in 10 100 1000; do
    say "$kind: $n times the values"
    add_values "$large" "$((n / 10 + 1))" "$n"
    settle "$large"
    measure_step "$kind" "values-$n" who_am_i
    measure_step "$kind" "page-$n" bench_page
  done
  for n in 10 100 1000; do
    say "$kind: $n times the sessions"
    add_sessions "$large" "$((n - n / 10))" "$living"
    pick_sessions "$large"
    measure_step "$kind" "sessions-$n" who_am_i
  done
  for n in 10 100 1000; do
    say "$kind: $n times the users"
    add_users "$large" "$((base * n / 10 + 1))" "$((base * n))"
    settle "$large"
    measure_step "$kind" "users-$n" who_am_i
  done
  # Both at the small server: here only the connections grow.
  for n in 10 100 1000; do
    say "$kind: $n connections"
    for ((round = 1; round <= rounds; round++)); do
      load "$kind" "$seconds" 1 /api/whoami sessions "$work/$kind.sessions" >>"$work/$kind.connections-$n"
      load "$kind" "$seconds" "$n" /api/whoami sessions "$work/$kind.sessions" >>"$work/$large.connections-$n"
    done
  done
}

# step_cells KIND WHAT N: rate, CPU, and how much longer a request takes than at the small server.
step_cells() {
  local small=$1.$2-$3 result=$1-grown.$2-$3
  # Before the first step both were as the small server is.
  if [ "$3" = 1 ]; then small=$1.$2-10 result=$1.$2-10; fi
  awk -v rate="$(median "$result")" -v cpu="$(median "$result" 5)" -v small="$(median "$small")" \
    'BEGIN { printf "   %9.0f %8.0f %7.2f", rate, cpu, small / rate }'
}
# growth_of TITLE WHAT FIRST: a line for each step
growth_of() {
  local n
  for n in 1 10 100 1000; do
    printf '%-34s %9d' "$1" "$(($3 * n))"
    step_cells sqlite "$2" "$n"
    step_cells postgres "$2" "$n"
    printf '\n'
  done
}
print_growth() {
  printf '%-44s   %26s   %26s\n' '' SQLite PostgreSQL
  printf '%-44s   %9s %8s %7s   %9s %8s %7s\n' "$connections connections; time beside the smallest" 'a second' 'us CPU' time 'a second' 'us CPU' time
  growth_of 'who-am-I: values' values "$base"
  growth_of '/: values of its session' page 1
  growth_of 'who-am-I: sessions' sessions "$base"
  growth_of 'who-am-I: users' users "$base"
  growth_of 'who-am-I: connections' connections 1
}
