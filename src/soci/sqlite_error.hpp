#pragma once

#include <cstdint>

#include <forebay/error.hpp>

struct sqlite3;

namespace forebay::soci {

// Where SQLite's message may come from. Some messages of a running statement quote what is bound to it ("JSON path
// error near ..."); none of a statement that is being compiled can.
enum class message_source : std::uint8_t { text_only, bound_values };

// Throws what `result_code` of the last call on the handle means. Holds SQLite's message, which names tables, columns
// and constraints, where it cannot hold a bound value.
[[noreturn]] void throw_sqlite_error(sqlite3* handle, int result_code,
                                     message_source source = message_source::text_only,
                                     outcome what_happened = outcome::not_applied);

}  // namespace forebay::soci
