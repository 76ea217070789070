#pragma once

#include <cstdint>
#include <vector>

#include <forebay/database.hpp>

#include "package_records.hpp"
#include "progress.hpp"

namespace catalog {

struct import_result {
  std::uint64_t packages = 0;
  std::uint64_t maintainers = 0;
  std::uint64_t dependencies = 0;
  std::uint64_t skipped = 0;
  std::vector<skipped_record> first_skipped{};  // at most ten
};

// Puts all records into the empty tables, in bulk; a package that comes a second time is skipped. Ids count from 1
// without a gap. Throws what package_reader and the database throw; what was committed by then stays.
[[nodiscard]] import_result import_packages(package_reader& from, forebay::database& into, progress& shown);

}  // namespace catalog
