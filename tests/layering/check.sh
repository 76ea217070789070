#!/usr/bin/env bash
# Fails when an #include breaks the order of the modules, or a header becomes heavy.   check.sh SOURCE_DIR
#
# A file's module is its folder beneath include/forebay or src. Files directly in those two are named in the lists here:
# a new one must be added, and with it the decision where it belongs.
set -euo pipefail

base_files=(block call_site cancellation clock context error event export field position process_key runtime session_state sizes value)
api_files=(assignment catalogue cursor database database_core database_transact entity_statements forebay handle key_condition keyset lock options others_watch page predicate query query_base query_text related repository repository_base repository_inserts repository_statements repository_writes row_sink schema_check schema_facts script script_statements session statement_text touched write_run write_statements written_rows)

# What a module may include besides itself. `api` is what applications write against.
declare -A may_include=(
  [base]=""
  [entity]="base"
  [fields]="base"
  [sql]="base"
  [db]="base sql entity"
  [routing]="base sql db"
  [cache]="base"
  [diagnostics]="base sql"
  [api]="base entity sql db routing cache"
  [soci]="base sql db"
  [testing]="base entity sql db routing cache diagnostics api soci"
)

# Kept out of public headers, because each costs every user compile time.
heavy_headers=" functional thread mutex regex iostream "

# Waiting and background work go through the seam in runtime.hpp, so that tests can drive time. What can wait or run is
# looked for by its type: functions of our own may well be called wait_for.
waiting='std::j?thread([^:_[:alnum:]]|$)|std::(async|promise|(shared_)?future|latch|barrier)\b|condition_variable|timed_mutex'
waiting+='|\b(counting|binary)_semaphore|\b(sleep_for|this_thread::sleep_until|usleep|nanosleep)\b'

cd "$1"
failures=0
fail() {
  echo "$*"
  failures=$((failures + 1))
}

declare -A is_base is_api
for name in "${base_files[@]}"; do is_base[$name]=1; done
for name in "${api_files[@]}"; do is_api[$name]=1; done

module_of() {  # sets module; a file's path beneath SOURCE_DIR
  local path=${1#include/forebay/} name
  path=${path#src/}
  module=${path%%/*}
  if [[ $path == */* ]]; then
    [[ -v may_include[$module] ]] || module=unknown
    return
  fi
  name=${path%.*}
  if [[ -v is_base[$name] ]]; then
    module=base
  elif [[ -v is_api[$name] ]]; then
    module=api
  else
    module=unknown
  fi
}

resolve() {  # sets target to the project's file that `name` in `file` means; empty for others
  local file=$1 name=$2 candidate
  target=
  for candidate in "${file%/*}/$name" "src/$name" "include/$name"; do
    if [[ -f $candidate ]]; then
      target=$candidate
      if [[ $name == *..* ]]; then target=$(realpath --relative-to=. "$candidate"); fi
      return
    fi
  done
}

# Diagnostics knows the events and nothing else of base: event.hpp with all that it includes.
declare -A is_event
collect_events() {
  local name
  is_event[$1]=1
  while read -r name; do
    [[ -v is_event[include/$name] ]] || collect_events "include/$name"
  done < <(sed -nE 's/^#include <(forebay\/[^>]+)>.*/\1/p' "$1")
}
if [[ -f include/forebay/event.hpp ]]; then collect_events include/forebay/event.hpp; fi

check_public_include() {  # an include of a public header
  local file=$1 at=$2 name=$3 target=$4
  if [[ $target == src/* ]]; then
    fail "$at: a public header includes a private one: $name"
  elif [[ $target == "" && ! $name =~ ^[a-z_0-9]+$ ]]; then
    fail "$at: a public header includes $name, which is neither the standard library nor Forebay"
  elif [[ $heavy_headers == *" $name "* && $file != include/forebay/testing/* ]]; then
    fail "$at: <$name> is too heavy for a public header"
  fi
}

check_order() {  # an include of one of the project's files by another
  local at=$1 from=$2 target=$3
  module_of "$target"
  if [[ $target == include/forebay/forebay.hpp ]]; then
    fail "$at: forebay.hpp is for applications; include what is used"
  elif [[ $module != "$from" && " ${may_include[$from]} " != *" $module "* ]]; then
    fail "$at: $from must not include $module ($target)"
  elif [[ $from == diagnostics && $module == base && ! -v is_event[$target] ]]; then
    fail "$at: of base, diagnostics sees event.hpp and what it includes; not $target"
  elif [[ $from == testing && $module != testing && $target == src/* ]]; then
    fail "$at: testing sees public headers only; not $target"
  fi
}

while read -r file; do
  module_of "$file"
  if [[ $module == unknown ]]; then
    fail "$file: of no known module; add it to base_files or api_files, or its folder to may_include, in ${BASH_SOURCE[0]}"
    continue
  fi
  from=$module
  while IFS=: read -r line name; do
    resolve "$file" "$name"
    if [[ $file == include/* ]]; then check_public_include "$file" "$file:$line" "$name" "$target"; fi
    if [[ $target != "" && $file != include/forebay/forebay.hpp ]]; then check_order "$file:$line" "$from" "$target"; fi
    if [[ $target == "" && $name == forebay/* ]]; then fail "$file:$line: there is no $name"; fi
  done < <(sed -nE '/^[[:space:]]*#[[:space:]]*include[[:space:]]*[<"]/{=;s/^[^<"]*[<"]([^>"]+)[>"].*/\1/p}' "$file" | paste -d: - -)
done < <(find include src -name '*.[ch]pp' | sort)

while IFS=: read -r file line text; do
  if [[ $file == src/runtime.cpp || $file == src/testing/* || $file == include/forebay/testing/* ]]; then continue; fi
  fail "$file:$line: waits or starts a thread outside of src/runtime.cpp:$text"
done < <(grep -rnE --include='*.[ch]pp' "^([^/]|/[^/])*($waiting)" include src)

if [ "$failures" != 0 ]; then exit 1; fi
echo "the order of the modules holds"
