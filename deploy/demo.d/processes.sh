# Starting, watching and ending the demo's processes; each is ended by its own id. Sourced by deploy/demo.

pids=()
declare -A pid_of

say() { printf '%s  %s\n' "$(date +%H:%M:%S)" "$*" >&2; }
die() { say "$*"; exit 1; }

# start NAME COMMAND...: output to $work/NAME.out, messages to $work/NAME.log, input from a pipe at $work/NAME.in.
start() {
  local name=$1; shift
  [[ -p $work/$name.in ]] || mkfifo "$work/$name.in"
  : >"$work/$name.out"
  "$@" <>"$work/$name.in" >>"$work/$name.out" 2>>"$work/$name.log" &
  pid_of[$name]=$!
  pids+=($!)
}

tell() { printf '%s\n' "$2" >"$work/$1.in"; }  # tell NAME LINE

alive() { kill -0 "${pid_of[$1]}" 2>/dev/null; }

# until_true SECONDS WHAT COMMAND...: waits for the condition; says what did not come true.
until_true() {
  local limit=$1 what=$2 end; shift 2
  end=$((SECONDS + limit))
  until "$@" >/dev/null 2>&1; do
    if ((SECONDS >= end)); then say "not within $limit s: $what"; return 1; fi
    read -rt 0.2 <>"$work/tick" || true
  done
}

# ready_field NAME FIELD: from the line "ready a=1 b=2" that a program prints.
ready_field() { sed -n "s/^ready .*\b$2=\([0-9]*\).*/\1/p" "$work/$1.out" | head -n 1; }
is_ready() { alive "$1" && grep -q '^ready ' "$work/$1.out"; }

free_udp_port() {
  local port
  while :; do
    port=$((20000 + RANDOM % 20000))
    grep -qi ":$(printf %04X $port) " /proc/net/udp /proc/net/udp6 2>/dev/null || { echo $port; return; }
  done
}

stop_all() {
  local pid
  for pid in "${pids[@]}"; do kill -TERM "$pid" 2>/dev/null; done
  local end=$((SECONDS + 25))
  for pid in "${pids[@]}"; do
    while kill -0 "$pid" 2>/dev/null && ((SECONDS < end)); do read -rt 0.1 <>"$work/tick" || true; done
    kill -KILL "$pid" 2>/dev/null
    wait "$pid" 2>/dev/null
  done
  pids=()
}
