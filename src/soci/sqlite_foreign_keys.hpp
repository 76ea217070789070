#pragma once

#include <string>

struct sqlite3;

namespace forebay::soci {

// "orders(user_id) -> users(id), ...": the foreign keys of a table and those that point to it, each with its columns;
// for messages. Empty when the catalogue cannot be asked.
[[nodiscard]] std::string foreign_keys_around(sqlite3* handle, const std::string& table);

}  // namespace forebay::soci
