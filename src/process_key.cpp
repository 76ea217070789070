#include "process_key.hpp"

#include <chrono>
#include <random>

namespace forebay {

std::uint64_t process_key() noexcept {
  static const std::uint64_t key = []() noexcept -> std::uint64_t {
    try {
      std::random_device random;
      return (std::uint64_t{random()} << 32) | random();
    } catch (...) {  // no source of entropy: weaker, and still another number for each process
      return static_cast<std::uint64_t>(std::chrono::system_clock::now().time_since_epoch().count());
    }
  }();
  return key;
}

}  // namespace forebay
