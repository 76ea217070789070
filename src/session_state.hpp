#pragma once

#include <atomic>
#include <cstddef>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include <forebay/call_site.hpp>
#include <forebay/cancellation.hpp>

namespace forebay::detail {

// What a session and its transactions share: who may stop them, and which transactions are open on which thread, so
// that a call which goes past one by mistake is told so. Thread-safe.
class session_state {
 public:
  struct open_transaction {
    const void* id;
    std::thread::id owner;
    call_site began_at;
    bool holds_writer;
  };

  void began(const void* id, call_site at, bool holds_writer) {
    const std::lock_guard guard(mutex_);
    all_.push_back({id, std::this_thread::get_id(), at, holds_writer});
    count_.store(all_.size(), std::memory_order_relaxed);
  }
  void ended(const void* id) noexcept {
    const std::lock_guard guard(mutex_);
    std::erase_if(all_, [id](const open_transaction& t) { return t.id == id; });
    count_.store(all_.size(), std::memory_order_relaxed);
  }

  // The newest transaction that this thread began and has not ended. A thread sees its own: nothing needs to be ordered
  // with what others do.
  [[nodiscard]] std::optional<open_transaction> of_this_thread() const {
    if (count_.load(std::memory_order_relaxed) == 0) return std::nullopt;
    const std::lock_guard guard(mutex_);
    for (auto i = all_.rbegin(); i != all_.rend(); ++i) {
      if (i->owner == std::this_thread::get_id()) return *i;
    }
    return std::nullopt;
  }
  // How many connections this thread's open transactions hold of those that may write, or of the others.
  [[nodiscard]] std::size_t held_by_this_thread(bool writers) const {
    std::size_t held = 0;
    const std::lock_guard guard(mutex_);
    for (const open_transaction& t : all_) {
      if (t.owner == std::this_thread::get_id() && t.holds_writer == writers) ++held;
    }
    return held;
  }

  cancellation stop;

 private:
  std::atomic<std::size_t> count_{0};
  mutable std::mutex mutex_;
  std::vector<open_transaction> all_;
};

}  // namespace forebay::detail
