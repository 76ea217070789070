# Sourced by demo.sh and test.sh: where they build, how many at once, and how they tell what they do.
#   BUILD_DIR  the folder of the build trees; default: build
#   JOBS       compilers and tests at once; default: one a core
# shellcheck shell=bash

source_dir=$(dirname "$(dirname "$(realpath "${BASH_SOURCE[0]}")")")
build_dir=$(realpath -m "${BUILD_DIR:-$source_dir/build}")
jobs=${JOBS:-$(nproc)}
export CMAKE_BUILD_PARALLEL_LEVEL=$jobs CTEST_PARALLEL_LEVEL=$jobs

# CMake takes the launcher from the environment when it configures a tree for the first time. The trees compile the same
# sources (a consumer test builds the library once more); they share results when the hash leaves out the working
# directory, and the locale, which ctest changes.
use_ccache() {
  if command -v ccache >/dev/null; then
    export CMAKE_CXX_COMPILER_LAUNCHER=ccache CCACHE_NOHASHDIR=1 CCACHE_SLOPPINESS=locale
  fi
}

# step TITLE COMMAND...: runs the command between two lines, the second with the time it took.
step() {
  local title=$1 start=$SECONDS status=0
  shift
  echo "==> $title"
  "$@" || status=$?
  echo "<== $title: $((SECONDS - start)) s$([ "$status" = 0 ] || echo ", failed")"
  return "$status"
}

# configure TREE PRESET OPTION...: the build tree in $build_dir/TREE.
configure() {
  local tree=$1 preset=$2
  shift 2
  cmake -S "$source_dir" --preset "$preset" -B "$build_dir/$tree" "$@"
}
