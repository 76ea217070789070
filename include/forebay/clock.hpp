#pragma once

#include <chrono>

#include <forebay/cancellation.hpp>

namespace forebay {

// Monotonic time, for everything that has to do with waiting and expiry. Only differences mean anything.
struct monotonic {
  using duration = std::chrono::nanoseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<monotonic>;
  static constexpr bool is_steady = true;
};

using time_point = monotonic::time_point;
using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

// The moment at which a call stops waiting, whatever it waits for; sooner when it is cancelled. A value; travels by
// copy through every layer. One that was taken from a context is good for as long as that context.
class deadline {
 public:
  constexpr explicit deadline(time_point at, const cancellation* stop = nullptr) noexcept : at_(at), stop_(stop) {}

  [[nodiscard]] constexpr time_point at() const noexcept { return at_; }
  [[nodiscard]] constexpr bool passed(time_point now) const noexcept { return now >= at_ || cancelled(); }
  [[nodiscard]] constexpr bool cancelled() const noexcept { return stop_ != nullptr && stop_->requested(); }
  // Who may end it sooner; null: nobody.
  [[nodiscard]] constexpr const cancellation* stop() const noexcept { return stop_; }
  // The sooner of the two.
  [[nodiscard]] constexpr deadline no_later_than(time_point other) const noexcept {
    return deadline(other < at_ ? other : at_, stop_);
  }

  friend constexpr bool operator==(deadline, deadline) = default;

 private:
  time_point at_;
  const cancellation* stop_;
};

}  // namespace forebay
