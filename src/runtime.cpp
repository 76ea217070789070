#include <forebay/runtime.hpp>

#include <condition_variable>
#include <ctime>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

namespace forebay {

waiter::~waiter() = default;
job::~job() = default;
background_job::~background_job() = default;
runtime::~runtime() = default;

void runtime::reached(std::string_view) {}

void runtime::sleep_until(time_point until, deadline unless) { wait(*make_waiter(), unless.no_later_than(until)); }

void wait(waiter& me, deadline until) {
  const wake_on_cancellation watching(until.stop(), me);
  me.wait(until.at());
}

namespace {

time_point read_clock(clockid_t id) noexcept {
  timespec t{};
  ::clock_gettime(id, &t);
  return time_point(std::chrono::seconds(t.tv_sec) + std::chrono::nanoseconds(t.tv_nsec));
}

class condition_waiter final : public waiter {
 public:
  bool wait(time_point until) override {
    // The library's time points are CLOCK_MONOTONIC's, and so are steady_clock's on Linux.
    const std::chrono::steady_clock::time_point limit(until.time_since_epoch());
    std::unique_lock lock(mutex_);
    const bool woken = condition_.wait_until(lock, limit, [this] { return woken_; });
    woken_ = false;
    return woken;
  }
  void wake() noexcept override {
    // Notifies under the lock: the waiting thread may destroy this as soon as it has seen woken_.
    const std::lock_guard guard(mutex_);
    woken_ = true;
    condition_.notify_one();
  }

 private:
  std::mutex mutex_;
  std::condition_variable condition_;
  bool woken_ = false;
};

class thread_job final : public background_job {
 public:
  explicit thread_job(std::unique_ptr<job> work) : work_(std::move(work)), thread_([this] { work_->run(); }) {}
  ~thread_job() override { thread_.join(); }

 private:
  std::unique_ptr<job> work_;
  std::thread thread_;
};

class machine final : public runtime {
 public:
  [[nodiscard]] time_point now() const noexcept override { return read_clock(CLOCK_MONOTONIC); }
  [[nodiscard]] time_point coarse_now() const noexcept override { return read_clock(CLOCK_MONOTONIC_COARSE); }
  [[nodiscard]] std::unique_ptr<waiter> make_waiter() override { return std::make_unique<condition_waiter>(); }
  [[nodiscard]] std::unique_ptr<background_job> start(std::unique_ptr<job> work) override {
    return std::make_unique<thread_job>(std::move(work));
  }
};

}  // namespace

runtime& system_runtime() {
  // Never destroyed: objects with static storage may wait and stop after main has ended.
  static runtime& the_machine = *new machine();
  return the_machine;
}

}  // namespace forebay
