#include "sqlite/shop.hpp"

#include <array>

using namespace shop;
using forebay::errc;

namespace {

struct Revenue {
  std::int64_t user_id{};
  std::optional<std::int64_t> sum;
};
FOREBAY_ROW(Revenue, user_id, sum);

class RawSql : public testing::Test {
 protected:
  RawSql() {
    shop.users.insert_many(s, std::vector{ann(), bob()});
    for (std::int64_t i = 1; i <= 4; ++i) {
      shop.orders.insert(s, {.id = i, .user_id = 1 + i % 2, .courier_id = {}, .total_cents = 100 * i});
    }
  }

  std::int64_t count() { return db.query<std::int64_t>(s, "select count(*) from users")[0]; }

  shop_database shop{"sqlite::memory:"};
  forebay::database& db = shop.db;
  forebay::session& s = shop.s;
};

TEST_F(RawSql, ARowIsReadByColumnNameInAnyOrder) {
  const auto rows = db.query<Revenue>(s,
                                      "select 'unused' as more, sum(total_cents) as sum, user_id from orders "
                                      "where total_cents > {} group by user_id order by user_id",
                                      100);
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].user_id, 1);
  EXPECT_EQ(rows[0].sum, 600);
  EXPECT_EQ(rows[1].sum, 300);
}

TEST_F(RawSql, AnEntityIsARowToo) { EXPECT_EQ(db.query<User>(s, "select * from users where id = {}", 1).at(0), ann()); }

TEST_F(RawSql, ScalarsAndTuplesAreReadByPosition) {
  EXPECT_EQ(db.query<std::string>(s, "select email from users order by id")[1], bob().email);
  EXPECT_EQ(db.query<std::optional<std::string>>(s, "select name from users where id = 2")[0], std::nullopt);
  const auto pairs = db.query<std::tuple<std::int64_t, std::string>>(s, "select id, email from users order by id");
  EXPECT_EQ(pairs.at(0), std::tuple(std::int64_t{1}, ann().email));
}

TEST_F(RawSql, NoRowsAreNoRows) { EXPECT_TRUE(db.query<User>(s, "select * from users where id = {}", 404).empty()); }

TEST_F(RawSql, ByPositionTheNumberOfColumnsMustBeRight) {
  const caught e = error_of([&] { (void)db.query<std::int64_t>(s, "select id, email from users"); });
  EXPECT_EQ(e.code, errc::schema_mismatch);
  EXPECT_TRUE(e.says("2 columns")) << e.what;
  EXPECT_EQ(error_of([&] { (void)db.query<std::tuple<std::int64_t, std::string>>(s, "select id from users"); }).code,
            errc::schema_mismatch);
}

TEST_F(RawSql, AMissingColumnIsNamedWithTheMember) {
  const caught e = error_of([&] { (void)db.query<Revenue>(s, "select user_id, total_cents as total from orders"); });
  EXPECT_EQ(e.code, errc::schema_mismatch);
  EXPECT_TRUE(e.says("\"sum\"")) << e.what;
  EXPECT_TRUE(e.says("Revenue::sum")) << e.what;
  EXPECT_TRUE(e.says("user_id, total")) << e.what;
  EXPECT_TRUE(e.says("raw_sql_test.cpp:")) << e.what;
}

TEST_F(RawSql, AColumnThatIsThereTwiceIsAmbiguous) {
  const caught e =
      error_of([&] { (void)db.query<Revenue>(s, "select user_id, total_cents as sum, id as sum from orders"); });
  EXPECT_EQ(e.code, errc::schema_mismatch);
  EXPECT_TRUE(e.says("two columns \"sum\"")) << e.what;
}

TEST_F(RawSql, EveryKindOfArgumentIsBound) {
  const std::string text = "it's {}";
  const auto rows = db.query<std::tuple<std::string, std::string, std::int64_t, double, bool, std::optional<int>>>(
      s, "select {}, {}, {}, {}, {}, {}", text, "literal", 7, 2.5, true, std::nullopt);
  EXPECT_EQ(rows.at(0), std::tuple(text, std::string("literal"), std::int64_t{7}, 2.5, true, std::optional<int>()));
}

TEST_F(RawSql, AListStandsInParentheses) {
  const std::vector<std::int64_t> ids{1, 3, 404};
  EXPECT_EQ(
      db.query<std::int64_t>(s, "select id from orders where id in ({}) and total_cents > {} order by id", ids, 50),
      (std::vector<std::int64_t>{1, 3}));
  const std::array<std::string, 2> emails{ann().email, "nobody"};
  EXPECT_EQ(db.query<std::int64_t>(s, "select id from users where email in ( {} )", emails).size(), 1u);
}

TEST_F(RawSql, AnEmptyListHoldsNothing) {
  const std::vector<std::int64_t> none;
  EXPECT_TRUE(db.query<std::int64_t>(s, "select id from orders where id in ({})", none).empty());
  EXPECT_EQ(db.query<std::int64_t>(s, "select id from orders where id not in ({})", none).size(), 4u);
  EXPECT_EQ(db.execute(s, "delete from orders where id in ({})", none), 0u);
}

TEST_F(RawSql, ListsOfDifferentLengthsInOneCallSite) {
  for (std::size_t length = 0; length < 20; ++length) {
    std::vector<std::int64_t> ids(length, 404);
    if (length > 0) ids.back() = 2;
    EXPECT_EQ(db.query<std::int64_t>(s, "select id from orders where id in ({})", ids).size(), length > 0 ? 1u : 0u);
  }
}

TEST_F(RawSql, AForeignKeyThatRefusesIsOneOfThoseThatAreNamed) {
  const caught child =
      error_of([&] { db.execute(s, "insert into orders values({}, {}, null, 1)", 99, secret_number); });
  EXPECT_EQ(child.code, errc::constraint_violation);
  EXPECT_TRUE(child.says("orders(user_id) -> users(id)")) << child.what;
  EXPECT_TRUE(child.says("orders(courier_id) -> users(id)")) << child.what;
  db.execute(s, "insert into users(id, email, version) values(77, 'f', 1)");
  db.execute(s, "insert into orders values(98, 77, null, 1)");
  const caught parent = error_of([&] { db.execute(s, "delete from users where id = {}", 77); });
  EXPECT_EQ(parent.code, errc::constraint_violation);
  EXPECT_EQ(parent.details.outcome, forebay::outcome::not_applied);
  EXPECT_TRUE(parent.says("orders(user_id) -> users(id)")) << parent.what;
}

TEST_F(RawSql, ListsThatAreTooLongTogetherAreRefusedWithTheirLength) {
  const std::vector<std::int64_t> ids(4'096, secret_number);  // a longer one would be one parameter
  const caught e = error_of([&] {
    (void)db.query<std::int64_t>(s,
                                 "select id from orders where id in ({}) or id in ({}) or id in ({}) or id in ({}) or "
                                 "id in ({}) or id in ({}) or id in ({}) or id in ({})",
                                 ids, ids, ids, ids, ids, ids, ids, ids);
  });
  EXPECT_EQ(e.code, errc::value_out_of_range);
  EXPECT_TRUE(e.says("32768")) << e.what;
  EXPECT_TRUE(e.says("raw_sql_test.cpp:")) << e.what;
}

TEST_F(RawSql, InsertReturningGivesItsRowsAndStoresThem) {
  const auto ids =
      db.query<std::int64_t>(s, "insert into users(email, version) values({}, 1), ({}, 1) returning id", "x", "y");
  EXPECT_EQ(ids.size(), 2u);
  EXPECT_EQ(count(), 4);
}

TEST_F(RawSql, UpdateReturningAndDeleteReturningWork) {
  EXPECT_EQ(db.query<User>(s, "update users set name = {} where id = 2 returning *", "Bob").at(0).name, "Bob");
  EXPECT_EQ(db.query<std::int64_t>(s, "delete from orders where user_id = {} returning id", 1).size(), 2u);
  EXPECT_EQ(db.query<std::int64_t>(s, "select count(*) from orders")[0], 2);
}

// The rows are changed by the first step, so that a struct that does not fit comes too late to prevent it.
TEST_F(RawSql, AWriteWhoseReturnedRowsCannotBeReadIsNotReportedAsNotApplied) {
  const caught e = error_of(
      [&] { (void)db.query<Revenue>(s, "update users set name = {} where id = 1 returning id", secret_text); });
  EXPECT_EQ(e.code, errc::schema_mismatch);
  const bool stored = db.query<std::optional<std::string>>(s, "select name from users where id = 1")[0] == secret_text;
  EXPECT_EQ(stored, e.details.outcome == forebay::outcome::applied);
}

TEST_F(RawSql, AWriteWhoseReturnedRowsCannotBeReadIsSeenByTheCache) {
  ASSERT_EQ(shop.users.find(s, 1).value().name, "Ann");
  EXPECT_THROW((void)db.query<Revenue>(s, "update users set name = 'Changed' where id = 1 returning id"),
               forebay::error);
  EXPECT_EQ(shop.users.find(s, 1).value().name,
            db.query<std::optional<std::string>>(s, "select name from users where id = 1")[0]);
}

TEST_F(RawSql, ACommonTableExpressionThatOnlyReads) {
  EXPECT_EQ(db.query<std::int64_t>(
                s, "with cheap as (select * from orders where total_cents < {}) select count(*) from cheap", 250)[0],
            2);
}

TEST_F(RawSql, ACommonTableExpressionThatWrites) {
  EXPECT_EQ(db.execute(s,
                       "with cheap as (select id from orders where total_cents < {}) "
                       "delete from orders where id in (select id from cheap)",
                       250),
            2u);
}

TEST_F(RawSql, BracesAreDoubledAndQuotedTextIsLeftAlone) {
  EXPECT_EQ(db.query<std::string>(s, "select '{{\"a\": 1}}' || {} || '? $1 :x'", "!")[0], "{\"a\": 1}!? $1 :x");
}

TEST_F(RawSql, ASecondStatementInTheTextIsRefusedAndNothingRuns) {
  const caught e = error_of([&] { db.execute(s, "delete from orders; delete from users"); });
  EXPECT_EQ(e.code, errc::query_failed);
  EXPECT_TRUE(e.says("more than one statement")) << e.what;
  EXPECT_EQ(count(), 2);
  EXPECT_EQ(db.query<std::int64_t>(s, "select count(*) from orders")[0], 4);
  EXPECT_EQ(db.query<std::int64_t>(s, "select count(*) from orders ; \n").at(0), 4);
}

TEST_F(RawSql, ACommentBehindTheStatementIsNoSecondStatement) {
  EXPECT_EQ(db.query<std::int64_t>(s, "select count(*) from orders; -- that is all").at(0), 4);
  EXPECT_EQ(db.query<std::int64_t>(s, "select count(*) from orders /* that is all */").at(0), 4);
}

TEST_F(RawSql, AnEmptyTextIsRefused) {
  EXPECT_EQ(error_of([&] { db.execute(s, ""); }).code, errc::query_failed);
  EXPECT_EQ(error_of([&] { db.execute(s, " -- nothing\n"); }).code, errc::query_failed);
}

TEST_F(RawSql, AParameterInTheDatabasesOwnFormIsRefused) {
  EXPECT_EQ(error_of([&] { (void)db.query<std::int64_t>(s, "select id from orders where id = ?"); }).code,
            errc::query_failed);
  EXPECT_EQ(
      error_of([&] { (void)db.query<std::int64_t>(s, "select id from orders where id = {} or id = :other", 1); }).code,
      errc::query_failed);
}

TEST_F(RawSql, ASyntaxErrorNamesPlaceAndStatement) {
  const caught e = error_of([&] { db.execute(s, "selec id from users where email = {}", secret_text); });
  EXPECT_EQ(e.code, errc::query_failed);
  EXPECT_TRUE(e.says("selec")) << e.what;
  EXPECT_TRUE(e.says("raw_sql_test.cpp:")) << e.what;
  EXPECT_TRUE(e.says("sqlite::memory:")) << e.what;
}

TEST_F(RawSql, AMissingTableIsASchemaMismatch) {
  const caught e =
      error_of([&] { (void)db.query<std::int64_t>(s, "select id from nowhere where a = {}", secret_text); });
  EXPECT_EQ(e.code, errc::schema_mismatch);
  EXPECT_TRUE(e.says("nowhere")) << e.what;
}

TEST_F(RawSql, AQueryThatWritesIsNotRunOnAReader) {
  EXPECT_TRUE(
      db.query<std::int64_t>(s, "replace into users(id, email, version) values(9, 'z', 1) returning id").at(0) == 9);
  EXPECT_EQ(count(), 3);
}

TEST_F(RawSql, ExplainIsAQuery) {
  const auto plan = db.query<std::tuple<std::int64_t, std::int64_t, std::int64_t, std::string>>(
      s, "explain query plan select * from users where id = {}", 1);
  EXPECT_FALSE(plan.empty());
}

TEST_F(RawSql, SixtyFourArguments) {
  EXPECT_EQ(
      db.query<std::int64_t>(
            s,
            "select {}+{}+{}+{}+{}+{}+{}+{}+{}+{}+{}+{}+{}+{}+{}+{}+{}+{}+{}+{}+{}+{}+{}+{}+{}+{}+{}+{}+{}+{}+{}+{}"
            "+{}+{}+{}+{}+{}+{}+{}+{}+{}+{}+{}+{}+{}+{}+{}+{}+{}+{}+{}+{}+{}+{}+{}+{}+{}+{}+{}+{}+{}+{}+{}+{}",
            1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
            1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)
          .at(0),
      64);
}

// Transactions are the library's: behind its back the cache would not learn of the commit.
TEST_F(RawSql, StatementsThatBeginOrEndATransactionAreRefused) {
  EXPECT_EQ(error_of([&] { db.execute(s, "begin"); }).code, errc::query_failed);
  ASSERT_EQ(shop.users.find(s, 1).value().name, "Ann");
  {
    forebay::transaction tx = db.begin(s);
    User me = *shop.users.find(tx, 1);
    me.name = "Changed";
    shop.users.update(tx, me);
    EXPECT_EQ(error_of([&] { db.execute(tx, "commit"); }).code, errc::query_failed);
    EXPECT_EQ(error_of([&] { db.execute(tx, "rollback"); }).code, errc::query_failed);
    EXPECT_EQ(error_of([&] { db.execute(tx, "end"); }).code, errc::query_failed);
  }
  EXPECT_EQ(shop.users.find(s, 1).value().name, db.query<User>(s, "select * from users where id = 1").at(0).name);
}

TEST_F(RawSql, AVacuumRuns) {
  db.execute(s, "delete from orders");
  db.execute(s, "vacuum");
  EXPECT_EQ(count(), 2);
}

TEST_F(RawSql, ANullPointerBindsNull) {
  const char* nothing = nullptr;
  EXPECT_EQ(db.query<std::optional<std::string>>(s, "select {}", nothing).at(0), std::nullopt);
}

TEST_F(RawSql, CommentsMayHoldAnything) {
  EXPECT_EQ(db.query<std::int64_t>(s, "select id -- it's {} here\nfrom users /* {{ \" */ where id = {}", 2).at(0), 2);
}

TEST_F(RawSql, AStatementThatNoLongerFitsTheSchemaIsASchemaMismatchAlsoWithValues) {
  const auto named = [&] { return db.query<User>(s, "select * from users where name = {}", secret_text); };
  EXPECT_TRUE(named().empty());
  db.execute(s, "alter table users rename column name to title");
  EXPECT_EQ(error_of([&] { (void)named(); }).code, errc::schema_mismatch);
}

}  // namespace
