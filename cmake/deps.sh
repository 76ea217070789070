#!/usr/bin/env bash
# Makes sure that what a build needs is on this machine, and installs what is missing by apt.
#   cmake/deps.sh demo|test|bench|full [--check]     --check only lists what would be installed
# Removes no package and starts no service. Without apt it names what is missing and stops.
set -euo pipefail

# One line a need: the purposes that bring it in, how to see that it is there, and the Debian packages that have it (the
# first one that apt knows is taken). test and bench include demo, full includes all. Looking for the thing itself instead
# of the package leaves alone what somebody built from source, and any other version of Boost, which cannot live beside
# 1.81.
needs=(
  "demo command:c++                             g++"
  "demo command:cmake                           cmake"
  "demo command:ninja                           ninja-build"
  "demo header:boost/multi_index_container.hpp  libboost1.81-dev libboost-dev"
  "demo header:soci/soci.h                      libsoci-dev"
  "demo header:sqlite3.h                        libsqlite3-dev"
  "demo header:CLI/CLI.hpp                      libcli11-dev"
  "demo header:nlohmann/json.hpp                nlohmann-json3-dev"
  "test header:gtest/gtest.h                    libgtest-dev"
  "test,bench header:benchmark/benchmark.h      libbenchmark-dev"
  "test command:pkg-config                      pkg-config"
  "test command:sqlite3                         sqlite3"
  "test command:ccache                          ccache"
  "test command:clang++                         clang"
  "test fuzzer:clang++                           libclang-rt-dev"
  "bench command:jq                             jq"
  "bench command:column                         bsdextrautils"
  "bench command:/usr/bin/time                  time"
  "bench header:SQLiteCpp/SQLiteCpp.h           libsqlitecpp-dev"
  "bench header:Poco/Data/SQLite/Connector.h    libpoco-dev"
  "full command:clang-tidy                      clang-tidy"
  "full command:clang-format                    clang-format"
)

usage() {
  sed -n '2,4s/^# //p' "$0" >&2
  exit 2
}

# Without a compiler only the usual folders can be looked at; with one, its own search path decides.
has_header() {
  [ -e "/usr/include/$1" ] || [ -e "/usr/local/include/$1" ] || {
    command -v c++ >/dev/null &&
      printf '#if !__has_include(<%s>)\n#error\n#endif\n' "$1" | c++ -x c++ -fsyntax-only - 2>/dev/null
  }
}

has_fuzzer() {  # the runtime libraries, which are packages of their own
  command -v "$1" >/dev/null && printf 'extern "C" int LLVMFuzzerTestOneInput() { return 0; }\n' |
    "$1" -fsanitize=fuzzer,address,undefined -x c++ - -o /dev/null 2>/dev/null
}

is_present() {
  case $1 in
    command:*) command -v "${1#command:}" >/dev/null ;;
    header:*) has_header "${1#header:}" ;;
    fuzzer:*) has_fuzzer "${1#fuzzer:}" ;;
  esac
}

# Sets missing to the needs of the purpose that are not met.
find_missing() {
  local included need purposes probe
  case $1 in
    demo) included="demo" ;;
    test | bench) included="demo $1" ;;
    full) included="demo test bench full" ;;
    *) usage ;;
  esac
  missing=()
  for need in "${needs[@]}"; do
    read -r purposes probe _ <<<"$need"
    grep -qwE "${purposes/,/|}" <<<"$included" || continue
    is_present "$probe" || missing+=("$need")
  done
}

# The first of the packages that apt knows; before its first update it knows none, and the first stands for all.
choose_package() {
  local package
  for package in "$@"; do
    if [ -n "$(apt-cache show "$package" 2>/dev/null)" ]; then  # its exit code is 0 for a mere mention, too
      echo "$package"
      return
    fi
  done
  echo "$1"
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# Debian asks /usr/sbin/policy-rc.d before it starts a service that it has just installed. A policy that is there already
# is the owner's and stays; ours lives only as long as this script.
policy=/usr/sbin/policy-rc.d
forbid_services() {
  [ -e "$policy" ] && return
  trap 'as_root rm -f "$policy"' EXIT
  trap 'exit 129' HUP
  trap 'exit 130' INT
  trap 'exit 143' TERM
  printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
  as_root chmod 755 "$policy"
}

install_missing() {
  local need packages=()
  forbid_services
  echo "deps: apt-get update"
  as_root apt-get -qq update
  for need in "${missing[@]}"; do
    read -r _ _ candidates <<<"$need"
    # shellcheck disable=SC2086  # a list of names
    packages+=("$(choose_package $candidates)")
  done
  echo "deps: installing ${packages[*]}"
  as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get -qq -y --no-remove -o Dpkg::Use-Pty=0 install --no-install-recommends "${packages[@]}"
}

purpose=${1:-} mode=${2:-}
if [ $# -gt 2 ] || [[ $mode != "" && $mode != --check ]]; then usage; fi
find_missing "$purpose"

if [ ${#missing[@]} = 0 ]; then
  echo "deps: nothing is missing for $purpose"
  exit 0
fi

if [ "$mode" = --check ]; then
  echo "deps: for $purpose would be installed:"
  for need in "${missing[@]}"; do
    read -r _ probe candidates <<<"$need"
    # shellcheck disable=SC2086
    echo "  $(choose_package $candidates)  (${probe/:/ })"
  done
  exit 0
fi

if ! command -v apt-get >/dev/null; then
  echo "deps: this system has no apt; please install by hand what is missing for $purpose:" >&2
  for need in "${missing[@]}"; do
    read -r _ probe candidates <<<"$need"
    echo "  ${probe/:/ }  (on Debian: ${candidates%% *})" >&2
  done
  exit 1
fi

if [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null; then
  echo "deps: installing takes root or sudo; --check lists what is missing" >&2
  exit 1
fi

install_missing
find_missing "$purpose"
if [ ${#missing[@]} != 0 ]; then
  echo "deps: still missing after the installation:" >&2
  printf '  %s\n' "${missing[@]}" >&2
  exit 1
fi
