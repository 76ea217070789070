#pragma once

#include <cstdint>

namespace forebay {

// A random number of this process, mixed into every hash that leaves the library in an event: the hash of a value
// cannot be looked up in a table made elsewhere. No defence against who can make values of his own and see their
// events.
[[nodiscard]] std::uint64_t process_key() noexcept;

}  // namespace forebay
