#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <forebay/event.hpp>

namespace forebay {

// What a transaction has written, as far as the cache is concerned. Collected while it runs, applied once after its
// commit, forgotten by a rollback. One thread at a time.
struct write_set {
  struct row {
    std::string table;
    std::uint32_t space;  // no_space: rows of that entity are not cached
    std::string key;
    bool every_entity = false;  // the other entities of the table have rows of their own here
  };
  static constexpr std::uint32_t no_space = UINT32_MAX;

  [[nodiscard]] bool empty() const noexcept { return rows.empty() && tables.empty() && !everything; }
  // Noted once; beyond 64 none is, whose statements are all one's own.
  void note_wide(wide_write what);

  std::vector<row> rows{};
  std::vector<std::string> tables{};  // as a whole
  bool everything = false;            // a write whose tables are not known
  std::vector<wide_write> wide{};     // why, for whoever observes
};

inline void write_set::note_wide(wide_write what) {
  constexpr std::size_t most = 64;
  const auto same = [&](const wide_write& w) {
    return w.where.file == what.where.file && w.where.line == what.where.line && w.table == what.table;
  };
  if (wide.size() < most && std::ranges::none_of(wide, same)) wide.push_back(std::move(what));
}

}  // namespace forebay
