#include "sqlite/shop.hpp"

// How the rows of raw SQL reach the application: one, one value, or one after the other.

using namespace shop;
using forebay::errc;

namespace {

class RawRows : public testing::Test {
 protected:
  RawRows() {
    shop.users.insert_many(s, std::vector{ann(), bob()});
    for (std::int64_t i = 1; i <= 4; ++i) {
      shop.orders.insert(s, {.id = i, .user_id = 1 + i % 2, .courier_id = {}, .total_cents = 100 * i});
    }
  }

  std::int64_t sum() { return db.scalar<std::int64_t>(s, "select sum(total_cents) from orders"); }

  shop_database shop{"sqlite::memory:"};
  forebay::database& db = shop.db;
  forebay::session& s = shop.s;
};

TEST_F(RawRows, QueryOneGivesTheRowOrNone) {
  EXPECT_EQ(db.query_one<User>(s, "select * from users where email = {}", ann().email), ann());
  EXPECT_EQ(db.query_one<User>(s, "select * from users where email = {}", "nobody"), std::nullopt);
}

TEST_F(RawRows, QueryOneTellsNullFromNoRow) {
  using name = std::optional<std::string>;
  EXPECT_EQ(db.query_one<name>(s, "select name from users where id = {}", 2), std::optional<name>(std::in_place));
  EXPECT_EQ(db.query_one<name>(s, "select name from users where id = {}", 404), std::nullopt);
}

TEST_F(RawRows, ASecondRowIsAnErrorWithTheStatementAndNoValue) {
  const caught e =
      error_of([&] { (void)db.query_one<User>(s, "select * from users where email <> {} and id < 9", secret_text); });
  EXPECT_EQ(e.code, errc::too_many_rows);
  EXPECT_TRUE(e.says("more than one row")) << e.what;
  EXPECT_TRUE(e.says("where email <> {}")) << e.what;
  EXPECT_TRUE(e.says("raw_rows_test.cpp:")) << e.what;
  EXPECT_THROW((void)db.query_one<User>(s, "select * from users"), forebay::too_many_rows);
}

TEST_F(RawRows, AWriteThatGivesASecondRowIsUndone) {
  EXPECT_THROW((void)db.query_one<std::int64_t>(s, "update orders set total_cents = 0 returning id"),
               forebay::too_many_rows);
  EXPECT_EQ(sum(), 1000);
  EXPECT_EQ(db.query_one<std::int64_t>(s, "update orders set total_cents = 0 where id = {} returning id", 4), 4);
  EXPECT_EQ(sum(), 600);
}

TEST_F(RawRows, AScalarIsTheOneValue) {
  EXPECT_EQ(db.scalar<std::int64_t>(s, "select count(*) from users where id < {}", 2), 1);
  EXPECT_EQ(db.scalar<std::string>(s, "select email from users where id = 2"), bob().email);
  EXPECT_EQ(db.scalar<bool>(s, "select exists(select 1 from users where id = {})", 404), false);
}

TEST_F(RawRows, AScalarWithoutARowIsNotFoundOrNullopt) {
  const caught e =
      error_of([&] { (void)db.scalar<std::string>(s, "select email from users where email = {}", secret_text); });
  EXPECT_EQ(e.code, errc::not_found);
  EXPECT_TRUE(e.says("select email from users")) << e.what;
  EXPECT_TRUE(e.says("raw_rows_test.cpp:")) << e.what;
  EXPECT_EQ(db.scalar<std::optional<std::string>>(s, "select email from users where id = 404"), std::nullopt);
  EXPECT_EQ(db.scalar<std::optional<std::string>>(s, "select name from users where id = 2"), std::nullopt);
}

TEST_F(RawRows, AScalarOfAnotherShapeIsRefused) {
  EXPECT_EQ(error_of([&] { (void)db.scalar<std::int64_t>(s, "select id, email from users where id = 1"); }).code,
            errc::schema_mismatch);
  EXPECT_EQ(error_of([&] { (void)db.scalar<std::int64_t>(s, "select id from users"); }).code, errc::too_many_rows);
  EXPECT_EQ(error_of([&] { (void)db.scalar<std::string>(s, "select name from users where id = 2"); }).code,
            errc::schema_mismatch);
}

TEST_F(RawRows, ForEachHandsOverEveryRow) {
  std::vector<std::int64_t> ids;
  const std::uint64_t count = db.for_each<Order>(
      s, [&](const Order& o) { ids.push_back(o.id); }, "select * from orders where total_cents > {} order by id", 100);
  EXPECT_EQ(count, 3u);
  EXPECT_EQ(ids, (std::vector<std::int64_t>{2, 3, 4}));
}

TEST_F(RawRows, ForEachStopsWhenToldSo) {
  std::vector<std::int64_t> ids;
  const auto until_two = [&](std::int64_t id) {
    ids.push_back(id);
    return id < 2;
  };
  EXPECT_EQ(db.for_each<std::int64_t>(s, until_two, "select id from orders order by id"), 2u);
  EXPECT_EQ(ids, (std::vector<std::int64_t>{1, 2}));
}

TEST_F(RawRows, ForEachsRowMayBeMovedFrom) {
  std::vector<User> all;
  db.for_each<User>(
      s, [&](User& u) { all.push_back(std::move(u)); }, "select * from users order by id");
  EXPECT_EQ(all, (std::vector{ann(), bob()}));
}

TEST_F(RawRows, ForEachLeavesTheConnectionFreeWhenItsFunctionThrows) {
  struct enough {};
  for (int i = 0; i < 20; ++i) {
    EXPECT_THROW(db.for_each<std::int64_t>(
                     s, [](std::int64_t) { throw enough(); }, "select id from orders"),
                 enough);
  }
  EXPECT_EQ(db.connections(forebay::connection_role::reader).in_use, 0u);
  EXPECT_EQ(sum(), 1000);
}

TEST_F(RawRows, TheSessionGoesOnWithinForEach) {
  std::int64_t lines = 0;
  db.for_each<User>(
      s,
      [&](const User& u) {
        lines += db.scalar<std::int64_t>(s, "select count(*) from orders where user_id = {}", u.id);
      },
      "select * from users");
  EXPECT_EQ(lines, 4);
}

// The statement changes all of its rows, whoever looks at them.
TEST_F(RawRows, AWriteThatIsNotReadToTheEndIsDoneWhole) {
  const auto first_only = [](std::int64_t) { return false; };
  EXPECT_EQ(db.for_each<std::int64_t>(s, first_only, "update orders set total_cents = 1 returning id"), 1u);
  EXPECT_EQ(sum(), 4);
  EXPECT_THROW(
      db.for_each<std::int64_t>(
          s, [](std::int64_t) { throw std::runtime_error("no"); }, "update orders set total_cents = 2 returning id"),
      std::runtime_error);
  EXPECT_EQ(sum(), 4);
}

TEST_F(RawRows, AllOfThemWorkWithinATransactionAndSeeIt) {
  forebay::transaction tx = db.begin(s);
  db.execute(tx, "delete from orders where id > {}", 1);
  EXPECT_EQ(db.scalar<std::int64_t>(tx, "select count(*) from orders"), 1);
  EXPECT_EQ(db.query_one<std::int64_t>(tx, "select id from orders"), 1);
  std::uint64_t seen = 0;
  db.for_each<Order>(
      tx, [&](const Order&) { ++seen; }, "select * from orders");
  EXPECT_EQ(seen, 1u);
  tx.rollback();
  EXPECT_EQ(sum(), 1000);
}

TEST_F(RawRows, ForEachsFunctionCannotCommitTheTransactionThatItReads) {
  for (const bool writes : {false, true}) {
    forebay::transaction tx = db.begin(s);
    int seen = 0;
    const auto commit = [&](std::int64_t&) { ++seen, tx.commit(); };
    const auto error = error_of([&] {
      if (writes) {
        db.for_each<std::int64_t>(tx, commit, "update users set version = 9 returning id");
      } else {
        db.for_each<std::int64_t>(tx, commit, "select id from users");
      }
    });
    EXPECT_EQ(error.code, errc::invalid_option);
    EXPECT_TRUE(error.says("still being read"));
    EXPECT_EQ(seen, 1);
    EXPECT_FALSE(tx.open());
  }
  EXPECT_EQ(db.scalar<std::int64_t>(s, "select count(*) from users where version = 9"), 0);
}

TEST_F(RawRows, AfterARollbackInForEachsFunctionThereAreNoMoreRows) {
  forebay::transaction tx = db.begin(s);
  int seen = 0;
  const auto error = error_of([&] {
    db.for_each<std::int64_t>(
        tx,
        [&](std::int64_t& id) {
          ++seen;
          tx.rollback();
          db.execute(s, "update users set version = 9 where id = {}", id);  // the writing connection is free
        },
        "update users set version = 8 returning id");
  });
  EXPECT_EQ(error.code, errc::query_failed);
  EXPECT_TRUE(error.says("rolled back while its rows were being read"));
  EXPECT_EQ(seen, 1);
  EXPECT_EQ(db.scalar<std::int64_t>(s, "select count(*) from users where version = 8"), 0);
  EXPECT_EQ(db.scalar<std::int64_t>(s, "select count(*) from users where version = 9"), 1);
}

TEST_F(RawRows, CancelEndsForEachAtTheNextRow) {
  forebay::session other = db.session();
  int seen = 0;
  EXPECT_EQ(error_of([&] {
              db.for_each<std::int64_t>(
                  other, [&](std::int64_t&) { ++seen, other.cancel(); }, "select id from users");
            }).code,
            errc::cancelled);
  EXPECT_EQ(seen, 1);
}

TEST_F(RawRows, ADeadlineEndsForEach) {
  forebay::session late = db.session({.deadline = 0ms});
  EXPECT_THROW(db.for_each<std::int64_t>(
                   late, [](std::int64_t) {}, "select id from orders"),
               forebay::deadline_exceeded);
}

}  // namespace
