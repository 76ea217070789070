#!/usr/bin/env bash
# The README shows what is compiled and run: compares its marked code blocks with the tree.
#   check.sh README SOURCE_DIR NAME=PROGRAM...
# <!-- from: PATH -->        the next code block equals the file SOURCE_DIR/PATH
# examples/FILE.cpp:LINE     the marked line of that file
# <!-- output of: NAME -->   the next code block equals what PROGRAM prints
set -euo pipefail

readme=$1 source_dir=$2
shift 2
declare -A programs
for program in "$@"; do programs[${program%%=*}]=${program#*=}; done

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# The code block that follows a line of the README, without its fences.
block_after() {
  awk -v start="$1" 'NR > start && /^```/ { if (inside) exit; inside = 1; next } inside' "$readme"
}

failures=0 blocks=0
compare() {  # line, what the block is, file of what it should be
  blocks=$((blocks + 1))
  if ! block_after "$1" | diff -u --label "$readme:$1" --label "$2" - "$3"; then
    failures=$((failures + 1))
  fi
}

while IFS=: read -r line text; do
  case $text in
    "<!-- from: "*" -->")
      path=${text#"<!-- from: "} path=${path%" -->"}
      compare "$line" "$path" "$source_dir/$path"
      ;;
    "<!-- output of: "*" -->")
      name=${text#"<!-- output of: "} name=${name%" -->"}
      if [[ ! -v programs[$name] ]]; then
        echo "$readme:$line: tests/CMakeLists.txt hands over no program $name"
        exit 1
      fi
      (cd "$scratch" && "${programs[$name]}") >"$scratch/output"
      compare "$line" "output of $name" "$scratch/output"
      ;;
  esac
done < <(grep -nE '^<!-- (from|output of): ' "$readme")

# A finding that the README quotes points to the line that is marked in the source.
while IFS=: read -r file line; do
  if ! sed -n "${line}p" "$source_dir/$file" | grep -q 'the line that the finding names'; then
    echo "$readme: $file:$line is not the line that the finding names"
    failures=$((failures + 1))
  fi
done < <(grep -oE 'examples/[a-z_/]+\.cpp:[0-9]+' "$readme")

if [ "$blocks" = 0 ]; then
  echo "$readme has no marked block" >&2
  exit 1
fi
echo "$blocks blocks compared, $failures differ"
[ "$failures" = 0 ]
