#pragma once

#include <cstddef>
#include <string>

#include <forebay/clock.hpp>
#include <forebay/db/url.hpp>

namespace forebay::soci {

enum class sqlite_access : std::uint8_t { read_write_create, read_write, read_only };

// The parts of "sqlite:shop.db?mode=rw&statements=64&watch=100".
struct sqlite_place {
  std::string path{};  // empty in memory
  std::string name{};  // for sqlite3_open: the path, or a file: URI
  bool in_memory = false;
  sqlite_access access = sqlite_access::read_write_create;
  std::size_t statements = 256;
  milliseconds watch{100};
};

// Throws invalid_option. Each URL of a database in memory is a place of its own.
[[nodiscard]] sqlite_place sqlite_place_of(const database_url& url);

}  // namespace forebay::soci
