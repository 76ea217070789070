#pragma once

#include <iosfwd>

#include "run_result.hpp"

namespace catalog {

// The figures of write_report as one JSON object. Times are in milliseconds; a hit_ratio is null where nothing asked
// the cache.
void write_json(std::ostream& out, const run_result& run);

}  // namespace catalog
