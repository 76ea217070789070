#pragma once

#include <compare>
#include <cstdint>

namespace forebay {

// How far a database has got: a point on a timeline. Ordered by timeline first, so that a position from before a
// failover is below every one from after it. Opaque outside drivers and routing, which alone make them: a log offset on
// PostgreSQL, a commit counter on SQLite. The default one is below all others and stands for "no requirement".
class position {
 public:
  constexpr position() noexcept = default;
  // For drivers and routing.
  constexpr position(std::uint64_t timeline, std::uint64_t offset) noexcept : timeline_(timeline), offset_(offset) {}

  friend constexpr auto operator<=>(const position&, const position&) noexcept = default;

 private:
  std::uint64_t timeline_ = 0;
  std::uint64_t offset_ = 0;
};

// What is known of a loaded value: every commit at or before `asof` is in it, and no commit after `upto` is.
struct freshness {
  position asof;
  position upto;
};

}  // namespace forebay
