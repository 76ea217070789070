#pragma once

#include <cstdint>
#include <string_view>

#include <forebay/block.hpp>
#include <forebay/clock.hpp>
#include <forebay/export.hpp>

namespace forebay {

// Where a value came from.
enum class source : std::uint8_t {
  memory,   // this process's cache
  primary,  // the database, by this call or by another one's load that this call waited for
  loader    // the application's function behind `cached`
};

FOREBAY_API std::string_view to_string(source from) noexcept;

// What a read found. A block without payload: there is no such row.
struct lookup {
  block_ptr block;
  source from = source::primary;
  milliseconds age{};  // since the look-up that loaded it began
};

}  // namespace forebay
