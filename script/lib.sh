# Sourced by the scripts beside it: where things are, and how one build is made.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
jobs=${JOBS:-$(nproc)}

# build PRESET [TARGET …]: configures once, in silence unless that fails, then builds.
build() {
  local preset=$1
  shift
  if [ ! -f "$root/build/$preset/build.ninja" ]; then
    (cd "$root" && cmake --preset "$preset") >"$root/build/$preset.log" 2>&1 ||
      { cat "$root/build/$preset.log" >&2; return 1; }
  fi
  ninja -C "$root/build/$preset" -j "$jobs" "$@"
}

# wait_for URL SECONDS PID: until the URL answers 2xx; fails when the time is over or the process has gone.
wait_for() {
  local url=$1 pid=$3 end=$((SECONDS + $2))
  until curl -fsS -o /dev/null --max-time 2 "$url" 2>/dev/null; do
    kill -0 "$pid" 2>/dev/null || { echo "the process that should answer at $url has ended" >&2; return 1; }
    [ $SECONDS -lt $end ] || { echo "no answer at $url within $2 s" >&2; return 1; }
    sleep 0.1
  done
  # The answer may have been another program's, on whose port ours could not listen.
  sleep 0.2
  kill -0 "$pid" 2>/dev/null || { echo "the process that should answer at $url has ended" >&2; return 1; }
}

as_root() { if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi; }
