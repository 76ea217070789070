#pragma once

#include <memory>
#include <string>
#include <vector>

#include <forebay/clock.hpp>
#include <forebay/database.hpp>
#include <forebay/diagnostics/counters.hpp>
#include <forebay/diagnostics/finding.hpp>
#include <forebay/diagnostics/n_plus_one.hpp>

namespace catalog {

// One line of the table: a piece of work, and what the library's events told about it.
struct phase {
  std::string name;
  forebay::nanoseconds took{};
  forebay::diagnostics::counts counts{};
  std::vector<forebay::diagnostics::finding> findings{};
};

// Watches a database from its making to finish().
class phase_watch {
 public:
  phase_watch(forebay::database& db, std::string name);
  ~phase_watch();
  phase_watch(const phase_watch&) = delete;
  phase_watch& operator=(const phase_watch&) = delete;

  // Every session of the phase has ended by now.
  [[nodiscard]] phase finish();

 private:
  forebay::database& db_;
  std::string name_;
  std::shared_ptr<forebay::diagnostics::counters> counters_;
  std::shared_ptr<forebay::diagnostics::n_plus_one> n_plus_one_;
  std::chrono::steady_clock::time_point began_;
};

}  // namespace catalog
