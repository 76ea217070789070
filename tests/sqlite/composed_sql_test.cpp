#include <optional>
#include <string>

#include "sqlite/shop.hpp"

#include <forebay/sql/composed.hpp>

using namespace shop;
using forebay::sql;
using forebay::unsafe_sql;

namespace {

class ComposedSqlOnSqlite : public testing::Test {
 protected:
  ComposedSqlOnSqlite() { shop.users.insert_many(s, std::vector{ann(), bob()}); }

  std::size_t found(std::optional<std::string> email, bool none) {
    return db
        .query<User>(
            s, sql("select * from users where id > {}", 0).add_if(email, " and email = {}").add_if(none, " and false"))
        .size();
  }

  shop_database shop{"sqlite::memory:"};
  forebay::database& db = shop.db;
  forebay::session& s = shop.s;
};

TEST_F(ComposedSqlOnSqlite, GoesWhereALiteralGoes) {
  EXPECT_EQ(found({}, false), 2u);
  EXPECT_EQ(found(ann().email, false), 1u);
  EXPECT_EQ(found(ann().email, true), 0u);
  const auto by_id = [](std::int64_t id) { return sql("select * from users where id = {}", id); };
  EXPECT_EQ(db.query_one<User>(s, by_id(1)), ann());
  EXPECT_EQ(db.query_one<User>(s, by_id(404)), std::nullopt);
  EXPECT_EQ(db.scalar<std::int64_t>(s, sql("select count(*)").add(" from users")), 2);
  EXPECT_EQ(db.for_each<User>(
                s, [](User&) {}, sql("select * from users where id in ({})", std::vector{1, 2, 3})),
            2u);
  EXPECT_EQ(db.execute(s, sql("update users set name = {}", "Eve").add_if(true, " where id = {}", 1)), 1u);
  EXPECT_EQ(db.query_one<User>(s, by_id(1))->name, "Eve");
}

TEST_F(ComposedSqlOnSqlite, RunsATextMadeAtRunTime) {
  const std::string table = "users";
  EXPECT_EQ(db.scalar<std::int64_t>(s, unsafe_sql("select count(*) from " + table + " where id = {}", 1)), 1);
}

TEST_F(ComposedSqlOnSqlite, NamesThePlaceInAnError) {
  const caught e = error_of([&] { (void)db.query<User>(s, sql("select * from users").add(" where nothing = {}", 1)); });
  EXPECT_TRUE(e.says("composed_sql_test.cpp:")) << e.what;
  EXPECT_TRUE(e.says("where nothing = {}")) << e.what;
}

}  // namespace
