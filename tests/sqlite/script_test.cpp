#include "sqlite/shop.hpp"

#include <script_statements.hpp>

using namespace shop;
using forebay::errc;
using forebay::script_scope;
using forebay::source;
using forebay::unsafe_script;

namespace {

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> found;
  for (const auto& s : forebay::detail::split_script(forebay::sqlite_dialect, text)) {
    found.push_back(std::to_string(s.line) + ":" + s.text);
  }
  return found;
}
using words = std::vector<std::string>;

TEST(Script, IsSplitAtItsSemicolonsOnly) {
  EXPECT_EQ(split(""), words{});
  EXPECT_EQ(split(" ; ;\n-- nothing;\n/* ; */;"), words{});
  EXPECT_EQ(split("a;b"), (words{"1:a", "1:b"}));
  EXPECT_EQ(split("a 'x;''y' \"q;\" [r;] `s;` -- ;\n;\n\nb /* ; */ c;"),
            (words{"1:a 'x;''y' \"q;\" [r;] `s;` -- ;\n", "4:b /* ; */ c"}));
  EXPECT_EQ(split("select '{}', '{{'"), (words{"1:select '{{}}', '{{{{'"}));
  EXPECT_EQ(split("a 'unterminated; b"), (words{"1:a 'unterminated; b"}));
}

TEST(Script, ATriggersBodyIsPartOfItsStatement) {
  const std::string trigger =
      "create temp trigger t after insert on a begin update a set x = case when 1 then 2 end; delete from b; end";
  EXPECT_EQ(split(trigger + ";\nselect 1;"), (words{"1:" + trigger, "2:select 1"}));
  EXPECT_EQ(split("CREATE TABLE trigger(x); end;"), (words{"1:CREATE TABLE trigger(x)", "1:end"}));
}

class Scripts : public testing::Test {
 protected:
  Scripts() { shop.users.insert_many(s, std::vector{ann(), bob()}); }
  std::int64_t count() { return db.scalar<std::int64_t>(s, "select count(*) from users"); }

  shop_database shop{"sqlite::memory:"};
  forebay::database& db = shop.db;
  forebay::session& s = shop.s;
};

const char* const migration =
    "create table notes(id integer primary key, body text);\n"
    "insert into notes values(1, 'a; {b}');\n"
    "create trigger counted after insert on notes begin update users set version = version + 1; end;\n"
    "insert into notes values(2, 'c');\n"
    "select * from notes;\n";

TEST_F(Scripts, RunEachStatementInOrder) {
  ASSERT_EQ(shop.users.find(s, 1).value().version, 1);
  EXPECT_EQ(db.run_script(s, unsafe_script(migration, "1.sql")), 5u);
  EXPECT_EQ(db.scalar<std::string>(s, "select body from notes where id = 1"), "a; {b}");
  EXPECT_EQ(shop.users.find(s, 1).value().version, 2);
  EXPECT_EQ(db.run_script(s, unsafe_script("")), 0u);
}

TEST_F(Scripts, ThatFailLeaveNothingAndNameTheirLine) {
  const std::string text = std::string(migration) + "\n\ninsert into nowhere values(1);";
  const caught e = error_of([&] { db.run_script(s, unsafe_script(text, "migrations/1.sql")); });
  EXPECT_EQ(e.code, errc::schema_mismatch);
  EXPECT_TRUE(e.says("migrations/1.sql, statement 6, line 8: ")) << e.what;
  EXPECT_TRUE(e.says("script_test.cpp:")) << e.what;
  EXPECT_EQ(db.scalar<std::int64_t>(s, "select count(*) from sqlite_master where name = 'notes'"), 0);
}

TEST_F(Scripts, EachByItselfKeepWhatRanBefore) {
  EXPECT_THROW(db.run_script(s, unsafe_script("delete from users where id = 1; delete from nowhere"),
                             script_scope::each_by_itself),
               forebay::schema_mismatch);
  EXPECT_EQ(count(), 1);
  EXPECT_EQ(db.run_script(s, unsafe_script("vacuum; pragma user_version = 3;"), script_scope::each_by_itself), 2u);
}

TEST_F(Scripts, WithinATransactionAreUndoneAlone) {
  forebay::transaction tx = db.begin(s);
  db.execute(tx, "delete from users where id = 1");
  EXPECT_THROW(db.run_script(tx, unsafe_script("delete from users; delete from nowhere")), forebay::schema_mismatch);
  EXPECT_EQ(db.scalar<std::int64_t>(tx, "select count(*) from users"), 1);
  EXPECT_EQ(db.run_script(tx, unsafe_script("delete from users")), 1u);
  tx.commit();
  EXPECT_EQ(count(), 0);
}

TEST_F(Scripts, CannotEndTheTransactionThatTheyRunIn) {
  const caught e = error_of([&] { db.run_script(s, unsafe_script("delete from users; commit; select 1")); });
  EXPECT_EQ(e.code, errc::query_failed);
  EXPECT_TRUE(e.says("script, statement 2, line 1: ")) << e.what;
  EXPECT_EQ(count(), 2);
}

TEST_F(Scripts, AreSeenByTheCache) {
  (void)shop.users.find_many(s, {1, 2});
  db.run_script(s, unsafe_script("update users set name = 'x' where id = 1;"));
  EXPECT_EQ(shop.users.find(s, 1).value().name, "x");
  EXPECT_EQ(shop.users.find(s, 2).source(), source::memory);
}

}  // namespace
