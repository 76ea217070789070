#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace bench {

struct user {
  std::int64_t id{};
  std::string email;
  std::optional<std::string> name;
  std::int64_t version{};
};

// The same look-up, written by hand with a prepared statement on the same file.
class soci_find {
 public:
  explicit soci_find(const std::string& file);
  ~soci_find();
  bool find(std::int64_t id, user& out);

 private:
  struct state;
  std::unique_ptr<state> state_;
};

// The floor: the SQLite API itself, with checks of types and NULL, as a careful person would write it.
class sqlite3_find {
 public:
  explicit sqlite3_find(const std::string& file);
  ~sqlite3_find();
  bool find(std::int64_t id, user& out);

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace bench
