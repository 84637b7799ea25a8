# shellcheck shell=bash
# The servers of script/bench, sourced by it: Storage Lab and its peers. What is known of a server lies in $work/NAME.*: its
# process id, its URL, its log, and how it was at rest.
# shellcheck disable=SC2154

# launch NAME PORT COMMAND…: starts a server that is to listen there, and waits until it answers.
launch() {
  local name=$1 url=http://127.0.0.1:$2
  "${@:3}" >"$work/$name.log" 2>&1 &
  say "$!" >"$work/$name.pid"
  say "$url" >"$work/$name.url"
  wait_until_ready "$!" "$url" || { tail -n 20 "$work/$name.log" >&2 && die "The server $name did not start."; }
  say "$(resident "$name" VmRSS)" >"$work/$name.rest"
}

# start_server NAME OPTION…: Storage Lab, on the database of that name.
start_server() {
  local name=$1 port
  port=$(free_port)
  # Everybody here is one address.
  launch "$name" "$port" "$(release_binary)" serve --addr "127.0.0.1:$port" --database-url "$(cat "$work/$name.database")" \
    --address-failures 1000000 --address-sign-ups 1000000 --address-sessions 1000000 "${@:2}"
}

peers_folder() { say "${CARGO_TARGET_DIR:-$STORAGE_LAB_ROOT/target}/peers"; }
build_peers() {
  local peer
  [ "$(find_session server/src/store/*.rs)" = "$(find_session bench/peers/ceiling/src/main.rs)" ] ||
    die "The ceiling's query is not the server's." "Put FIND_SESSION of server/src/store into bench/peers/ceiling/src/main.rs."
  for peer in ceiling axum-login; do
    say "building the peer $peer, about 2 minutes the first time …"
    cargo build --quiet --release --locked --manifest-path "bench/peers/$peer/Cargo.toml" --target-dir "$(peers_folder)"
  done
}

# start_ceiling NAME: ceiling-NAME, on the database of the server NAME and with its sessions.
start_ceiling() {
  local port
  port=$(free_port)
  launch "ceiling-$1" "$port" "$(peers_folder)/release/ceiling" "$(cat "$work/$1.database")" "127.0.0.1:$port"
  cp "$work/$1.sessions" "$work/ceiling-$1.sessions"
}

# start_axum_login USERS: each of them is logged in once, and their cookies are in axum-login.cookies.
start_axum_login() {
  local port
  port=$(free_port)
  launch axum-login "$port" "$(peers_folder)/release/axum-login-peer" "$work/axum-login.db" "127.0.0.1:$port" "$1"
  curl --silent --show-error --fail --include "$(cat "$work/axum-login.url")/log-in/[1-$1]" |
    sed -nE 's/^set-cookie: ([^;]+).*/\1/p' >"$work/axum-login.cookies"
  [ "$(wc -l <"$work/axum-login.cookies")" = "$1" ] || die "Not every user of axum-login was logged in."
  sqlite3 "$work/axum-login.db" 'ANALYZE; PRAGMA wal_checkpoint(TRUNCATE);' >/dev/null
}

stop_server() {
  local pid
  pid=$(cat "$work/$1.pid")
  rm -f "$work/$1.pid"
  kill "$pid" 2>/dev/null || true
  wait "$pid" || true
}

tidy_up() {
  local file
  for file in "$work"/*.pid; do
    [ ! -e "$file" ] || stop_server "$(basename "$file" .pid)"
  done
  wait || true
  [ ! -d "$work/postgres" ] || script/postgres stop "$work/postgres" || true
  rm -rf "$work"
}

# log_in NAME: signs the user up and in; leaves its cookie in NAME.cookie.
log_in() {
  local name=$1 route cookie
  for route in signup login; do
    curl --silent --show-error --output /dev/null --dump-header "$work/headers" --header 'Accept: application/json' \
      --data-urlencode "username=$username" --data-urlencode "password=$password" "$(cat "$work/$name.url")/api/$route"
  done
  cookie=$(grep -oiE '^set-cookie: *__Host-session=[^;]+' "$work/headers" | sed 's/^[^:]*: *//') || true
  if [ -z "$cookie" ]; then head -n 1 "$work/headers" >&2 && die "Logging in on $name set no session cookie."; fi
  say "$cookie" >"$work/$name.cookie"
}

# cpu NAME: seconds of CPU that the server has used, its own and the system's for it. Without /proc, as ps knows them.
cpu() {
  local pid
  pid=$(cat "$work/$1.pid")
  if [ -r "/proc/$pid/stat" ]; then
    # After the program's name, which stands in parentheses: the 12th and the 13th field (proc_pid_stat(5)).
    sed 's/.*) //' "/proc/$pid/stat" | awk -v ticks="$(getconf CLK_TCK)" '{ printf "%.2f\n", ($12 + $13) / ticks }'
  else
    ps -o time= -p "$pid" | awk -F: '{ for (i = 1; i <= NF; i++) seconds = seconds * 60 + $i } END { printf "%.2f\n", seconds }'
  fi
}

# resident NAME FIELD: its memory in MiB, now (VmRSS) or at most so far (VmHWM). Without /proc, as ps knows it now.
resident() {
  local pid
  pid=$(cat "$work/$1.pid")
  if [ -r "/proc/$pid/status" ]; then sed -nE "s/^$2:[^0-9]*([0-9]+) kB/\1/p" "/proc/$pid/status"; else ps -o rss= -p "$pid"; fi |
    awk '{ printf "%.1f\n", $1 / 1024 }'
}
