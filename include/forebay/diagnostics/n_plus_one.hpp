#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include <forebay/diagnostics/finding.hpp>
#include <forebay/event.hpp>
#include <forebay/export.hpp>

namespace forebay::diagnostics {

struct n_plus_one_options {
  std::uint64_t threshold = 5;      // 2 to 1,000,000 reads of one kind in one session before it is called N+1
  std::size_t max_groups = 10'000;  // 1 to 10,000,000 kinds of read of open sessions, remembered at once
};

// Finds reads in a loop that one read could do: the same statement from the same line of the application, again and
// again within one session, with changing parameters. What a session does on several threads or between other
// statements counts together. Not counted: reads that the cache answered, repeats with equal parameters, the statements
// of one call (a batch that was split), failed statements.
//
// Thread-safe.
class FOREBAY_API n_plus_one final : public observer {
 public:
  // Throws invalid_option.
  explicit n_plus_one(n_plus_one_options options = {});
  ~n_plus_one() override;

  // One for each place in the application, the most statements first; of sessions that are still open, too.
  [[nodiscard]] std::vector<finding> findings() const;
  // Reads that were not looked at because max_groups was reached.
  [[nodiscard]] std::uint64_t overlooked() const noexcept;

  void on_statement(const statement_event& e) noexcept override;
  void on_session(const session_event& e) noexcept override;

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace forebay::diagnostics
