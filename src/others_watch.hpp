#pragma once

#include <atomic>

#include <forebay/routing/router.hpp>

#include "cache/tiered_cache.hpp"

namespace forebay::detail {

// Notices that other processes have written to the database, where only asking tells it (SQLite): then everything
// cached is worthless. Asks at most every driver::watch_interval, on the writing connection, because on another one
// this process's own commits look like theirs: by the first cached read after that time, if the connection is free, and
// by whoever gets it for a write. Thread-safe.
class others_watch final : public outside_writes {
 public:
  others_watch(forebay::router& router, tiered_cache& cache)
      : router_(router), cache_(cache), interval_(router.watch_interval()) {}

  [[nodiscard]] bool is_needed() const noexcept { return interval_ > milliseconds(0); }
  void look(const operation& op, time_point now) noexcept override;
  // On a writing connection that is in no transaction. What it throws is the connection's trouble, and shows in its
  // use.
  void look_on(connection& writer, const operation& op, time_point now) noexcept;

 private:
  [[nodiscard]] bool is_due(time_point now) noexcept;
  void postpone(time_point now) noexcept;
  void ask(connection& writer, const operation& op);

  forebay::router& router_;
  tiered_cache& cache_;
  const milliseconds interval_;
  std::atomic<time_point::rep> next_{0};
};

}  // namespace forebay::detail
