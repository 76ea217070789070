#pragma once

#include <cstdint>
#include <optional>

namespace catalog {

// Tells on stderr how far a long piece of work is: a bar where stderr is a terminal, a line now and then otherwise.
class progress {
 public:
  // Without a total there is no percentage.
  explicit progress(std::optional<std::uint64_t> total_bytes);

  void show(std::uint64_t bytes, std::uint64_t packages);
  // The last line. Before anything else is written to stderr.
  void finish(std::uint64_t packages);

 private:
  void draw_bar(std::uint64_t bytes, std::uint64_t packages) const;

  std::optional<std::uint64_t> total_;
  bool terminal_;
  std::uint64_t next_line_ = 0;  // at so many packages, without a terminal
};

}  // namespace catalog
