#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include <forebay/export.hpp>
#include <forebay/runtime.hpp>

namespace forebay::testing {

// A runtime whose time stands still until a test moves it, and which can hold threads at named pause points, so that an
// interleaving is written down instead of hoped for:
//
//   clock.stop_at("flight: loaded");
//   auto reader = start(clock, [&] { users.find(s, 42); });
//   clock.wait_until_stopped("flight: loaded");   // the reader has loaded and not stored
//   users.update(...);
//   clock.resume("flight: loaded");
//
// Thread-safe. Jobs run on real threads. A test that waits for something that never comes fails after ten real seconds:
// wait_until_stopped, and a thread held at a pause point, then throw std::logic_error.
class FOREBAY_API manual_clock final : public runtime {
 public:
  manual_clock();
  ~manual_clock() override;

  // Moves time forward, and ends the waits whose time has come.
  void advance(nanoseconds by);

  // From now on the first `most` threads that reach the point are held there.
  void stop_at(std::string_view pause_point, std::size_t most = SIZE_MAX);
  // Blocks until so many threads are held at the point.
  void wait_until_stopped(std::string_view pause_point, std::size_t threads = 1);
  // Blocks until so many waits (for a pool, a flight, a lock) are under way in all.
  void wait_until_waiting(std::size_t threads);
  // Lets the threads at the point go on, and holds no more there.
  void resume(std::string_view pause_point);

  [[nodiscard]] time_point now() const noexcept override;
  [[nodiscard]] time_point coarse_now() const noexcept override;
  [[nodiscard]] std::unique_ptr<waiter> make_waiter() override;
  [[nodiscard]] std::unique_ptr<background_job> start(std::unique_ptr<job> work) override;
  void reached(std::string_view pause_point) override;

 private:
  struct state;
  std::shared_ptr<state> state_;
};

}  // namespace forebay::testing
