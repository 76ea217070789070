#include "sqlite/shop.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <fstream>

#include <unistd.h>

#include <forebay/db/driver.hpp>

using namespace shop;
using forebay::connection;
using forebay::connection_role;
using forebay::errc;
using forebay::parameter;
using forebay::rows;
using forebay::statement_intent;
using forebay::value;

namespace {

// The driver without the layers above it: several statements of one connection at once.
class Connection : public testing::Test {
 protected:
  Connection() {
    run(*writer, "create table t(id integer primary key, name text)");
    for (int i = 1; i <= 5; ++i)
      run(*writer, "insert into t values({}, 'n' || {})", {value::integer(i), value::integer(i)});
  }

  [[nodiscard]] std::unique_ptr<connection> connect(connection_role role) const {
    return driver->connect(role, s.until());
  }

  // The text lives as long as the test.
  forebay::statement make(const std::string& text, std::vector<parameter> bound = {},
                          statement_intent intent = statement_intent::read) {
    const std::string& kept = texts_.emplace_back(std::make_unique<std::string>(text)).operator*();
    const auto& parameters = *parameters_.emplace_back(std::make_unique<std::vector<parameter>>(std::move(bound)));
    return {kept, forebay::text_hash_of(kept), parameters, intent, {}, {}};
  }

  std::uint64_t run(connection& on, const std::string& text, std::vector<parameter> bound = {}) {
    return on.run(op, make(text, std::move(bound), statement_intent::write)).finish();
  }

  std::vector<std::int64_t> integers(connection& on, const std::string& text, std::vector<parameter> bound = {}) {
    std::vector<std::int64_t> all;
    rows r = on.run(op, make(text, std::move(bound)));
    while (r.next()) all.push_back(r.cells()[0].as_integer());
    return all;
  }

  temporary_folder folder;
  forebay::event_stream events;
  forebay::session s{
      nullptr, forebay::system_runtime(), events, 1, "test", forebay::deadline(forebay::system_runtime().now() + 20s)};
  forebay::operation op{s, "test", forebay::call_site::here(), 0};
  std::unique_ptr<forebay::driver> driver = forebay::make_driver(folder.url("t.db"), forebay::system_runtime());
  std::unique_ptr<connection> writer = connect(connection_role::writer);

 private:
  std::vector<std::unique_ptr<std::string>> texts_;
  std::vector<std::unique_ptr<std::vector<parameter>>> parameters_;
};

TEST_F(Connection, TheSameStatementNestsInsideItsOwnRows) {
  const std::string text = "select id from t where id > {} order by id";
  std::int64_t sum = 0;
  rows outer = writer->run(op, make(text, {value::integer(3)}));
  while (outer.next()) {
    const std::int64_t id = outer.cells()[0].as_integer();
    rows inner = writer->run(op, make(text, {value::integer(id)}));
    while (inner.next()) sum += 10 * id + inner.cells()[0].as_integer();
  }
  EXPECT_EQ(sum, 45);  // 4 then 5; nothing above 5
}

TEST_F(Connection, AStatementThatWasLeftInTheMiddleHoldsNoSnapshot) {
  const std::unique_ptr<connection> reader = connect(connection_role::reader);
  {
    rows half = reader->run(op, make("select id from t order by id"));
    EXPECT_TRUE(half.next());
  }
  run(*writer, "insert into t values(6, 'n6')");
  EXPECT_EQ(integers(*reader, "select count(*) from t"), std::vector<std::int64_t>{6});
  {
    rows half = reader->run(op, make("select id from t order by id"));
    EXPECT_TRUE(half.next());
    run(*writer, "insert into t values(7, 'n7')");  // an open snapshot does not hold up a writer
  }
  EXPECT_EQ(integers(*reader, "select count(*) from t"), std::vector<std::int64_t>{7});
}

TEST_F(Connection, MoreStatementsThanItKeeps) {
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 300; ++i) {
      ASSERT_EQ(integers(*writer, "select id + " + std::to_string(i) + " from t where id = {}", {value::integer(1)}),
                std::vector<std::int64_t>{1 + i});
    }
  }
}

TEST_F(Connection, KeepsAsManyStatementsAsTheUrlSays) {
  const auto memory_for_statements = [&](const std::string& options) {
    const auto few = forebay::make_driver(folder.url("t.db") + options, forebay::system_runtime());
    const std::unique_ptr<connection> on = few->connect(connection_role::reader, s.until());
    (void)integers(*on, "select count(*) from t");
    const sqlite3_int64 before = sqlite3_memory_used();
    for (int i = 0; i < 200; ++i) {
      EXPECT_EQ(integers(*on, "select id + " + std::to_string(i) + " from t where id = {}", {value::integer(1)}),
                std::vector<std::int64_t>{1 + i});
    }
    return sqlite3_memory_used() - before;
  };
  EXPECT_LT(memory_for_statements("?statements=2"), 50'000);
  EXPECT_GT(memory_for_statements("?statements=200"), 200'000);
}

// A million rows of 200 bytes, of which one at a time is here.
TEST_F(Connection, RowsStreamInBoundedMemory) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "a sanitizer keeps what is freed";
#endif
  const auto resident_bytes = [] {
    std::ifstream statm("/proc/self/statm");
    std::size_t size = 0;
    std::size_t resident = 0;
    statm >> size >> resident;
    return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  };
  rows all = writer->run(op, make("with recursive n(i) as (select 1 union all select i + 1 from n where i < 1000000) "
                                  "select i, printf('%0200d', i) as filler from n"));
  ASSERT_TRUE(all.next());
  const std::size_t before = resident_bytes();
  std::size_t count = 1;
  std::size_t bytes = 0;
  std::size_t most = before;
  while (all.next()) {
    bytes += all.cells()[1].as_text().size();
    if (++count % 100'000 == 0) most = std::max(most, resident_bytes());
  }
  EXPECT_EQ(count, 1'000'000u);
  EXPECT_GT(bytes, 199'000'000u);
  EXPECT_LT(most - before, std::size_t{8} << 20);
}

TEST_F(Connection, MoreOpenStatementsThanItKeeps) {
  std::vector<rows> open;
  for (int i = 0; i < 300; ++i) {
    open.push_back(writer->run(op, make("select id + " + std::to_string(i) + " from t order by id")));
    ASSERT_TRUE(open.back().next());
  }
  for (int i = 0; i < 300; ++i) {
    ASSERT_EQ(open[static_cast<std::size_t>(i)].cells()[0].as_integer(), 1 + i);
    ASSERT_TRUE(open[static_cast<std::size_t>(i)].next());
    ASSERT_EQ(open[static_cast<std::size_t>(i)].cells()[0].as_integer(), 2 + i);
  }
  open.clear();
  EXPECT_EQ(integers(*writer, "select count(*) from t"), std::vector<std::int64_t>{5});
}

TEST_F(Connection, TextsThatDifferInWhiteSpaceWithinQuotesAreTwoStatements) {
  const auto text_of = [&](const std::string& text) {
    rows r = writer->run(op, make(text));
    EXPECT_TRUE(r.next());
    return std::string(r.cells()[0].as_text());
  };
  EXPECT_EQ(text_of("select 'a b'"), "a b");
  EXPECT_EQ(text_of("select 'a  b'"), "a  b");
  EXPECT_EQ(text_of("select 'a b'"), "a b");
}

TEST_F(Connection, AListOfAnotherLengthIsAnotherStatement) {
  const std::string text = "select id from t where id in ({}) order by id";
  const auto list = [](std::initializer_list<int> ids) {
    std::vector<value> values;
    for (const int id : ids) values.push_back(value::integer(id));
    return std::vector<parameter>{parameter(std::move(values))};
  };
  EXPECT_EQ(integers(*writer, text, list({1})), (std::vector<std::int64_t>{1}));
  EXPECT_EQ(integers(*writer, text, list({1, 2})), (std::vector<std::int64_t>{1, 2}));
  EXPECT_EQ(integers(*writer, text, list({})), (std::vector<std::int64_t>{}));
  EXPECT_EQ(integers(*writer, text, list({3})), (std::vector<std::int64_t>{3}));
}

TEST_F(Connection, AReaderCannotWrite) {
  const std::unique_ptr<connection> reader = connect(connection_role::reader);
  EXPECT_EQ(error_of([&] { run(*reader, "insert into t values(9, {})", {value::text(secret_text)}); }).code,
            errc::read_only);
  EXPECT_EQ(integers(*reader, "select count(*) from t"), std::vector<std::int64_t>{5});
}

TEST_F(Connection, ARunThatFailedLeavesTheStatementUsable) {
  EXPECT_THROW(run(*writer, "insert into t values({}, 'x')", {value::integer(1)}), forebay::duplicate_key);
  EXPECT_EQ(run(*writer, "insert into t values({}, 'x')", {value::integer(9)}), 1u);
}

TEST_F(Connection, WhatWasBoundBeforeIsNotBoundAgain) {
  const std::string text = "select {} is null";
  EXPECT_EQ(integers(*writer, text, {value::integer(1)}), std::vector<std::int64_t>{0});
  EXPECT_EQ(integers(*writer, text, {value()}), std::vector<std::int64_t>{1});
}

// Running out of time inside a transaction makes SQLite roll it back.
TEST_F(Connection, AfterAnInterruptEndedTheTransactionNothingRunsInAutocommit) {
  writer->begin(op, forebay::transaction_mode::read_write);
  run(*writer, "delete from t where id = 1");
  forebay::session hasty(nullptr, forebay::system_runtime(), events, 2, "hasty",
                         forebay::deadline(forebay::system_runtime().now() + 20ms));
  const forebay::operation slow{hasty, "slow", forebay::call_site::here(), 0};
  EXPECT_THROW(writer
                   ->run(slow, make("insert into t with recursive n(i) as (select 10 union all select i + 1 from n) "
                                    "select i, 'x' from n",
                                    {}, statement_intent::write))
                   .finish(),
               forebay::deadline_exceeded);
  EXPECT_EQ(error_of([&] { run(*writer, "delete from t where id = 2"); }).code, errc::query_failed);
  EXPECT_EQ(error_of([&] { (void)integers(*writer, "select count(*) from t"); }).code, errc::query_failed);
  EXPECT_EQ(error_of([&] { (void)writer->commit(op); }).code, errc::query_failed);
  writer->rollback();
  EXPECT_TRUE(writer->usable());
  EXPECT_EQ(integers(*writer, "select count(*) from t"), std::vector<std::int64_t>{5});
}

TEST_F(Connection, AConnectionWithAnOpenTransactionIsNotKept) {
  EXPECT_TRUE(writer->usable());
  writer->begin(op, forebay::transaction_mode::read_write);
  EXPECT_FALSE(writer->usable());
  writer->rollback();
  EXPECT_TRUE(writer->usable());
}

TEST_F(Connection, ThePositionMovesWithEachCommitAndNotWithReadsAndRollbacks) {
  const forebay::position start = writer->asof();
  EXPECT_EQ(start, writer->upto());
  (void)integers(*writer, "select count(*) from t");
  writer->begin(op, forebay::transaction_mode::read_write);
  run(*writer, "delete from t where id = 1");
  EXPECT_EQ(writer->asof(), start);
  writer->rollback();
  EXPECT_EQ(writer->asof(), start);
  run(*writer, "delete from t where id = 1");
  const forebay::position first = writer->asof();
  EXPECT_LT(start, first);
  writer->begin(op, forebay::transaction_mode::read_write);
  run(*writer, "delete from t where id = 2");
  const forebay::position second = writer->commit(op);
  EXPECT_LT(first, second);
  EXPECT_EQ(connect(connection_role::reader)->asof(), second);
}

TEST_F(Connection, ARowIsReadByPositionWhereItStands) {
  rows r = writer->run(op, make("select 'x' as name, 7 as id"));
  ASSERT_TRUE(r.next());
  EXPECT_EQ(r.columns()[0], "name");
  EXPECT_EQ(r.cells()[1].as_integer(), 7);
  EXPECT_FALSE(r.next());
  EXPECT_FALSE(r.next()) << "the end stays the end";
}

struct Named {
  std::int64_t id{};
  std::string name;
  friend bool operator==(const Named&, const Named&) = default;
};
FOREBAY_ROW(Named, id, name);

// `select *` is prepared once and kept; then the table changes under it.
class ChangingSchema : public testing::Test {
 protected:
  std::vector<Named> all() { return db.query<Named>(s, "select * from t order by id"); }

  temporary_folder folder;
  forebay::database db{{.shards = {{.primary = folder.url("t.db")}}}};
  forebay::session s = db.session();
};

TEST_F(ChangingSchema, ANewColumnInFrontShiftsNothing) {
  db.execute(s, "create table t(id integer primary key, name text)");
  db.execute(s, "insert into t values(1, 'one')");
  EXPECT_EQ(all(), (std::vector<Named>{{1, "one"}}));
  db.execute(s, "drop table t");
  db.execute(s, "create table t(extra text, name text, id integer primary key)");
  db.execute(s, "insert into t values('more', 'two', 2)");
  EXPECT_EQ(all(), (std::vector<Named>{{2, "two"}}));
  db.execute(s, "alter table t add column last integer default 5");
  EXPECT_EQ(all(), (std::vector<Named>{{2, "two"}}));
}

TEST_F(ChangingSchema, AColumnThatIsGoneIsAnError) {
  db.execute(s, "create table t(id integer primary key, name text)");
  db.execute(s, "insert into t values(1, 'one')");
  (void)all();
  db.execute(s, "alter table t rename column name to title");
  EXPECT_EQ(error_of([&] { (void)all(); }).code, errc::schema_mismatch);
  db.execute(s, "alter table t rename column title to name");
  EXPECT_EQ(all(), (std::vector<Named>{{1, "one"}}));
}

TEST_F(ChangingSchema, ByPositionTheNumberOfColumnsIsLookedAtAgain) {
  using pair = std::tuple<std::int64_t, std::string>;
  const auto pairs = [&] { return db.query<pair>(s, "select * from t"); };
  db.execute(s, "create table t(id integer primary key, name text)");
  db.execute(s, "insert into t values(1, 'one')");
  EXPECT_EQ(pairs().at(0), pair(1, "one"));
  db.execute(s, "alter table t add column last integer");
  EXPECT_EQ(error_of([&] { (void)pairs(); }).code, errc::schema_mismatch);
}

}  // namespace
