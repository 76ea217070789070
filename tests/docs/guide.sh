#!/usr/bin/env bash
# The guide shows what is compiled and run: each ```cpp block of docs/guide/NAME.md is, but for its indentation, what
# stands in docs/guide/snippets/NAME.cpp between "// [snippet" and "// snippet]", and each of those is shown. Each page is
# linked from docs/guide/README.md and opens with its problem: a paragraph before the first code, list or table.
#   guide.sh SOURCE_DIR
set -euo pipefail

cd "$1/docs/guide"
failures=0 pages=0

# Prints what differs between the blocks of a page and the snippets of its program.
compare() {  # snippets, page
  awk '
    function dedented(text,    lines, n, i, indent, least, out) {
      n = split(text, lines, "\n"); least = 1000
      for (i = 1; i <= n; i++) if (lines[i] ~ /[^ ]/) { match(lines[i], /^ */); if (RLENGTH < least) least = RLENGTH }
      for (i = 1; i <= n; i++) out = out substr(lines[i], least + 1) "\n"
      sub(/\n+$/, "\n", out); return out
    }
    FNR == NR && /^ *\/\/ \[snippet$/ { inside = 1; text = ""; next }
    FNR == NR && /^ *\/\/ snippet\]$/ { inside = 0; known[dedented(text)] = FNR; next }
    FNR == NR { if (inside) text = text $0 "\n"; next }
    /^```cpp$/ { inside = 1; text = ""; start = FNR; next }
    /^```$/ && inside {
      inside = 0; text = dedented(text)
      if (text in known) shown[text] = 1; else print FILENAME ":" start ": this block is in no snippet of " ARGV[1]
      next
    }
    inside { text = text $0 "\n" }
    END { for (text in known) if (!(text in shown)) print ARGV[1] ":" known[text] ": this snippet is not shown" }
  ' "$1" "$2"
}

opens_with_its_problem() {  # page
  awk 'NR == 1 && !/^# / { exit 1 } NR > 2 && NF { exit /^[A-Za-z"]/ ? 0 : 1 }' "$1"
}

complain() {
  echo "$1"
  failures=$((failures + 1))
}

for page in *.md; do
  [ "$page" != README.md ] || continue
  pages=$((pages + 1))
  snippets=snippets/${page%.md}.cpp
  opens_with_its_problem "$page" || complain "$page does not open with its problem"
  grep -q "($page)" README.md || complain "README.md does not link $page"
  if [ ! -e "$snippets" ]; then
    if grep -q '^```cpp$' "$page"; then complain "$page shows code, and there is no $snippets"; fi
    continue
  fi
  while read -r difference; do complain "$difference"; done < <(compare "$snippets" "$page")
done

if [ "$pages" = 0 ]; then complain "there is no page"; fi
if [ "$failures" != 0 ]; then exit 1; fi
echo "$pages pages: every block is compiled and run"
