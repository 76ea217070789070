#include "sqlite/shop.hpp"

#include <forebay/schema_check.hpp>
#include <forebay/testing/schema.hpp>

using namespace shop;
using forebay::check_schema;
using forebay::schema_difference;
using forebay::schema_severity;
using forebay::testing::schema_differences;

namespace {

struct Thing {
  std::int64_t id{};
  std::string name;
  std::optional<double> weight;
  std::int32_t small{};
};
FOREBAY_ENTITY(Thing, "things", id, name, weight, small);

struct Stamped {
  std::int64_t id{};
  std::chrono::system_clock::time_point made{};
  std::int64_t doubled{};
  std::vector<std::byte> body;
};
FOREBAY_ENTITY(Stamped,
               (.table = "stamped", .generated = &Stamped::id, .filled = {&Stamped::made},
                .read_only = {&Stamped::doubled}),
               id, made, doubled, body);

struct Plain {
  std::int64_t id{};
  std::int64_t doubled{};
};
FOREBAY_ENTITY(Plain, "plain", id, doubled);

class SchemaCheck : public testing::Test {
 protected:
  template <class T>
  std::vector<schema_difference> differences() {
    return check_schema<T>(db, s);
  }

  // What is said of one column, or of the table.
  template <class T>
  void expect(schema_severity severity, std::string_view column, std::string_view part) {
    for (const schema_difference& d : differences<T>()) {
      if (d.column != column || d.message.find(part) == std::string::npos) continue;
      EXPECT_EQ(d.severity, severity) << to_text(d);
      EXPECT_FALSE(d.fix.empty());
      return;
    }
    std::string all;
    for (const schema_difference& d : differences<T>()) all += to_text(d);
    ADD_FAILURE() << "nothing says \"" << part << "\" of " << column << ":\n" << all;
  }

  static forebay::database_options options() {
    forebay::database_options o = options_for("sqlite::memory:");
    o.cache.entities.push_back(forebay::cache_for<Plain>());
    return o;
  }

  shop_database shop{options()};
  forebay::database& db = shop.db;
  forebay::session& s = shop.s;
};

TEST_F(SchemaCheck, WhatFitsIsNoDifference) {
  EXPECT_EQ((schema_differences<User, Order, Line>(db, s)), "");
  for (const schema_difference& d : check_schema<User, Order, Line>(db, s)) {
    EXPECT_EQ(d.severity, schema_severity::info) << to_text(d);
  }
}

TEST_F(SchemaCheck, AMissingTableIsAnError) {
  ASSERT_EQ(differences<Thing>().size(), 1u);
  expect<Thing>(schema_severity::error, "", "no such table");
  EXPECT_NE((schema_differences<User, Thing>(db, s)).find("error: things of Thing: there is no such table"),
            std::string::npos);
}

TEST_F(SchemaCheck, MissingColumnsAndTypesThatLoseValues) {
  db.execute(s, "create table things(id integer primary key, name integer not null, weight text)");
  expect<Thing>(schema_severity::error, "name", "stored as");
  expect<Thing>(schema_severity::error, "weight", "the column is declared");
  expect<Thing>(schema_severity::error, "small", "no such column");
}

TEST_F(SchemaCheck, ANarrowerMemberIsWorthKnowing) {
  db.execute(s, "create table things(id integer primary key, name text not null, weight real, small int not null)");
  expect<Thing>(schema_severity::info, "small", "64 bits");
  EXPECT_EQ((schema_differences<Thing>(db, s)), "");
}

TEST_F(SchemaCheck, NullsOnEitherSide) {
  db.execute(s, "create table things(id integer primary key, name text, weight real not null, small int not null)");
  expect<Thing>(schema_severity::warning, "name", "may be NULL");
  expect<Thing>(schema_severity::info, "weight", "NOT NULL, the member optional");
}

TEST_F(SchemaCheck, AKeyThatNothingKeepsUniqueIsAnError) {
  db.execute(s, "create table things(id integer not null, name text not null, weight real, small int not null)");
  expect<Thing>(schema_severity::error, "", "key unique");
  db.execute(s, "create unique index some on things(id) where id > 5");
  expect<Thing>(schema_severity::error, "", "key unique");
  db.execute(s, "create unique index wider on things(id, name)");
  expect<Thing>(schema_severity::error, "", "key unique");
  db.execute(s, "create unique index expression on things(id + 1)");
  expect<Thing>(schema_severity::error, "", "key unique");
  db.execute(s, "create unique index whole on things(id)");
  EXPECT_EQ((schema_differences<Thing>(db, s)), "");
}

TEST_F(SchemaCheck, AStrictTableTakesWhatItDeclares) {
  db.execute(s,
             "create table things(id integer primary key, name text not null, weight integer, small any not null) "
             "strict");
  expect<Thing>(schema_severity::error, "weight", "stored as");
  EXPECT_EQ((schema_differences<Thing>(db, s)).find("things.", 16), std::string::npos);  // nothing else
}

TEST_F(SchemaCheck, WhatTheDatabaseMakesIsMadeByTheDatabase) {
  db.execute(s,
             "create table stamped(id integer primary key, made text not null default (datetime()), "
             "body blob not null, doubled integer not null generated always as (id * 2))");
  EXPECT_EQ((schema_differences<Stamped>(db, s)), "");
  db.execute(s, "drop table stamped");
  db.execute(s,
             "create table stamped(id int primary key not null, made integer not null, body text not null, "
             "doubled integer)");
  expect<Stamped>(schema_severity::error, "id", ".generated");
  expect<Stamped>(schema_severity::error, "made", "neither a DEFAULT nor a trigger");
  expect<Stamped>(schema_severity::warning, "made", "the column is declared");
  expect<Stamped>(schema_severity::warning, "doubled", ".read_only");
  expect<Stamped>(schema_severity::warning, "body", "stored as");
}

TEST_F(SchemaCheck, AComputedColumnMustBeReadOnly) {
  db.execute(s, "create table plain(id integer primary key, doubled integer as (id * 2) stored not null)");
  expect<Plain>(schema_severity::error, "doubled", "cannot be written");
}

TEST_F(SchemaCheck, AColumnThatEveryInsertLeavesOut) {
  db.execute(s, "create table plain(id integer primary key, doubled integer not null, more text not null)");
  expect<Plain>(schema_severity::warning, "more", "no member stands for it");
}

TEST_F(SchemaCheck, WhatDropsMoreOfACachedEntity) {
  db.execute(s,
             "create table plain(id integer primary key references users(id) on delete cascade on update restrict, "
             "doubled integer not null unique on conflict replace)");
  expect<Plain>(schema_severity::warning, "", "ON CONFLICT REPLACE");
  expect<Plain>(schema_severity::info, "", "foreign key to users says on delete cascade");
  db.execute(s, "create trigger t after insert on plain begin select 1; end");
  expect<Plain>(schema_severity::info, "", "has triggers");
}

TEST_F(SchemaCheck, AViewIsForReading) {
  db.execute(s, "create view plain as select id, version * 2 as doubled from users");
  expect<Plain>(schema_severity::info, "", "it is a view");
  EXPECT_EQ((schema_differences<Plain>(db, s)), "");
}

TEST_F(SchemaCheck, InATransactionItSeesWhatTheTransactionDid) {
  forebay::transaction tx = db.begin(s);
  db.execute(tx, "create table plain(id integer primary key, doubled integer not null)");
  EXPECT_EQ((schema_differences<Plain>(db, tx)), "");
}

}  // namespace
