#pragma once

#include <iosfwd>

#include "run_result.hpp"

namespace catalog {

// Each skipped record that is known by line, and how many more there are.
void write_skipped(std::ostream& out, const run_result& run);
// The table of phases, the demo's checks of itself, and the findings.
void write_report(std::ostream& out, const run_result& run);

}  // namespace catalog
