#pragma once

#include <iosfwd>
#include <string>

#include "command_line.hpp"
#include "run_result.hpp"

namespace catalog {

// Imports the records into the new database at `url`, then plays the shop window over them, a phase each.
[[nodiscard]] run_result run_demo(const options& chosen, std::istream& input, const std::string& url);

}  // namespace catalog
