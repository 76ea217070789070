#!/usr/bin/env bash
# Sees check.sh fail: plants violations in a copy of the tree, and expects each to be named.   self_test.sh SOURCE_DIR
set -euo pipefail

check=$(dirname "$(realpath "$0")")/check.sh
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
cp -R "$1/include" "$1/src" "$tree"

expected=()
plant() {  # file, a line to add to it, what check.sh must say of that file
  mkdir -p "$(dirname "$tree/$1")"
  printf '%s\n' "$2" >>"$tree/$1"
  expected+=("$1:$(wc -l <"$tree/$1"): $3")
}
plant_unknown() {  # a file that belongs to no module
  mkdir -p "$(dirname "$tree/$1")"
  echo '#pragma once' >"$tree/$1"
  expected+=("$1: of no known module")
}

plant include/forebay/error.hpp "#include <forebay/entity/entity.hpp>" "base must not include entity"
plant src/cache/planted.cpp "#include <forebay/db/pool.hpp>" "cache must not include db"
plant src/soci/planted.cpp "#include <forebay/routing/router.hpp>" "soci must not include routing"
plant src/db/planted.cpp '#include "../cache/planted.hpp"' "db must not include cache"
plant src/cache/planted.hpp "#include <forebay/session.hpp>" "cache must not include api"
plant src/session.cpp "#include <forebay/diagnostics/report.hpp>" "api must not include diagnostics"
plant src/diagnostics/planted.cpp "#include <forebay/context.hpp>" "of base, diagnostics sees event.hpp"
plant src/testing/planted.cpp '#include "../cache/planted.hpp"' "testing sees public headers only"
plant src/db/planted.cpp "#include <forebay/forebay.hpp>" "forebay.hpp is for applications"
plant src/db/planted.cpp "#include <forebay/absent.hpp>" "there is no forebay/absent.hpp"
plant include/forebay/error.hpp '#include "../../src/cache/planted.hpp"' "a public header includes a private one"
plant include/forebay/error.hpp "#include <boost/config.hpp>" "a public header includes boost/config.hpp"
plant include/forebay/error.hpp "#include <functional>" "<functional> is too heavy"
plant include/forebay/error.hpp "std::thread t;" "waits or starts a thread"
plant src/cache/planted.cpp "std::this_thread::sleep_for(1s);" "waits or starts a thread"
plant src/cache/planted.cpp "std::condition_variable ready;" "waits or starts a thread"
plant_unknown src/planted.cpp
plant_unknown include/forebay/planted/thing.hpp

if output=$("$check" "$tree"); then
  echo "check.sh accepts the tree with all that was planted"
  exit 1
fi
failures=0
for message in "${expected[@]}"; do
  if [[ $'\n'$output != *$'\n'"$message"* ]]; then
    echo "not said: $message"
    failures=$((failures + 1))
  fi
done
if [ "$failures" != 0 ]; then
  printf 'check.sh said:\n%s\n' "$output"
  exit 1
fi
echo "${#expected[@]} violations found"
