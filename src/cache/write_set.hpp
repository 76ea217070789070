#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace forebay {

// What a transaction has written, as far as the cache is concerned. Collected while it runs, applied once after its
// commit, forgotten by a rollback. One thread at a time.
struct write_set {
  struct row {
    std::string table;
    std::uint32_t space;  // no_space: rows of that entity are not cached
    std::string key;
  };
  static constexpr std::uint32_t no_space = UINT32_MAX;

  [[nodiscard]] bool empty() const noexcept { return rows.empty() && tables.empty() && !everything; }

  std::vector<row> rows;
  std::vector<std::string> tables;  // as a whole
  bool everything = false;          // a write whose tables are not known
};

}  // namespace forebay
