#!/usr/bin/env bash
# docs/architecture.md tells the truth: each function of its first table is defined in the file beside it, and every file
# that the page names is there.
#   architecture.sh SOURCE_DIR
set -euo pipefail

cd "$1"
page=docs/architecture.md
failures=0 steps=0

while IFS='|' read -r _ step file _; do
  step=$(tr -d ' `' <<<"$step") file=$(tr -d ' ' <<<"$file")
  steps=$((steps + 1))
  if ! grep -qE "^[a-z].*[ &*]$step\(" "$file"; then
    echo "$page: $step is not defined in $file"
    failures=$((failures + 1))
  fi
done < <(awk '/^## The way of one find/ { on = 1 } /^## Where is/ { on = 0 } on && /^\| `/' "$page")

while read -r file; do
  if [[ ! -e $file ]]; then
    echo "$page: there is no $file"
    failures=$((failures + 1))
  fi
done < <(grep -oE '(src|include|tests|docs)/[a-z0-9_/-]+\.(cpp|hpp|md)' "$page" | sort -u)

((steps == 5)) || { echo "$page: $steps steps instead of five"; exit 1; }
((failures == 0))
echo "$page: five steps, all where it says"
