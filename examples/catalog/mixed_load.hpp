#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <forebay/database.hpp>

namespace catalog {

struct mixed_load_options {
  std::size_t packages = 0;           // in the database, with the ids 1 to this; more than 0
  std::uint64_t operations = 10'000;  // finds and updates together
  unsigned threads = 4;
  std::uint64_t seed = 0;
  double update_share = 0.1;
  double skew = 1.0;  // of the Zipf distribution
};

struct mixed_load_result {
  std::uint64_t finds = 0;
  std::uint64_t updates = 0;
  std::uint64_t conflicts = 0;              // updates that met another worker's and were tried again
  std::uint64_t stale_reads = 0;            // older than what an update had written before they began
  std::vector<std::uint64_t> updates_of{};  // by id - 1
};

// Visitors of the shop window: mostly looking at a package, sometimes downloading one, which counts one download more
// by optimistic locking. Popular packages come up by a Zipf distribution. A session for each operation. Throws what the
// database throws; the other workers stop then.
[[nodiscard]] mixed_load_result run_mixed_load(forebay::database& db, const mixed_load_options& options);

// How many packages in the database have another version, or another number of downloads, than the updates that were
// counted would have left.
[[nodiscard]] std::uint64_t count_wrong_packages(forebay::database& db, const mixed_load_result& after);

}  // namespace catalog
