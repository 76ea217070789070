#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include <forebay/diagnostics/finding.hpp>
#include <forebay/event.hpp>
#include <forebay/export.hpp>

namespace forebay::diagnostics {

struct broad_invalidation_options {
  std::size_t max_places = 1'000;  // 1 to 1,000,000 lines of the application, remembered at once
};

// Finds statements that drop every cached row of a table, or of all tables, where they could name the rows: raw writes
// whose WHERE and RETURNING tell no key, and those whose tables cannot be told. Not what triggers and foreign keys'
// actions write, nor what the application said itself (touches_all).
//
// Thread-safe.
class FOREBAY_API broad_invalidation final : public observer {
 public:
  // Throws invalid_option.
  explicit broad_invalidation(broad_invalidation_options options = {});
  ~broad_invalidation() override;

  // One for each line of the application and table, the most commits first.
  [[nodiscard]] std::vector<finding> findings() const;
  // Statements that were not looked at because max_places was reached.
  [[nodiscard]] std::uint64_t overlooked() const noexcept;

  void on_invalidation(const invalidation_event& e) noexcept override;

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace forebay::diagnostics
