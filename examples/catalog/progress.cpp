#include "progress.hpp"

#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <string>

#include "figures.hpp"

namespace catalog {

namespace {
constexpr std::uint64_t packages_between_lines = 10'000;
constexpr std::uint64_t bar_width = 40;
}  // namespace

progress::progress(std::optional<std::uint64_t> total_bytes)
    : total_(total_bytes && *total_bytes > 0 ? total_bytes : std::nullopt),
      terminal_(isatty(STDERR_FILENO) != 0),
      next_line_(packages_between_lines) {}

void progress::show(std::uint64_t bytes, std::uint64_t packages) {
  if (terminal_) return draw_bar(bytes, packages);
  if (packages < next_line_) return;
  next_line_ = packages + packages_between_lines;
  std::cerr << "importing: " << with_commas(packages) << " packages\n";
}

void progress::draw_bar(std::uint64_t bytes, std::uint64_t packages) const {
  std::string line = "\rimporting ";
  if (total_) {
    const std::uint64_t done = std::min(bytes, *total_);
    const std::uint64_t full = done * bar_width / *total_;
    line += '[' + std::string(full, '#') + std::string(bar_width - full, ' ') + "] " +
            std::to_string(done * 100 / *total_) + "%, ";
  }
  std::cerr << line << with_commas(packages) << " packages" << std::flush;
}

void progress::finish(std::uint64_t packages) {
  if (terminal_) {
    draw_bar(total_.value_or(0), packages);
    std::cerr << '\n';
  } else {
    std::cerr << "imported " << with_commas(packages) << " packages\n";
  }
}

}  // namespace catalog
