#include <SQLiteCpp/SQLiteCpp.h>

#include <stdexcept>

#include "access.hpp"

namespace bench {

namespace {

void read(SQLite::Statement& s, user& out) {
  out.id = s.getColumn(0).getInt64();
  out.tenant = s.getColumn(1).getInt64();
  out.email = s.getColumn(2).getString();
  const SQLite::Column name = s.getColumn(3);
  if (name.isNull()) {
    out.name.reset();
  } else {
    out.name = name.getString();
  }
  out.balance = s.getColumn(4).getDouble();
  out.version = s.getColumn(5).getInt64();
}

class sqlitecpp_access final : public access {
 public:
  explicit sqlitecpp_access(const std::string& file) : db_(file, SQLite::OPEN_READWRITE) {
    db_.exec("pragma journal_mode = wal");
    db_.exec("pragma foreign_keys = on");
  }

  void find(std::int64_t id, user& out) override {
    find_.bind(1, id);
    if (!find_.executeStep()) throw std::runtime_error("SQLiteCpp: no such row");
    read(find_, out);
    find_.reset();
  }

  std::vector<user> find_many(std::span<const std::int64_t> ids) override {
    const places place(ids);
    std::vector<user> found(ids.size());
    for (std::size_t i = 0; i < ids.size(); ++i) find_many_.bind(static_cast<int>(i + 1), ids[i]);
    while (find_many_.executeStep()) read(find_many_, found[place.of(find_many_.getColumn(0).getInt64())]);
    find_many_.reset();
    return found;
  }

  std::vector<user> page_after(std::int64_t id) override {
    std::vector<user> found;
    found.reserve(page_size);
    page_.bind(1, id);
    while (page_.executeStep()) read(page_, found.emplace_back());
    page_.reset();
    return found;
  }

  void insert_many(std::span<const user> rows) override {
    SQLite::Transaction all(db_, SQLite::TransactionBehavior::IMMEDIATE);
    for (const user& u : rows) {
      insert_.bind(1, u.id);
      insert_.bind(2, u.tenant);
      insert_.bindNoCopy(3, u.email);
      if (u.name) {
        insert_.bindNoCopy(4, *u.name);
      } else {
        insert_.bind(4);
      }
      insert_.bind(5, u.balance);
      insert_.bind(6, u.version);
      insert_.exec();
      insert_.reset();
    }
    all.commit();
  }

 private:
  const texts texts_{false};
  SQLite::Database db_;
  SQLite::Statement find_{db_, texts_.find};
  SQLite::Statement find_many_{db_, texts_.find_many};
  SQLite::Statement page_{db_, texts_.page};
  SQLite::Statement insert_{db_, texts_.insert};
};

}  // namespace

std::unique_ptr<access> access_by_sqlitecpp(const std::string& file) {
  return std::make_unique<sqlitecpp_access>(file);
}

}  // namespace bench
