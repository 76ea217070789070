#include <sqlite3.h>
#include <unistd.h>

#include <filesystem>
#include <system_error>

#include "shop.hpp"

namespace {

class SqliteGuide : public testing::Test {
 protected:
  SqliteGuide() {
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
  }
  ~SqliteGuide() override {
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
  }
  const std::string folder = testing::TempDir() + "forebay-guide-" + std::to_string(::getpid());
};

TEST_F(SqliteGuide, ADatabaseInAFile) {
  const std::filesystem::path before = std::filesystem::current_path();
  std::filesystem::current_path(folder);
  // [snippet
  forebay::database db{{.shards = {{.primary = "sqlite:shop.db"}}, .pool = {.max_size = 4}}};
  forebay::session s = db.session({.deadline = 2s});
  db.execute(s, "create table events(id integer primary key, at text not null, what text not null) strict");
  // snippet]
  EXPECT_TRUE(std::filesystem::exists(folder + "/shop.db"));
  // [snippet
  const auto at = std::chrono::sys_days(std::chrono::year(2026) / 11 / 24) + 10h + 30min;
  db.execute(s, "insert into events(at, what) values({}, {})", at, "opened");
  const auto text = db.scalar<std::string>(s, "select at from events");  // "2026-11-24T10:30:00.000000Z"
  const auto later = db.scalar<std::int64_t>(s, "select count(*) from events where at >= {}", at - 1h);
  // snippet]
  EXPECT_EQ(text, "2026-11-24T10:30:00.000000Z");
  EXPECT_EQ(later, 1);
  std::filesystem::current_path(before);
}

TEST_F(SqliteGuide, ReadersGoOnWhileSomethingIsWritten) {
  forebay::database db{{.shards = {{.primary = "sqlite:" + folder + "/shop.db"}}}};
  forebay::session writing = db.session();
  forebay::session reading = db.session();
  db.execute(writing, "create table orders(id integer primary key, user_id integer, total_cents integer)");
  const forebay::repository<Order> orders{db};
  // [snippet
  forebay::transaction tx = db.begin(writing);  // waits for another writer, at most until the deadline
  orders.insert(tx, {.id = 1, .user_id = 1, .total_cents = 500});
  const auto seen = orders.count(reading);  // waits for nobody, and sees what is committed
  tx.commit();
  // snippet]
  EXPECT_EQ(seen, 0u);
  EXPECT_EQ(orders.count(reading), 1u);
}

TEST_F(SqliteGuide, AHandleThatIsOpenAlready) {
  sqlite3* handle = nullptr;
  ASSERT_EQ(sqlite3_open((folder + "/shop.db").c_str(), &handle), SQLITE_OK);
  {
    // [snippet
    forebay::database db{{.shards = {{.primary = forebay::soci::adopt(handle)}}}};  // the handle outlives it
    // snippet]
    forebay::session s = db.session();
    db.execute(s, "create table t(id integer primary key)");
  }
  EXPECT_EQ(sqlite3_exec(handle, "insert into t values(1)", nullptr, nullptr, nullptr), SQLITE_OK);
  EXPECT_EQ(sqlite3_close(handle), SQLITE_OK);
}

}  // namespace
