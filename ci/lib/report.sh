# shellcheck shell=bash
# Runs the steps of ci/test, keeps their logs, and counts what passed.

declare -A step_result=()
step_names=()
total_passed=0
total_failed=0
running=

# usage: start_report FOLDER  - the logs of this run go there, those of the last one away.
start_report() {
  logs=$1
  rm -rf "$logs"
  mkdir -p "$logs"
  trap 'stop_step TERM 143' TERM
  trap 'stop_step INT 130' INT
}

# Whatever runs is told to stop, and gets the time to stop its servers.
stop_step() {
  say "ci/test: stopped"
  if [ -n "$running" ]; then
    kill -TERM -- "-$running" 2>/dev/null || :
    wait "$running" || :
  fi
  exit "$2"
}

# usage: step NAME COMMAND..  - runs a command or a function of ci/test, shows and keeps what it
# prints, and counts the results of the tests in it. A failure does not end the run.
step() {
  local name=$1 log=$logs/$1.log pipe=$logs/$1.pipe tee status=0 passed failed begun=$SECONDS
  shift
  printf '\n== %s\n' "$name"
  mkfifo "$pipe"
  # In the background, since bash heeds a signal only between foreground commands, and in a process
  # group of its own, which can be stopped whole.
  set -m
  tee "$log" <"$pipe" &
  tee=$!
  "$@" >"$pipe" 2>&1 </dev/null &
  running=$!
  set +m
  wait "$running" || status=$?
  running=
  wait "$tee"
  rm "$pipe"
  read -r passed failed < <(count_results "$log")
  # Whatever fails without a failed test (a compile error, a crash, a lint) is one failure.
  if [ "$status" -ne 0 ] && [ "$failed" -eq 0 ]; then failed=1; fi
  total_passed=$((total_passed + passed))
  total_failed=$((total_failed + failed))
  step_names+=("$name")
  if [ "$failed" -eq 0 ]; then step_result[$name]=ok; else step_result[$name]=FAILED; fi
  printf '== %s: %s in %d s\n' "$name" "${step_result[$name]}" $((SECONDS - begun))
}

# The sums of libtest's result lines: `test result: ok. 3 passed; 0 failed; ...`
count_results() {
  awk '/^test result: (ok|FAILED)\. [0-9]+ passed; [0-9]+ failed;/ { passed += $4; failed += $6 }
    END { print passed + 0, failed + 0 }' "$1"
}

# The cases of the conformance suites are named `<engine>::<subject>::<case>`.
print_engines() {
  awk '
    /^ *(Running|Doc-tests) / { conformance = /Running tests\/conformance/ }
    conformance && $1 == "test" && $3 == "..." && $4 == "ok" && split($2, name, "::") > 1 { cases[name[1]]++ }
    END { for (engine in cases) printf "%-12s | %5d\n", engine, cases[engine] }
  ' /dev/null "$logs"/*.log | sort
}

print_failures() {
  local name
  for name in "${step_names[@]}"; do
    [ "${step_result[$name]}" = ok ] || printf 'failed: %s (%s)\n' "$name" "$logs/$name.log"
  done
  sed -nE 's/^test (.*) \.\.\. FAILED$/failed: test \1/p' /dev/null "$logs"/*.log
}

# Prints the summary and ends the run: the exit code says whether all passed.
finish_report() {
  local way=none missing
  printf '\n== summary\n'
  print_failures
  printf '%-12s | %5s\n' engine cases
  print_engines
  if [ -s "$logs/way" ]; then way=$(<"$logs/way"); fi
  printf 'servers: %s\n' "$way"
  printf 'time: %d min %d s\n' $((SECONDS / 60)) $((SECONDS % 60))
  missing=$(cat "$logs/missing" 2>/dev/null || :)
  if [ -n "$missing" ]; then printf 'did NOT run: %s\n' "$missing"; fi
  printf '%d passed, %d failed\n' "$total_passed" "$total_failed"
  if [ "$total_failed" -eq 0 ] && [ "$total_passed" -gt 0 ]; then exit 0; fi
  exit 1
}
