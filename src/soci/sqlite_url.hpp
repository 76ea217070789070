#pragma once

#include <string>

#include <forebay/db/url.hpp>

namespace forebay::soci {

// What "sqlite:shop.db?mode=rw" means.
struct sqlite_place {
  std::string name;
  bool in_memory = false;
  bool must_exist = false;
};

// Throws invalid_option. Each URL of a database in memory is a place of its own.
sqlite_place sqlite_place_of(const database_url& url);

}  // namespace forebay::soci
