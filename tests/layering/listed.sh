#!/usr/bin/env bash
# Every source and public header is named in the CMakeLists.txt that builds it: none is forgotten.   listed.sh SOURCE_DIR
set -euo pipefail

cd "$1"
failures=0
expect_listed() {  # file, its name in the list, the list
  if ! grep -qE "^[^#]*(^|[[:space:](])${2//./\\.}([[:space:])]|$)" "$3"; then
    echo "$1 is not named in $3"
    failures=$((failures + 1))
  fi
}

while read -r file; do expect_listed "$file" "${file#include/}" src/CMakeLists.txt; done < <(find include -name '*.hpp')
while read -r file; do expect_listed "$file" "${file#src/}" src/CMakeLists.txt; done < <(find src -name '*.cpp')
while read -r file; do
  expect_listed "$file" "${file#tests/}" tests/CMakeLists.txt
done < <(find tests -name '*.cpp' -not -path 'tests/compile_fail/*' -not -path 'tests/consumer/*' -not -path 'tests/fuzz/*')
while read -r file; do
  expect_listed "$file" "\\$\\{snippets\\}/${file##*/}" tests/CMakeLists.txt
done < <(find docs/guide -name '*.cpp')
while read -r file; do
  expect_listed "$file" "${file##*/}" tests/compile_fail/CMakeLists.txt
done < <(find tests/compile_fail -name '*.cpp')
while read -r file; do
  expect_listed "$file" "${file##*/}" tests/fuzz/CMakeLists.txt
done < <(find tests/fuzz -name '*.cpp')

if [ "$failures" != 0 ]; then exit 1; fi
echo "every file is in the build"
