#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <forebay/db/url.hpp>
#include <forebay/error.hpp>
#include <forebay/export.hpp>

namespace forebay::testing {

// What a driver is asked to do. `next` is each row of a statement and its end; `usable` is what the pool asks when a
// connection comes back, `check` what it asks before it lends one on which something failed.
enum class driver_call : std::uint8_t { connect, run, next, begin, commit, rollback, savepoint, usable, check };

FOREBAY_API std::string_view to_string(driver_call call) noexcept;

enum class fault_kind : std::uint8_t {
  refused,      // nothing is done, and the connection goes on
  lost_before,  // the connection is lost, and nothing was done
  lost_after    // it was done, and then the connection is lost
};

// A call that fails. Left alone, code and outcome are what an honest driver would say: query_failed when refused
// (cannot_connect for connect), connection_lost otherwise; not_applied, but unknown where a COMMIT, or a writing
// statement outside of a transaction, was lost (commit_unknown for the COMMIT). rollback, usable and check have no way
// to throw: they lose the connection, whichever the kind is.
struct fault {
  fault_kind kind = fault_kind::refused;
  std::optional<errc> code{};
  std::optional<forebay::outcome> outcome{};
  bool retryable = false;
};

// Stands between the library and a driver, counts what the driver is asked, and lets a chosen call fail: for tests of
// what an application does when its database fails. While it lives, its URLs lead through it:
//
//   fault_plan plan;
//   database db{{.shards = {{.primary = plan.url("sqlite::memory:")}}}};
//   for (std::uint64_t n = 1;; ++n) {
//     plan.fail_nth(n, {.kind = fault_kind::lost_before});
//     try { place_order(db); } catch (const forebay::error&) { ... }
//     if (!plan.failed()) break;           // it needs fewer than n calls
//     ...                                  // whatever must hold after a failure
//   }
//
// The same calls in the same order fail in the same way. Thread-safe; several threads are counted together.
class FOREBAY_API fault_plan {
 public:
  fault_plan();
  ~fault_plan();
  fault_plan(const fault_plan&) = delete;
  fault_plan& operator=(const fault_plan&) = delete;

  // What to open in the place of `real`, whose driver must be known. Throws invalid_option for what is no URL.
  [[nodiscard]] std::string url(const database_url& real) const;

  // From now on count anew, and let the n-th call (from 1) fail: of any kind, or of one. One fault at a time: a later
  // one takes the place of an earlier one.
  void fail_nth(std::uint64_t n, fault what);
  void fail_nth(driver_call kind, std::uint64_t n, fault what);
  // Nothing fails any more. The counts go on.
  void heal();

  // Since the start, or since the last fail_nth.
  [[nodiscard]] std::uint64_t calls() const;
  [[nodiscard]] std::uint64_t calls(driver_call kind) const;
  // Whether the chosen call has come and failed, and which kind it was.
  [[nodiscard]] bool failed() const;
  [[nodiscard]] std::optional<driver_call> failed_at() const;

  struct state;

 private:
  std::shared_ptr<state> state_;
};

}  // namespace forebay::testing
