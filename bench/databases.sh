# shellcheck shell=bash
# The databases of script/bench, sourced by it: what is in them and how it gets there. A database is known by the name of the
# server that runs on it; its URL lies in $work/NAME.database.
# shellcheck disable=SC2154

# SHA-256 of 32 zero bytes: the sessions that are added here are opened by that secret.
zero_secret=66687aadf862bd776c8fc18b8e9f8e20089714856ee233b3902a591d0d5f2925

# make_postgres: starts a PostgreSQL; its first database is that of the server "postgres".
make_postgres() { script/postgres start "$work/postgres" "$(free_port)" >"$work/postgres.database"; }

# make_database NAME: an empty one. The names begin with the kind, sqlite or postgres.
make_database() {
  case $1 in
    sqlite*) say "sqlite://$work/$1.db" >"$work/$1.database" ;;
    postgres-*)
      say "CREATE DATABASE ${1#postgres-};" | sql postgres
      sed "s|[^/]*\$|${1#postgres-}|" "$work/postgres.database" >"$work/$1.database"
      ;;
  esac
}

# sql NAME: runs what it reads on the database.
sql() {
  local database
  database=$(cat "$work/$1.database")
  case $database in
    sqlite:*) sqlite3 -batch -bail -cmd '.timeout 10000' "${database#sqlite://}" ;;
    *) "$(command -v psql || say "$(script/postgres bin)/psql")" --no-psqlrc --quiet --no-align --tuples-only --set ON_ERROR_STOP=1 "$database" ;;
  esac
}

# by_kind NAME SQLITE POSTGRESQL: the words for that kind of database
by_kind() { case $1 in sqlite*) say "$2" ;; *) say "$3" ;; esac; }

# Nothing that the filling left to do is done while something is measured.
settle() { by_kind "$1" 'ANALYZE; PRAGMA wal_checkpoint(TRUNCATE);' 'VACUUM ANALYZE; CHECKPOINT;' | tr ';' '\n' | sed 's/$/;/' | sql "$1" >/dev/null; }

# add_users NAME FIRST LAST: userFIRST to userLAST, with the password of the one who signed up.
add_users() {
  sql "$1" <<SQL
INSERT INTO users (username, username_key, password_hash, created_at)
  WITH RECURSIVE n (i) AS (SELECT $2 UNION ALL SELECT i + 1 FROM n WHERE i < $3)
  SELECT 'user' || i, 'user' || i, password_hash, created_at FROM users, n WHERE username = '$username';
SQL
}

# add_sessions NAME EACH EXPIRES_AT: so many sessions for each user1, user2 …, ids at random, in the order of the users.
# They were seen last tomorrow, so that none is renewed while reading is measured.
add_sessions() {
  local id secret
  id=$(by_kind "$1" 'randomblob(16)' 'uuid_send(gen_random_uuid())')
  secret=$(by_kind "$1" "x'$zero_secret'" "'\\x$zero_secret'::bytea")
  sql "$1" <<SQL
INSERT INTO sessions (id, secret_hash, user_id, created_at, last_seen_at, expires_at, ends_at, idle_seconds, address, agent)
  WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $2)
  SELECT $id, $secret, u.id, u.created_at, u.created_at + 86400, $3, u.created_at + 86400, 1800, '127.0.0.1', 'wrk'
  FROM users u, n WHERE u.username LIKE 'user%' ORDER BY u.id;
SQL
}
# An expiry at which a session lives on.
living='u.created_at + 86400'

# add_values NAME FIRST LAST: valueFIRST to valueLAST in each of those sessions.
add_values() {
  sql "$1" <<SQL
INSERT INTO session_values (session_id, name, value)
  WITH RECURSIVE n (i) AS (SELECT $2 UNION ALL SELECT i + 1 FROM n WHERE i < $3)
  SELECT id, 'value' || i, 'of that session' FROM sessions, n WHERE agent = 'wrk';
SQL
}

# pick_sessions NAME: settles the database, and leaves the ids of 1000 sessions in NAME.sessions.
pick_sessions() {
  settle "$1"
  say "SELECT $(by_kind "$1" 'hex(id)' "encode(id, 'hex')") FROM sessions WHERE address = '127.0.0.1' AND agent = 'wrk' ORDER BY random() LIMIT 1000;" |
    sql "$1" >"$work/$1.sessions"
}

# fill NAME USERS SESSIONS
fill() {
  add_users "$1" 1 "$2"
  add_sessions "$1" "$(($3 / $2))" "$living"
  pick_sessions "$1"
}

ended_sessions() { say "SELECT COUNT(*) FROM sessions WHERE expires_at <= $(date +%s);" | sql "$1"; }

# find_session FILE…: the query of a guarded request, as these sources have it.
find_session() {
  cat "$@" | awk '/^(pub )?(\([a-z]+\) )?const FIND_SESSION/ { on = 1; next } on { sub(/^ +/, ""); end = sub(/";$/, ""); sub(/\\$/, ""); printf "%s", $0; if (end) exit }'
}

# plan NAME: how the database means to answer that query.
plan() {
  local query
  query=$(find_session bench/peers/ceiling/src/main.rs)
  by_kind "$1" "EXPLAIN QUERY PLAN $query;" "SET plan_cache_mode = force_generic_plan; PREPARE find (bytea, bigint) AS $query; EXPLAIN (COSTS off) EXECUTE find ('', 0);" | sql "$1"
}
