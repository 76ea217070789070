#!/usr/bin/env bash
# Installs what is missing, builds, and runs the tests.
#   cmake/test.sh [--full | --check]
#     --full     also the tests that are not quick, the format of the sources, and clang-tidy
#     --check    only lists what would be installed
# One full tree under AddressSanitizer and UBSan, and the tests labelled threads under ThreadSanitizer.
# BUILD_DIR and JOBS: see cmake/steps.sh.
set -euo pipefail
here=$(dirname "$(realpath "$0")")

purpose=test check=()
for argument in "$@"; do
  case $argument in
    --full) purpose=full ;;
    --check) check=(--check) ;;
    *)
      sed -n '2,7s/^# //p' "$0" >&2
      exit 2
      ;;
  esac
done
if [ ${#check[@]} != 0 ]; then exec "$here/deps.sh" "$purpose" --check; fi

# shellcheck source-path=SCRIPTDIR source=steps.sh
. "$here/steps.sh"
export UBSAN_OPTIONS=print_stacktrace=1

run_ctest() {  # tree, ctest's options
  local tree=$1
  shift
  ctest --test-dir "$build_dir/$tree" --output-on-failure --no-tests=error "$@"
}

# gcc 12's ThreadSanitizer stops when the kernel spreads a process too widely over the address space.
run_threads_tests() {
  local steady=()
  if setarch --addr-no-randomize true 2>/dev/null; then steady=(setarch --addr-no-randomize); fi
  "${steady[@]}" ctest --test-dir "$build_dir/tsan" --output-on-failure --no-tests=error -L threads
}

check_format() {
  (cd "$source_dir" && git ls-files '*.cpp' '*.hpp' | xargs clang-format --dry-run -Werror)
}

failed=()
try() {  # a step whose failure is told at the end, so that one run shows all
  step "$@" || failed+=("$1")
}

step "dependencies" "$here/deps.sh" "$purpose"
use_ccache

# Nothing may be left out for want of something: ON fails where AUTO would skip.
everything=(-DFOREBAY_SOCI=ON -DFOREBAY_TESTS=ON -DFOREBAY_FUZZERS=ON -DFOREBAY_BENCHMARKS=ON -DFOREBAY_EXAMPLES=ON)
if [ "$purpose" = full ]; then everything+=(-DFOREBAY_RIVALS=ON); fi

step "asan: configure" configure asan asan "${everything[@]}"
step "asan: build" cmake --build "$build_dir/asan"
try "asan: quick tests" run_ctest asan -L quick

step "tsan: configure" configure tsan tsan "${everything[@]}"
step "tsan: build" cmake --build "$build_dir/tsan" --target threads_tests
try "tsan: threads tests" run_threads_tests

if [ "$purpose" = full ]; then
  try "asan: tests that are not quick" run_ctest asan -LE quick
  try "format" check_format
  step "tidy: configure" configure tidy tidy "${everything[@]}"
  try "tidy: build" cmake --build "$build_dir/tidy" -- -k 0
fi

if [ ${#failed[@]} != 0 ]; then
  printf 'test.sh: failed after %s s:\n' "$SECONDS"
  printf '  %s\n' "${failed[@]}"
  exit 1
fi
echo "test.sh: all passed in $SECONDS s"
