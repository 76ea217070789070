#!/usr/bin/env bash
# Sees check.sh fail: plants one violation after the other in a copy of the tree.   self_test.sh SOURCE_DIR
set -euo pipefail

check=$(dirname "$(realpath "$0")")/check.sh
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

failures=0
expect_refusal() {  # file, a line to add to it, what check.sh must say
  local file=$1 text=$2 message=$3 output
  rm -rf "$scratch/tree"
  mkdir "$scratch/tree"
  cp -R "$source_dir/include" "$source_dir/src" "$scratch/tree"
  mkdir -p "$(dirname "$scratch/tree/$file")"
  printf '%s\n' "$text" >>"$scratch/tree/$file"
  if output=$("$check" "$scratch/tree"); then
    echo "not refused: '$text' in $file"
  elif [[ $output != *"$file"*"$message"* ]]; then
    printf '%s\n' "refused for another reason: '$text' in $file; expected '$message':" "$output"
  else
    return 0
  fi
  failures=$((failures + 1))
}

source_dir=$1
expect_refusal include/forebay/error.hpp "#include <forebay/entity/entity.hpp>" "base must not include entity"
expect_refusal src/cache/planted.cpp "#include <forebay/db/pool.hpp>" "cache must not include db"
expect_refusal src/soci/planted.cpp "#include <forebay/routing/router.hpp>" "soci must not include routing"
expect_refusal src/diagnostics/planted.cpp "#include <forebay/context.hpp>" "diagnostics sees event.hpp"
expect_refusal src/planted.cpp "#include <vector>" "of no known module"
expect_refusal include/forebay/planted/thing.hpp "#pragma once" "of no known module"
expect_refusal src/db/pool.cpp "#include <forebay/forebay.hpp>" "is for applications"
expect_refusal src/db/pool.cpp "#include <forebay/absent.hpp>" "there is no forebay/absent.hpp"
expect_refusal include/forebay/error.hpp "#include <boost/config.hpp>" "neither the standard library nor Forebay"
expect_refusal include/forebay/error.hpp "#include <functional>" "too heavy"
expect_refusal src/cache/planted.cpp "std::this_thread::sleep_for(1s);" "waits or starts a thread"
expect_refusal include/forebay/error.hpp "std::thread t;" "waits or starts a thread"

echo "$failures violations slipped through"
[ "$failures" = 0 ]
