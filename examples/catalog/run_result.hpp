#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "import.hpp"
#include "mixed_load.hpp"
#include "phase.hpp"

namespace catalog {

// All that a run of the demo has to tell.
struct run_result {
  std::string input;
  std::uint64_t seed = 0;
  unsigned threads = 0;
  import_result imported{};
  std::vector<phase> phases{};
  std::uint64_t shown = 0;  // packages that each way of listing showed
  bool all_ways_show_the_same = false;
  mixed_load_result mixed{};
  std::uint64_t wrong_packages = 0;  // after the mixed load

  [[nodiscard]] bool all_checks_hold() const noexcept {
    return all_ways_show_the_same && mixed.stale_reads == 0 && wrong_packages == 0;
  }
};

}  // namespace catalog
