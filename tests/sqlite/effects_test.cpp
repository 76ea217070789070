#include "sqlite/shop.hpp"

#include <forebay/db/driver.hpp>

using namespace shop;
using forebay::connection_role;
using forebay::write_effects;

namespace {

using names = std::vector<std::string>;

// What SQLite says that a statement writes.
class Effects : public testing::Test {
 protected:
  Effects() {
    for (const char* text : {
             "create table people(id integer primary key, boss integer references people(id) on delete cascade, "
             "email text unique)",
             "create table users(id integer primary key, email text unique, name text)",
             "create table orders(id integer primary key, user_id integer references users(id) on delete cascade on "
             "update cascade, total integer)",
             "create table lines(id integer primary key, order_id integer references orders(id) on delete set null)",
             "create table log(line text)",
             "create trigger audit after update of total on orders begin insert into log values('x'); end",
             "create view buyers as select id, email from users",
             "create trigger sign_up instead of insert on buyers begin insert into users(id, email) values(new.id, "
             "new.email); end",
         }) {
      of(text);
    }
    of("insert into users(id, email) values(1, 'a'), (2, 'b'), (3, 'c')");
    of("insert into orders values(1, 1, 5)");
    of("insert into lines values(1, 1)");
    of("insert into people values(1, null, 'a'), (2, 1, 'b'), (3, 2, 'c')");
  }

  write_effects of(std::string_view text) {
    forebay::rows r = writer->run(op, {text, forebay::text_hash_of(text), {}, forebay::statement_intent::write});
    r.finish();
    return r.effects();
  }

  temporary_folder folder;
  forebay::event_stream events;
  forebay::session s{
      nullptr, forebay::system_runtime(), events, 1, "test", forebay::deadline(forebay::system_runtime().now() + 20s)};
  forebay::operation op{s, "test", forebay::call_site::here(), 0};
  std::unique_ptr<forebay::driver> driver = forebay::make_driver(folder.url("t.db"), forebay::system_runtime());
  std::unique_ptr<forebay::connection> writer = driver->connect(connection_role::writer, s.until());
};

void expect(const write_effects& e, const names& tables, const names& beyond) {
  EXPECT_TRUE(e.known);
  EXPECT_EQ(e.tables, tables);
  EXPECT_EQ(e.beyond, beyond);
}

TEST_F(Effects, AReadWritesNothing) { expect(of("select * from users"), {}, {}); }

TEST_F(Effects, OneTableIsNamedAsTheSchemaSpellsIt) {
  expect(of("update USERS set email = 'x', name = 'y' where id = 3"), {"users"}, {});
  expect(of("insert into \"Users\"(id) values(9)"), {"users"}, {});
  expect(of("delete from main.[log]"), {"log"}, {});
  expect(of("update users as u set name = 'y' where u.id = 3"), {"users"}, {});
}

TEST_F(Effects, ANameOfACommonTableExpressionIsNoTable) {
  expect(of("with users as (select 9 as id) update log set line = 'x' where rowid in (select id from users)"), {"log"},
         {});
}

TEST_F(Effects, CascadesOfCascadesAreBeyond) {
  expect(of("delete from users where id = 1"), {"users"}, {"orders", "lines"});
  expect(of("update users set id = 20 where id = 2"), {"users"}, {});  // without orders: nothing cascaded
}

TEST_F(Effects, AParentThatIsReplacedCascades) {
  const write_effects e = of("insert or replace into users(id, email) values(1, 'new')");
  EXPECT_EQ(e.tables, names{"users"});
  EXPECT_EQ(e.beyond, (names{"orders", "lines"}));
}

TEST_F(Effects, OnlyWhatDidCascadeCounts) { expect(of("delete from users where id = 2"), {"users"}, {}); }

TEST_F(Effects, AnUpsertIsTheTablesOwn) {
  expect(of("insert into users(id, email) values(2, 'b') on conflict(id) do update set name = 'x'"), {"users"}, {});
}

TEST_F(Effects, TriggersAreBeyond) { expect(of("update orders set total = 6"), {"orders"}, {"log"}); }

TEST_F(Effects, ATriggerThatDoesNotFireIsNot) { expect(of("update orders set id = id"), {"orders"}, {}); }

TEST_F(Effects, MoreRowsOfTheOwnTableAreBeyond) {
  expect(of("delete from people where id = 1"), {"people"}, {"people"});
}

TEST_F(Effects, ADeleteThatComesBackByWayOfAnotherTableIsBeyond) {
  of("create table teams(id integer primary key, lead integer references members(id) on delete cascade)");
  of("create table members(id integer primary key, team integer references teams(id) on delete cascade)");
  of("insert into teams(id) values(1), (2)");
  of("insert into members values(7, 1)");
  of("update teams set lead = 7 where id = 2");
  expect(of("delete from teams where id = 1"), {"teams"}, {"members", "teams"});
}

TEST_F(Effects, AnUpdateThatComesBackToItsTableByAForeignKeyIsBeyond) {
  of("create table nodes(id integer primary key, up integer references nodes(id) on update cascade)");
  of("insert into nodes values(1, null), (2, 1)");
  expect(of("update nodes set id = 7 where id = 1"), {"nodes"}, {"nodes"});
}

TEST_F(Effects, ATriggerInPlaceOfTheWriteNamesViewAndTable) {
  expect(of("insert into buyers(id, email) values(7, 'new')"), {"buyers"}, {"users"});
}

TEST_F(Effects, ATriggerThatWasMadeLaterIsHeardOf) {
  expect(of("update users set name = 'z'"), {"users"}, {});
  of("create trigger watch after update on users begin insert into log values('seen'); end");
  expect(of("update users set name = 'z'"), {"users"}, {"log"});
  of("drop trigger watch");
  expect(of("update users set name = 'z'"), {"users"}, {});
}

TEST_F(Effects, ATemporaryTriggerIsHeardOf) {
  expect(of("update users set name = 'z'"), {"users"}, {});
  of("create temp trigger watch after update on users begin insert into log values('seen'); end");
  expect(of("update users set name = 'z'"), {"users"}, {"log"});
}

TEST_F(Effects, AfterAFailureWhatMayHaveBeenWrittenIsTold) {
  std::string text = "insert or fail into orders values(2, 3, 1), (1, 3, 1)";
  forebay::rows r = writer->run(op, {text, forebay::text_hash_of(text), {}, forebay::statement_intent::write});
  EXPECT_THROW(r.finish(), forebay::duplicate_key);
  expect(r.effects(), {"orders"}, {});
}

TEST_F(Effects, WhatIsNotPlainRowsOfTheMainDatabaseIsNotKnown) {
  of("create virtual table words using fts5(word)");
  of("create temp table scratch(x)");
  of("create temp table log(line)");  // in the way of main.log
  of("attach ':memory:' as other");
  of("create table other.users(id)");
  for (const char* text :
       {"insert into words values('w')", "insert into scratch values(1)", "insert into log values('x')",
        "insert into other.users values(1)", "create table more(x)", "drop table more",
        "alter table users add column y", "create index i on users(name)", "analyze", "reindex", "vacuum",
        "pragma user_version = 4", "create table copy as select * from users"}) {
    SCOPED_TRACE(text);
    EXPECT_FALSE(of(text).known);
  }
  expect(of("insert into main.log values('x')"), {"log"}, {});
}

TEST_F(Effects, ATriggerThatFillsAVirtualTableMakesItUnknown) {
  of("create virtual table words using fts5(word)");
  of("create trigger index_it after insert on users begin insert into words values(new.name); end");
  EXPECT_FALSE(of("insert into users(id) values(30)").known);
}

}  // namespace
