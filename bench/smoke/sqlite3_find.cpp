#include <sqlite3.h>

#include <stdexcept>
#include <string>

#include "baselines.hpp"

namespace bench {

struct sqlite3_find::state {
  ~state() {
    sqlite3_finalize(find);
    sqlite3_close(db);
  }
  sqlite3* db = nullptr;
  sqlite3_stmt* find = nullptr;
};

namespace {

void require(bool fine, const char* what) {
  if (!fine) throw std::runtime_error(what);
}

std::string text_of(sqlite3_stmt* s, int column) {
  require(sqlite3_column_type(s, column) == SQLITE_TEXT, "not a text");
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(s, column));
  return {text, static_cast<std::size_t>(sqlite3_column_bytes(s, column))};
}

std::int64_t integer_of(sqlite3_stmt* s, int column) {
  require(sqlite3_column_type(s, column) == SQLITE_INTEGER, "not an integer");
  return sqlite3_column_int64(s, column);
}

}  // namespace

sqlite3_find::sqlite3_find(const std::string& file) : state_(std::make_unique<state>()) {
  require(sqlite3_open(file.c_str(), &state_->db) == SQLITE_OK, "cannot open");
  require(sqlite3_prepare_v3(state_->db, "select id, email, name, version from users where id = ?", -1,
                             SQLITE_PREPARE_PERSISTENT, &state_->find, nullptr) == SQLITE_OK,
          "cannot prepare");
}
sqlite3_find::~sqlite3_find() = default;

bool sqlite3_find::find(std::int64_t id, user& out) {
  sqlite3_stmt* s = state_->find;
  require(sqlite3_bind_int64(s, 1, id) == SQLITE_OK, "cannot bind");
  const bool found = sqlite3_step(s) == SQLITE_ROW;
  if (found) {
    out.id = integer_of(s, 0);
    out.email = text_of(s, 1);
    if (sqlite3_column_type(s, 2) == SQLITE_NULL) {
      out.name.reset();
    } else {
      out.name = text_of(s, 2);
    }
    out.version = integer_of(s, 3);
  }
  sqlite3_reset(s);
  return found;
}

}  // namespace bench
