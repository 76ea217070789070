#!/usr/bin/env bash
# cmake/bench.sh knows each benchmark by its folder or script, and refuses what is none.   names.sh SOURCE_DIR
set -euo pipefail
cd "$1"

listed=$(cmake/bench.sh --list)
grep -qx repository <<<"$listed" || { echo "--list does not name repository"; exit 1; }
if grep -qx runner <<<"$listed"; then echo "--list names the runner, which is no benchmark"; exit 1; fi

refused() {  # arguments that bench.sh must answer with exit code 2
  local status=0
  cmake/bench.sh "$@" >/dev/null 2>&1 || status=$?
  [ "$status" = 2 ] || { echo "bench.sh $*: exit code $status"; exit 1; }
}
refused nosuch
refused --nosuch
refused --json
echo "bench.sh: names as they should be"
