#pragma once

#include <string>

struct sqlite3;

namespace forebay::soci {

// Throws what `result_code` of the last call on the handle means. Holds SQLite's message, which names tables, columns
// and constraints and no bound value.
[[noreturn]] void throw_sqlite_error(sqlite3* handle, int result_code);

}  // namespace forebay::soci
