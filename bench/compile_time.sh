#!/usr/bin/env bash
# What the library's headers cost at compile time: gcc -O0, processor time and memory, against the standard headers
# that they include. Both in turn, so that a machine that slows down slows both.
#   bench/compile_time.sh [--quick] [--json FILE]
#     --quick      one round; the figures mean nothing
#     --json FILE  the table as an array of {bench, what, against, ratio, low, high, goal, met}
# A missed goal is a result: the exit code is not 0 when something failed.
# CXX: the compiler, default g++.
set -euo pipefail
source_dir=$(dirname "$(dirname "$(realpath "$0")")")
rounds=7 json=
while [ $# != 0 ]; do
  case $1 in
    --quick) rounds=1 ;;
    --json) [ $# -gt 1 ] || { sed -n '4,6s/^# //p' "$0" >&2; exit 2; }; json=$(realpath -m "$2"); shift ;;
    *) sed -n '4,6s/^# //p' "$0" >&2; exit 2 ;;
  esac
  shift
done
[ -x /usr/bin/time ] || { echo "compile_time.sh: needs GNU time (Debian: time)" >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
sources=(entities batches umbrella)
compile=("${CXX:-g++}" -std=c++20 -O0 "-I$source_dir/include")

# 30 structs of 20 members, each read and written row by row through a repository; with "batches" as well as into the
# two vectors that find_many and a query give, each of which the standard library makes anew for each struct.
entities() {
  echo '#include <forebay/database.hpp>'
  echo '#include <forebay/repository.hpp>'
  local types=('std::int64_t' 'std::string' 'std::optional<std::string>' 'double' 'bool') entity member members
  for entity in {1..30}; do
    members='id'
    echo "struct E$entity {"
    echo '  std::int64_t id{};'
    for member in {1..19}; do
      echo "  ${types[member % 5]} m$member{};"
      members+=", m$member"
    done
    echo '};'
    echo "FOREBAY_ENTITY(E$entity, (.table = \"e$entity\", .version = &E$entity::m5), $members);"
    echo "std::string use(forebay::database& db, forebay::session& s, E$entity& row) {"
    echo "  forebay::repository<E$entity> all{db};"
    echo '  all.insert(s, row);'
    echo '  all.update(s, row);'
    echo '  all.remove(s, row.id);'
    echo '  (void)all.find(s, row.id);'
    if [ "$1" = batches ]; then
      echo '  (void)all.find_many(s, {row.id});'
      echo "  (void)all.query(s).where(forebay::col<&E$entity::m1> == \"x\").limit(1).all();"
    fi
    echo '  return forebay::to_text(row);'
    echo '}'
  done
}

standard_headers_of() {  # the standard headers that a source reaches through the library's own
  "${compile[@]}" -MM "$1" | tr -d '\\' | tr ' ' '\n' | grep "^$source_dir/include/" |
    xargs sed -nE 's/^#include <([a-z_0-9]+)>.*/#include <\1>/p' | sort -u
}

cost() {  # compiles a source; prints processor seconds and megabytes
  /usr/bin/time -f '%U %S %M' -o "$work/cost" "${compile[@]}" -c "$1" -o "$work/object"
  awk '{ print $1 + $2, $3 / 1024 }' "$work/cost"
}

entities rows >"$work/entities.cpp"
entities batches >"$work/batches.cpp"
echo '#include <forebay/forebay.hpp>' >"$work/umbrella.cpp"
for name in "${sources[@]}"; do standard_headers_of "$work/$name.cpp" >"$work/$name.standard.cpp"; done

for ((round = 1; round <= rounds; ++round)); do
  for name in "${sources[@]}"; do
    echo "$name $(cost "$work/$name.cpp") $(cost "$work/$name.standard.cpp")"
  done
done >"$work/rounds"

ratios() { awk "/^$1 / { print $2 }" "$work/rounds"; }  # a source, and what of its rounds

summary() {  # what, against, goal, and the rounds' ratios: one object
  sort -n | jq -s --arg what "$1" --arg against "$2" --argjson goal "$3" \
    '{bench: "compile_time", what: $what, against: $against, ratio: .[length / 2 | floor], low: .[0], high: .[-1], goal: $goal,
      met: (.[length / 2 | floor] <= $goal)}'
}
{
  ratios entities '$2 / $4' | summary "30 entities of 20 members: time" "their standard headers" 2.5
  ratios entities '($3 - $5) / 100' | summary "30 entities of 20 members: memory beyond them" "100 MB" 1
  ratios batches '$2 / $4' | summary "the same with find_many and query: time" "their standard headers" 2.5
  ratios batches '($3 - $5) / 100' | summary "the same with find_many and query: memory beyond them" "100 MB" 1
  ratios umbrella '$2 / $4' | summary "forebay.hpp: time" "its standard headers" 1.6
} | jq -s . >"$work/table"

jq -r '["what", "against", "ratio", "spread", "goal", "met"],
       (.[] | [.what, .against, (.ratio * 1000 | round / 1000), "\(.low * 1000 | round / 1000) to \(.high * 1000 | round / 1000)",
               "<= \(.goal)", if .met then "met" else "MISSED" end]) | @tsv' "$work/table" | column -t -s $'\t'
if [ -n "$json" ]; then cp "$work/table" "$json"; fi
