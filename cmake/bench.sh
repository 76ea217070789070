#!/usr/bin/env bash
# Installs what is missing, builds the preset release, runs benchmarks, and prints one table.
#   cmake/bench.sh [--quick] [--json FILE] [NAME...]   all of them without a name
#   cmake/bench.sh --list | --check
#     --quick      a smoke run: everything runs, the figures mean nothing
#     --json FILE  the table as an array of {bench, what, against, ratio, low, high, goal, met}
#     --list       the names
#     --check      only lists what would be installed
# A benchmark NAME is the program of the folder bench/NAME, or the script bench/NAME.sh. Each runs on one CPU, the same
# for all. A missed goal is a result: the exit code is not 0 when something failed.
# BUILD_DIR and JOBS: see cmake/steps.sh.
set -euo pipefail
here=$(dirname "$(realpath "$0")")
# shellcheck source-path=SCRIPTDIR source=steps.sh
. "$here/steps.sh"
bench_dir=$source_dir/bench

usage() {
  sed -n '2,11s/^# //p' "$0" >&2
  exit 2
}

list_benches() {
  local path
  for path in "$bench_dir"/*/ "$bench_dir"/*.sh; do
    [ -e "$path" ] || continue
    path=$(basename "$path" .sh)
    [ "$path" = runner ] || echo "$path"
  done | sort
}

json='' quick=() names=()
while [ $# != 0 ]; do
  case $1 in
    --list) list_benches; exit 0 ;;
    --check) exec "$here/deps.sh" bench --check ;;
    --quick) quick=(--quick) ;;
    --json) [ $# -gt 1 ] || usage; json=$(realpath -m "$2"); shift ;;
    -*) usage ;;
    *) names+=("$1") ;;
  esac
  shift
done
if [ ${#names[@]} = 0 ]; then mapfile -t names < <(list_benches); fi
for name in "${names[@]}"; do
  list_benches | grep -qxF -- "$name" || { echo "bench.sh: no benchmark $name; there are: $(list_benches | xargs)" >&2; exit 2; }
done

programs=()
for name in "${names[@]}"; do
  if [ -d "$bench_dir/$name" ]; then programs+=("$name"); fi
done
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
cpu=$(taskset -cp $$ | sed 's/.*[^0-9]//')  # the last that we may use: the first serves most interrupts

build() {
  configure release release -DFOREBAY_SOCI=ON -DFOREBAY_BENCHMARKS=ON -DFOREBAY_RIVALS=ON \
    -DFOREBAY_TESTS=OFF -DFOREBAY_EXAMPLES=OFF &&
    cmake --build "$build_dir/release" --target "${programs[@]}"
}

run() {  # a benchmark's name
  local command=$bench_dir/$1.sh
  if [ -d "$bench_dir/$1" ]; then command=$build_dir/release/bench/$1; fi
  taskset -c "$cpu" "$command" "${quick[@]}" --json "$results/$1.json" >/dev/null &&
    jq -e 'type == "array" and length > 0' "$results/$1.json" >/dev/null
}

print_table() {  # the file of all results
  {
    printf 'bench\twhat\tagainst\tratio\tspread\tgoal\tmet\n'
    jq -r '.[] | [.bench, .what, .against, .ratio, .low, .high, .goal, .met] | map(. // "-") | @tsv' "$1" |
      awk -F '\t' -v OFS='\t' '{
        goal = $7 == "-" ? "-" : "<= " $7
        met = $7 == "-" ? "-" : $8 == "true" ? "met" : "MISSED"
        print $1, $2, $3, sprintf("%.3f", $4), sprintf("%.3f to %.3f", $5, $6), goal, met
      }'
  } | column -t -s $'\t' -R 4,5,6
}

step "dependencies" "$here/deps.sh" bench
use_ccache
if [ ${#programs[@]} != 0 ]; then step "build" build; fi

failed=()
for name in "${names[@]}"; do
  step "$name, on CPU $cpu" run "$name" || failed+=("$name")
done

find "$results" -name '*.json' -size +0 -print0 | sort -z | xargs -0 -r jq -s add >"$results/all"
if [ -s "$results/all" ]; then
  echo
  print_table "$results/all"
  if [ -n "$json" ]; then cp "$results/all" "$json"; fi
fi
if [ ${#failed[@]} != 0 ]; then
  echo "bench.sh: failed: ${failed[*]}"
  exit 1
fi
