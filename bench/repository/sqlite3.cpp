#include <sqlite3.h>

#include <stdexcept>

#include "access.hpp"

namespace bench {

namespace {

void require(bool fine, const char* what) {
  if (!fine) throw std::runtime_error(std::string("sqlite3: ") + what);
}

struct closer {
  void operator()(sqlite3* db) const { sqlite3_close(db); }
  void operator()(sqlite3_stmt* s) const { sqlite3_finalize(s); }
};
using statement = std::unique_ptr<sqlite3_stmt, closer>;

std::int64_t integer_at(sqlite3_stmt* s, int column) {
  require(sqlite3_column_type(s, column) == SQLITE_INTEGER, "not an integer");
  return sqlite3_column_int64(s, column);
}

double real_at(sqlite3_stmt* s, int column) {
  require(sqlite3_column_type(s, column) == SQLITE_FLOAT, "not a real");
  return sqlite3_column_double(s, column);
}

void text_at(sqlite3_stmt* s, int column, std::string& out) {
  require(sqlite3_column_type(s, column) == SQLITE_TEXT, "not a text");
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(s, column));
  out.assign(text, static_cast<std::size_t>(sqlite3_column_bytes(s, column)));
}

// With checks of types and NULL, as a careful person would write it.
void read(sqlite3_stmt* s, user& out) {
  out.id = integer_at(s, 0);
  out.tenant = integer_at(s, 1);
  text_at(s, 2, out.email);
  if (sqlite3_column_type(s, 3) == SQLITE_NULL) {
    out.name.reset();
  } else {
    text_at(s, 3, out.name ? *out.name : out.name.emplace());
  }
  out.balance = real_at(s, 4);
  out.version = integer_at(s, 5);
}

void bind(sqlite3_stmt* s, int place, std::int64_t value) {
  require(sqlite3_bind_int64(s, place, value) == SQLITE_OK, "cannot bind");
}

void bind(sqlite3_stmt* s, int place, const std::string& value) {
  require(sqlite3_bind_text(s, place, value.data(), static_cast<int>(value.size()), SQLITE_STATIC) == SQLITE_OK,
          "cannot bind");
}

class sqlite3_access final : public access {
 public:
  sqlite3_access(const std::string& file, sqlite3_threading threading) {
    const int mutex = threading == sqlite3_threading::no_mutex ? SQLITE_OPEN_NOMUTEX : SQLITE_OPEN_FULLMUTEX;
    sqlite3* opened = nullptr;
    const int rc = sqlite3_open_v2(file.c_str(), &opened, SQLITE_OPEN_READWRITE | mutex, nullptr);
    db_.reset(opened);
    require(rc == SQLITE_OK, "cannot open");
    execute("pragma journal_mode = wal");
    execute("pragma foreign_keys = on");
    const texts t(false);
    find_ = prepare(t.find);
    find_many_ = prepare(t.find_many);
    page_ = prepare(t.page);
    insert_ = prepare(t.insert);
  }

  void find(std::int64_t id, user& out) override {
    sqlite3_stmt* s = find_.get();
    bind(s, 1, id);
    require(sqlite3_step(s) == SQLITE_ROW, "no such row");
    read(s, out);
    sqlite3_reset(s);
  }

  std::vector<user> find_many(std::span<const std::int64_t> ids) override {
    sqlite3_stmt* s = find_many_.get();
    const places place(ids);
    std::vector<user> found(ids.size());
    for (std::size_t i = 0; i < ids.size(); ++i) bind(s, static_cast<int>(i + 1), ids[i]);
    while (next(s)) read(s, found[place.of(sqlite3_column_int64(s, 0))]);
    sqlite3_reset(s);
    return found;
  }

  std::vector<user> page_after(std::int64_t id) override {
    sqlite3_stmt* s = page_.get();
    std::vector<user> found;
    found.reserve(page_size);
    bind(s, 1, id);
    while (next(s)) read(s, found.emplace_back());
    sqlite3_reset(s);
    return found;
  }

  void insert_many(std::span<const user> rows) override {
    sqlite3_stmt* s = insert_.get();
    execute("begin immediate");
    for (const user& u : rows) {
      bind(s, 1, u.id);
      bind(s, 2, u.tenant);
      bind(s, 3, u.email);
      if (u.name) {
        bind(s, 4, *u.name);
      } else {
        require(sqlite3_bind_null(s, 4) == SQLITE_OK, "cannot bind");
      }
      require(sqlite3_bind_double(s, 5, u.balance) == SQLITE_OK, "cannot bind");
      bind(s, 6, u.version);
      require(sqlite3_step(s) == SQLITE_DONE, "cannot insert");
      sqlite3_reset(s);
    }
    execute("commit");
  }

 private:
  void execute(const char* text) {
    require(sqlite3_exec(db_.get(), text, nullptr, nullptr, nullptr) == SQLITE_OK, text);
  }
  statement prepare(const std::string& text) {
    sqlite3_stmt* s = nullptr;
    require(sqlite3_prepare_v3(db_.get(), text.c_str(), -1, SQLITE_PREPARE_PERSISTENT, &s, nullptr) == SQLITE_OK,
            "cannot prepare");
    return statement(s);
  }
  static bool next(sqlite3_stmt* s) {
    const int rc = sqlite3_step(s);
    require(rc == SQLITE_ROW || rc == SQLITE_DONE, "cannot read");
    return rc == SQLITE_ROW;
  }

  std::unique_ptr<sqlite3, closer> db_;
  statement find_, find_many_, page_, insert_;
};

}  // namespace

std::unique_ptr<access> access_by_sqlite3(const std::string& file, sqlite3_threading threading) {
  return std::make_unique<sqlite3_access>(file, threading);
}

}  // namespace bench
