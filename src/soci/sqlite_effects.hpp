#pragma once

#include <string>
#include <vector>

#include <forebay/db/connection.hpp>

struct sqlite3;

namespace forebay::soci {

// Hears from SQLite's authorizer what a statement may write: SQLite names every table that the statement, its triggers
// and its foreign-key actions write, each time it compiles the statement.
class sqlite_write_recorder {
 public:
  // Forgets what it heard, and listens until stop().
  void start() noexcept;
  void stop() noexcept { listening_ = false; }
  // One call of the authorizer.
  void note(int action, const char* table, const char* database, const char* trigger) noexcept;
  // What was heard from start() to stop(), looked up in the catalogue: a virtual table may write anything, and what is
  // not in the main database may be any table of that name.
  [[nodiscard]] write_effects effects(sqlite3* handle) const;

 private:
  struct written {
    int action;
    std::string table;
    bool by_itself;  // by no named trigger
  };

  void note_write(int action, const char* table, bool by_itself);

  bool listening_ = false;
  bool clear_ = true;  // nothing was heard that may write what is not told
  std::vector<written> heard_;
};

}  // namespace forebay::soci
