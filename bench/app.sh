# shellcheck shell=bash
# What the port in front of an app adds to it, for script/bench --app, sourced by it: a bare axum app, asked directly and through
# the port in turn. Results lie in direct.RESULT and through.RESULT.
# shellcheck disable=SC2154

build_plain() {
  say "building the peer plain, about a minute the first time …"
  cargo build --quiet --release --locked --manifest-path bench/peers/plain/Cargo.toml --target-dir "$(peers_folder)"
}

# start_app: the app as `direct`, and the lab in front of it as `through`.
start_app() {
  local app lab
  app=$(free_port)
  launch direct "$app" "$(peers_folder)/release/plain" "127.0.0.1:$app"
  lab=$(free_port)
  say "sqlite://$work/through.db" >"$work/through.database"
  start_server through --app "http://127.0.0.1:$app" --app-addr "127.0.0.1:$lab"
  say "http://127.0.0.1:$lab" >"$work/through.url"
  curl --silent --show-error --fail "$(cat "$work/through.url")/" >"$work/answer"
  [ "$(cat "$work/answer")" = hello ] || die "The port does not lead to the app."
}

measure_app() {
  local name
  for name in direct through; do
    load "$name" "$seconds" 1 / >>"$work/$name.one"
    load "$name" "$seconds" "$few" / >>"$work/$name.few"
    load "$name" "$seconds" "$connections" / >>"$work/$name.many"
    load "$name" "$seconds" "$few" /mebibyte >>"$work/$name.mebibyte"
  done
}

# app_line TITLE RESULT
app_line() {
  say "$(three direct "$2") $(three through "$2")" | awk -v title="$1" '{ printf "%-38s %8.0f %7.2f %7.2f   %8.0f %7.2f %7.2f\n", title, $1, $2, $3, $4, $5, $6 }'
}

print_app() {
  local added
  printf '%-38s %24s   %24s\n' '' 'the app directly' 'through the port'
  printf '%-38s %8s %7s %7s   %8s %7s %7s\n' 'a bare axum app' 'a second' 'p50 ms' 'p99 ms' 'a second' 'p50 ms' 'p99 ms'
  app_line 'five bytes, 1 connection' one
  app_line "five bytes, $few connections" few
  app_line "five bytes, $connections connections" many
  app_line "a mebibyte, $few connections" mebibyte
  printf '%-38s %24.1f   %24.1f\n\n' 'us of CPU for five bytes' "$(median direct.many 5)" "$(median through.many 5)"
  added=$(awk -v through="$(median through.one 2)" -v direct="$(median direct.one 2)" 'BEGIN { print through - direct }')
  target 'milliseconds added at p50, 1 connection' most 0.5 "$added"
  target "requests a second, $connections connections, beside directly" least 0.7 "$(ratio through.many direct.many)"
  target 'bytes a second, beside directly' least 0.7 "$(ratio through.mebibyte direct.mebibyte)"
}
