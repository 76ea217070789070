#!/usr/bin/env bash
# Installs what is missing, builds the demo, and runs it: a catalogue of this machine's own packages.
#   cmake/demo.sh [--check | argument...]
#     --check    only lists what would be installed
#     argument   goes to the program, for instance --input FILE or --json FILE; --help lists them
# BUILD_DIR and JOBS: see cmake/steps.sh.
set -euo pipefail
here=$(dirname "$(realpath "$0")")

if [ "${1:-}" = --check ]; then exec "$here/deps.sh" demo --check; fi

# shellcheck source-path=SCRIPTDIR source=steps.sh
. "$here/steps.sh"
step "dependencies" "$here/deps.sh" demo
use_ccache
# The compiler is this machine's, so that a warning is no reason to stop.
step "configure" configure demo release -DFOREBAY_WERROR=OFF \
  -DFOREBAY_SOCI=ON -DFOREBAY_EXAMPLES=ON -DFOREBAY_TESTS=OFF -DFOREBAY_BENCHMARKS=OFF
step "build" cmake --build "$build_dir/demo" --target catalog
echo "==> catalog $*"
exec "$build_dir/demo/examples/catalog" "$@"
