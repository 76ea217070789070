#include "sqlite/shop.hpp"

#include <sqlite3.h>

using namespace shop;
using forebay::errc;

namespace {

struct Doubled {
  std::int64_t id{};
  std::int64_t n{};
};
FOREBAY_ENTITY(Doubled, "doubled", id, n);

// A handle of the application, with a statement of its own in the middle of its rows.
class Adopted : public testing::Test {
 protected:
  Adopted() {
    EXPECT_EQ(sqlite3_open(folder.file("app.db").c_str(), &handle), SQLITE_OK);
    run("create table numbers(n integer); insert into numbers values(1), (2), (3)");
    EXPECT_EQ(sqlite3_prepare_v2(handle, "select n from numbers order by n", -1, &mine, nullptr), SQLITE_OK);
  }
  ~Adopted() override {
    sqlite3_finalize(mine);
    EXPECT_EQ(sqlite3_close(handle), SQLITE_OK) << "nothing of ours is left in it";
  }
  void run(const char* text) { EXPECT_EQ(sqlite3_exec(handle, text, nullptr, nullptr, nullptr), SQLITE_OK) << text; }

  temporary_folder folder;
  sqlite3* handle = nullptr;
  sqlite3_stmt* mine = nullptr;
};

TEST_F(Adopted, AHandleIsReadAndWrittenByOneConnectionAndStaysOpen) {
  {
    forebay::database_options o = options_for("sqlite::memory:");
    o.shards[0].primary = forebay::soci::adopt(handle);
    shop_database shop(std::move(o));
    shop.users.insert(shop.s, ann());
    EXPECT_EQ(*shop.users.find(shop.s, 1), ann());
    EXPECT_EQ(shop.db.query<std::int64_t>(shop.s, "select n from numbers").size(), 3u);
    shop.db.transact(shop.s, [&](forebay::transaction& tx) {
      shop.users.insert(tx, bob());
      EXPECT_EQ(shop.users.query(tx).all().size(), 2u);
    });
    EXPECT_EQ(shop.db.connections(forebay::connection_role::writer).size, 1u);
    EXPECT_EQ(shop.db.connections(forebay::connection_role::reader).size, 0u);
  }
  run("begin; delete from users where id = 2; commit");  // would be refused by our authorizer
  EXPECT_EQ(sqlite3_changes(handle), 1);
}

TEST_F(Adopted, ATemporaryViewIsReadAndGoesWithEveryWrite) {
  forebay::database_options o = options_for("sqlite::memory:");
  o.shards[0].primary = forebay::soci::adopt(handle);
  o.cache.entities.push_back(forebay::cache_for<Doubled>());
  shop_database shop(std::move(o));
  forebay::database& db = shop.db;
  forebay::session& s = shop.s;
  db.execute(s, "create temp view doubled as select rowid as id, 2 * n as n from numbers");
  const forebay::repository<Doubled> doubled{db};
  EXPECT_EQ(doubled.find(s, 1).value().n, 2);
  db.execute(s, "update numbers set n = 5 where n = 1");
  EXPECT_EQ(doubled.find(s, 1).value().n, 10);
}

TEST_F(Adopted, TheApplicationsStatementsAreLeftAlone) {
  ASSERT_EQ(sqlite3_step(mine), SQLITE_ROW);
  EXPECT_EQ(sqlite3_column_int(mine, 0), 1);
  {
    forebay::database db{{.shards = {{.primary = forebay::soci::adopt(handle)}}}};
    forebay::session s = db.session();
    EXPECT_EQ(db.query<std::int64_t>(s, "select n from numbers order by n").size(), 3u);
  }
  ASSERT_EQ(sqlite3_step(mine), SQLITE_ROW);
  EXPECT_EQ(sqlite3_column_int(mine, 0), 2);
}

TEST_F(Adopted, ItsSettingsStayAsTheyAre) {
  const auto journal_mode = [&] {
    std::string mode;
    sqlite3_exec(
        handle, "pragma journal_mode",
        [](void* out, int, char** cells, char**) {
          *static_cast<std::string*>(out) = cells[0];
          return 0;
        },
        &mode, nullptr);
    return mode;
  };
  const std::string before = journal_mode();
  {
    forebay::database db{{.shards = {{.primary = forebay::soci::adopt(handle)}}}};
    forebay::session s = db.session();
    db.execute(s, "insert into numbers values(4)");
  }
  EXPECT_EQ(journal_mode(), before);
}

TEST_F(Adopted, ErrorsAreTypedAsOnAConnectionOfOurOwn) {
  forebay::database db{{.shards = {{.primary = forebay::soci::adopt(handle)}}}};
  forebay::session s = db.session();
  db.execute(s, "create table keyed(id integer primary key, word text unique)");
  db.execute(s, "insert into keyed values(1, 'a')");
  EXPECT_EQ(error_of([&] { db.execute(s, "insert into keyed values(1, {})", secret_text); }).code, errc::duplicate_key);
  EXPECT_EQ(error_of([&] { db.execute(s, "insert into keyed values(2, 'a')"); }).code, errc::duplicate_key);
  forebay::session hasty = db.session({.deadline = 30ms});
  EXPECT_EQ(error_of([&] {
              (void)db.query<std::int64_t>(hasty,
                                           "with recursive n(i) as (select 1 union all select i + 1 from n) "
                                           "select count(*) from n");
            }).code,
            errc::deadline_exceeded);
}

TEST_F(Adopted, WhatWouldWaitForTheOneConnectionIsRefusedAtOnce) {
  forebay::database db{{.shards = {{.primary = forebay::soci::adopt(handle)}}}};
  forebay::session s = db.session();
  forebay::transaction tx = db.begin(s);
  const caught e = error_of([&] { (void)db.query<std::int64_t>(s.outside(tx), "select count(*) from numbers"); });
  EXPECT_EQ(e.code, errc::session_in_transaction);
  EXPECT_TRUE(e.says("wait for itself")) << e.what;
  tx.commit();
  forebay::transaction reading = db.begin(s, {.mode = forebay::transaction_mode::read_only});
  EXPECT_EQ(db.query<std::int64_t>(reading, "select count(*) from numbers")[0], 3);
  EXPECT_EQ(error_of([&] { db.execute(reading, "delete from numbers"); }).code, errc::read_only);
}

TEST_F(Adopted, ATransactionOfTheApplicationIsInTheWay) {
  run("begin");
  {
    forebay::database db{{.shards = {{.primary = forebay::soci::adopt(handle)}}}};
    forebay::session s = db.session();
    EXPECT_EQ(error_of([&] { (void)db.begin(s); }).code, errc::query_failed);
  }
  run("commit");
}

TEST_F(Adopted, NothingAndTwiceAreRefused) {
  EXPECT_EQ(error_of([] { (void)forebay::soci::adopt(static_cast<sqlite3*>(nullptr)); }).code, errc::invalid_option);
  const forebay::database_url once = forebay::soci::adopt(handle);
  const forebay::database first{{.shards = {{.primary = once}}}};
  EXPECT_EQ(error_of([&] { const forebay::database second{{.shards = {{.primary = once}}}}; }).code,
            errc::invalid_option);
}

}  // namespace
