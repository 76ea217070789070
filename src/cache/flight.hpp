#pragma once

#include <cstdint>
#include <exception>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <forebay/block.hpp>
#include <forebay/clock.hpp>
#include <forebay/context.hpp>
#include <forebay/error.hpp>
#include <forebay/runtime.hpp>

#include "cache/key.hpp"

namespace forebay {

// Why a load failed, for those who waited for it. One of the library's errors is kept as a value and thrown anew for
// each: as theirs, with their place and session, and no exception object is shared by threads. Immutable.
class load_failure {
 public:
  // Within a catch.
  [[nodiscard]] static load_failure current() noexcept;
  [[noreturn]] void rethrow_for(const operation& op) const;

 private:
  std::exception_ptr other_;  // no error of the library's; if null:
  errc code_{};
  error_details details_;
};

// One load under way for one key, and those who wait for it. Thread-safe.
class flight {
 public:
  enum class state : std::uint8_t {
    under_way,
    landed,    // with a block
    failed,    // with an exception, which reaches everybody
    abandoned  // its leader ran out of time: a waiter with time left takes over
  };

  flight(const cache_key& key, std::uint64_t generation, std::uint64_t stamp)
      : space_(key.space), hash_(key.hash), key_(key.bytes), generation_(generation), stamp_(stamp) {}

  [[nodiscard]] cache_key key() const noexcept { return {space_, hash_, key_}; }
  [[nodiscard]] std::uint64_t generation() const noexcept { return generation_; }
  [[nodiscard]] std::uint64_t stamp() const noexcept { return stamp_; }

  void land(block_ptr value) noexcept;
  void fail(load_failure why) noexcept;
  void abandon() noexcept;

  // Until it has ended, or until `until`: then the state is still under_way.
  state wait(runtime& time, deadline until);
  // After the end.
  [[nodiscard]] const block_ptr& value() const noexcept { return value_; }
  [[nodiscard]] const load_failure& failure() const noexcept { return failure_; }

 private:
  void end(state how) noexcept;
  state stop_waiting(const waiter& me) noexcept;

  const std::uint32_t space_;
  const std::uint64_t hash_;
  const std::string key_;
  const std::uint64_t generation_;
  const std::uint64_t stamp_;

  std::mutex mutex_;
  state state_ = state::under_way;
  std::vector<waiter*> waiting_;
  block_ptr value_;
  load_failure failure_;
};

}  // namespace forebay
