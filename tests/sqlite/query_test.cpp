#include "sqlite/reading.hpp"

#include <algorithm>
#include <functional>
#include <random>
#include <set>

using namespace shop;
using forebay::col;
using forebay::errc;

namespace {

class Query : public reading_test {};
INSTANTIATE_TEST_SUITE_P(Sqlite, Query, testing::Values("file", "memory"),
                         [](const auto& which) { return which.param; });

TEST_P(Query, AQueryWithoutConditionsGivesEveryRow) {
  users.insert_many(s, some_users(5));
  EXPECT_EQ(users.query(s).all().size(), 5u);
}

TEST_P(Query, AQueryComparesOrdersAndLimits) {
  users.insert_many(s, some_users(9));
  const auto by_version = users.query(s)
                              .where(col<&User::id> > 2 && col<&User::id> <= 8)
                              .order_by(col<&User::version>.descending())
                              .order_by(col<&User::id>)
                              .limit(4)
                              .all();
  EXPECT_EQ(ids_of(by_version), (std::vector<std::int64_t>{5, 8, 4, 7}));
}

TEST_P(Query, SeveralWheresAllHold) {
  users.insert_many(s, some_users(9));
  const auto found = users.query(s)
                         .where(col<&User::id> == 3 || col<&User::id> == 4)
                         .where(!(col<&User::id> == 4) && col<&User::email>.like("user%"))
                         .all();
  EXPECT_EQ(ids_of(found), (std::vector<std::int64_t>{3}));
}

TEST_P(Query, AQueryFindsNullsAndLists) {
  users.insert_many(s, std::vector{ann(), bob()});
  EXPECT_EQ(ids_of(users.query(s).where(col<&User::name>.is_null()).all()), (std::vector<std::int64_t>{2}));
  EXPECT_EQ(ids_of(users.query(s).where(!col<&User::name>.is_null()).all()), (std::vector<std::int64_t>{1}));
  const std::vector<std::int64_t> list{2, 404};
  EXPECT_EQ(ids_of(users.query(s).where(col<&User::id>.in(list)).all()), (std::vector<std::int64_t>{2}));
}

TEST_P(Query, AnEmptyListHoldsNothingAndItsNegationEverything) {
  users.insert_many(s, std::vector{ann(), bob()});
  EXPECT_TRUE(users.query(s).where(col<&User::id>.in({})).all().empty());
  EXPECT_EQ(users.query(s).where(!col<&User::id>.in({})).all().size(), 2u);
}

TEST_P(Query, FirstGivesOneRowOrNone) {
  users.insert_many(s, some_users(3));
  EXPECT_EQ(users.query(s).order_by(col<&User::id>.descending()).first()->id, 3);
  EXPECT_FALSE(users.query(s).where(col<&User::id> == 404).first());
}

TEST_P(Query, AQueryCanBeBuiltStepByStepAndRunAgain) {
  users.insert_many(s, some_users(5));
  auto query = users.query(s);
  query.where(col<&User::id> > 1).order_by(col<&User::id>);
  EXPECT_EQ(query.all().size(), 4u);
  EXPECT_EQ(query.first()->id, 2);
  EXPECT_EQ(query.all().size(), 4u) << "first() is one run of the query, not a change of it";
}

TEST_P(Query, ALimitOfZeroGivesNothing) {
  users.insert_many(s, some_users(2));
  EXPECT_TRUE(users.query(s).limit(0).all().empty());
  EXPECT_FALSE(users.query(s).limit(0).first());
}

TEST_P(Query, AQueryOutlivesTheRepositoryThatMadeIt) {
  users.insert_many(s, some_users(2));
  auto query = forebay::repository<User>(db).query(s);
  EXPECT_EQ(query.all().size(), 2u);
}

// A condition, and what it means.
struct meant {
  forebay::predicate<User> asked;
  std::function<bool(const User&)> holds;
};

meant random_condition(std::mt19937& random, int depth) {
  const auto number = static_cast<std::int64_t>(random() % 12);
  if (depth > 0 && random() % 3 != 0) {
    meant a = random_condition(random, depth - 1);
    if (random() % 4 == 0) return {!a.asked, [a](const User& u) { return !a.holds(u); }};
    meant b = random_condition(random, depth - 1);
    if (random() % 2 == 0) return {a.asked && b.asked, [a, b](const User& u) { return a.holds(u) && b.holds(u); }};
    return {a.asked || b.asked, [a, b](const User& u) { return a.holds(u) || b.holds(u); }};
  }
  switch (random() % 8) {
    case 0: return {col<&User::id> == number, [number](const User& u) { return u.id == number; }};
    case 1: return {col<&User::id> != number, [number](const User& u) { return u.id != number; }};
    case 2: return {col<&User::id> < number, [number](const User& u) { return u.id < number; }};
    case 3: return {col<&User::id> >= number, [number](const User& u) { return u.id >= number; }};
    case 4: return {col<&User::version> > number % 3, [number](const User& u) { return u.version > number % 3; }};
    case 5: return {col<&User::name>.is_null(), [](const User& u) { return !u.name; }};
    case 6: {
      const std::string email = "user" + std::to_string(number) + "@example.org";
      return {col<&User::email> <= email, [email](const User& u) { return u.email <= email; }};
    }
    default: {
      std::vector<std::int64_t> list;
      for (std::size_t n = random() % 4; n > 0; --n) list.push_back(static_cast<std::int64_t>(random() % 12));
      return {col<&User::id>.in(list), [list](const User& u) { return std::ranges::find(list, u.id) != list.end(); }};
    }
  }
}

TEST_P(Query, RandomConditionsFindWhatTheyMean) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  std::vector<User> rows = some_users(10);
  for (User& u : rows) {
    if (u.id % 2 == 0) u.name = "even";
  }
  users.insert_many(s, rows);
  for (int i = 0; i < 300; ++i) {
    const meant condition = random_condition(random, 4);
    std::vector<std::int64_t> expected;
    for (const User& u : rows) {
      if (condition.holds(u)) expected.push_back(u.id);
    }
    ASSERT_EQ(ids_of(users.query(s).where(condition.asked).order_by(col<&User::id>).all()), expected)
        << "condition " << i << ": " << condition.asked.text(forebay::sqlite_dialect);
  }
}

TEST_P(Query, FindsByEveryKindOfCondition) {
  users.insert_many(s, some_users(9));
  const auto found = [&](const forebay::predicate<User>& p) {
    return ids_of(users.query(s).where(p).order_by(col<&User::id>).all());
  };
  EXPECT_EQ(found(col<&User::id>.between(3, 5)), (ids{3, 4, 5}));
  EXPECT_EQ(found(!col<&User::id>.between(2, 8)), (ids{1, 9}));
  EXPECT_EQ(found(col<&User::id>.in({2, 4, 404})), (ids{2, 4}));
  EXPECT_EQ(found(col<&User::id>.in(std::set<int>{9, 1})), (ids{1, 9}));
  EXPECT_EQ(found(col<&User::id>.not_in({1, 2, 3, 4, 5, 6, 7})), (ids{8, 9}));
  EXPECT_EQ(found(col<&User::email>.in(std::vector<const char*>{"user3@example.org"})), (ids{3}));
  EXPECT_EQ(found(col<&User::name>.is_not_null()), (ids{}));
  EXPECT_EQ(found(col<&User::id> == col<&User::version>), (ids{1, 2}));
  EXPECT_EQ(found(col<&User::id> <= col<&User::version> && col<&User::email> != col<&User::name>), (ids{}));
}

TEST_P(Query, NullIsInNoListAndOutsideOfNoneButTheEmptyOne) {
  users.insert_many(s, std::vector{ann(), bob()});  // bob has no name
  EXPECT_EQ(ids_of(users.query(s).where(col<&User::name>.not_in({"x"})).all()), (ids{1}));
  EXPECT_EQ(users.query(s).where(col<&User::name>.not_in({})).count(), 2u);
  EXPECT_EQ(users.query(s).where(col<&User::name> != "x").count(), 1u);
}

TEST_P(Query, NullsStandWhereTheOrderPutsThem) {
  users.insert_many(s, std::vector<User>{{1, "a", "x", 1}, {2, "b", std::nullopt, 1}, {3, "c", "y", 1}});
  const auto by = [&](const auto& order) { return ids_of(users.query(s).order_by(order).all()); };
  EXPECT_EQ(by(col<&User::name>), (ids{2, 1, 3})) << "SQLite's own: NULL is the smallest";
  EXPECT_EQ(by(col<&User::name>.descending()), (ids{3, 1, 2}));
  EXPECT_EQ(by(col<&User::name>.nulls_last()), (ids{1, 3, 2}));
  EXPECT_EQ(by(col<&User::name>.nulls_first()), (ids{2, 1, 3}));
  EXPECT_EQ(by(col<&User::name>.descending().nulls_first()), (ids{2, 3, 1}));
}

TEST_P(Query, AnOffsetLeavesTheFirstRowsOut) {
  users.insert_many(s, some_users(5));
  EXPECT_EQ(ids_of(users.query(s).order_by(col<&User::id>).offset(3).all()), (ids{4, 5}));
  EXPECT_EQ(ids_of(users.query(s).order_by(col<&User::id>).limit(2).offset(1).all()), (ids{2, 3}));
  EXPECT_TRUE(users.query(s).offset(UINT64_MAX).all().empty());
  EXPECT_EQ(users.query(s).limit(UINT64_MAX).all().size(), 5u);
  EXPECT_EQ(users.query(s).order_by(col<&User::id>).offset(2).first()->id, 3);
}

TEST_P(Query, OneGivesTheOneRow) {
  users.insert_many(s, some_users(3));
  EXPECT_EQ(users.query(s).where(col<&User::id> == 2).one().id, 2);
  const caught none = error_of([&] { (void)users.query(s).where(col<&User::email> == secret_text).one(); });
  EXPECT_EQ(none.code, errc::not_found);
  EXPECT_TRUE(none.says("query_test.cpp"));
  EXPECT_EQ(error_of([&] { (void)users.query(s).where(col<&User::id> < 3).one(); }).code, errc::too_many_rows);
  EXPECT_EQ(users.query(s).order_by(col<&User::id>).limit(1).one().id, 1) << "the limit comes first";
}

TEST_P(Query, CountAndExistsAreAboutWhatAllGives) {
  users.insert_many(s, some_users(6));
  const auto late = users.query(s).where(col<&User::id> > 2);
  EXPECT_EQ(late.count(), 4u);
  EXPECT_TRUE(late.exists());
  EXPECT_EQ(users.query(s).limit(4).count(), 4u);
  EXPECT_EQ(users.query(s).offset(5).count(), 1u);
  EXPECT_EQ(users.query(s).limit(0).count(), 0u);
  EXPECT_FALSE(users.query(s).limit(0).exists());
  EXPECT_FALSE(users.query(s).offset(6).exists());
  EXPECT_FALSE(users.query(s).where(col<&User::id> > 6).exists());
}

TEST_P(Query, ForEachHandsOverRowByRowUntilItIsToldToStop) {
  users.insert_many(s, some_users(5));
  const auto query = users.query(s).order_by(col<&User::id>);
  ids seen;
  query.for_each([&](const User& u) { seen.push_back(u.id); });
  EXPECT_EQ(seen, (ids{1, 2, 3, 4, 5}));
  seen.clear();
  query.for_each([&](User& u) {
    seen.push_back(u.id);
    return u.id < 3;
  });
  EXPECT_EQ(seen, (ids{1, 2, 3}));
  EXPECT_THROW(query.for_each([](const User&) { throw std::runtime_error("enough"); }), std::runtime_error);
  EXPECT_EQ(query.count(), 5u) << "the connection is free again";
}

TEST_P(Query, WhatForEachCallsMayAskTheSameDatabase) {
  users.insert_many(s, some_users(3));
  std::uint64_t pairs = 0;
  const auto each_with_each = [&](forebay::context& in) {
    pairs = 0;
    users.query(in).for_each([&](const User&) { users.query(in).for_each([&](const User&) { ++pairs; }); });
  };
  db.transact(s, [&](forebay::transaction& tx) { each_with_each(tx); });
  EXPECT_EQ(pairs, 9u) << "the same statement twice on the transaction's connection";
  each_with_each(s);
  EXPECT_EQ(pairs, 9u);
}

struct Email {
  std::string email;
  friend bool operator==(const Email&, const Email&) = default;
};
FOREBAY_ROW(Email, email);

struct ByVersion {
  std::int64_t version{};
  std::int64_t users{};
  std::optional<std::int64_t> newest;
  friend bool operator==(const ByVersion&, const ByVersion&) = default;
};
FOREBAY_ROW(ByVersion, version, users, newest);

struct Version {
  std::int64_t version{};
};
FOREBAY_ROW(Version, version);

TEST_P(Query, SelectReadsOnlyTheColumnsOfASmallerRow) {
  users.insert_many(s, some_users(3));
  const auto emails = users.query(s).where(col<&User::id> > 1).order_by(col<&User::id>).select<Email>();
  EXPECT_EQ(emails.all(), (std::vector<Email>{{"user2@example.org"}, {"user3@example.org"}}));
  EXPECT_EQ(emails.first()->email, "user2@example.org");
  EXPECT_EQ(emails.count(), 2u);
  std::size_t seen = 0;
  emails.for_each([&](Email&) { ++seen; });
  EXPECT_EQ(seen, 2u);
}

TEST_P(Query, DistinctRowsComeOnce) {
  users.insert_many(s, some_users(6));
  const auto versions = users.query(s).order_by(col<&User::version>).select<Version>().distinct();
  EXPECT_EQ(versions.all().size(), 3u);
  EXPECT_EQ(versions.count(), 3u);
  EXPECT_TRUE(versions.exists());
}

TEST_P(Query, AggregatesMakeGroupsOfTheOtherColumns) {
  users.insert_many(s, some_users(7));
  const auto groups = users.query(s)
                          .order_by(forebay::count().descending(), col<&User::version>)
                          .select<ByVersion>(col<&User::version>, forebay::count(), max(col<&User::id>));
  EXPECT_EQ(groups.all(), (std::vector<ByVersion>{{1, 3, 7}, {0, 2, 6}, {2, 2, 5}}));
  EXPECT_EQ(groups.count(), 3u);
  EXPECT_TRUE(groups.exists());
  EXPECT_FALSE(users.query(s)
                   .where(col<&User::id> == 404)
                   .select<ByVersion>(col<&User::version>, forebay::count(), max(col<&User::id>))
                   .exists());
}

TEST_P(Query, AggregatesOfAQueryHaveTypesThatHold) {
  users.insert_many(s, some_users(2));
  orders.insert_many(s, std::vector<Order>{{1, 1, 2, 100}, {2, 1, std::nullopt, 200}, {3, 2, std::nullopt, 301}});
  const auto all = orders.query(s);
  EXPECT_EQ(all.sum(col<&Order::total_cents>), 601);
  EXPECT_EQ(all.min(col<&Order::total_cents>), 100);
  EXPECT_EQ(all.max(col<&Order::total_cents>), 301);
  EXPECT_DOUBLE_EQ(all.avg(col<&Order::total_cents>).value(), 601 / 3.0);
  EXPECT_EQ(all.sum(col<&Order::courier_id>), 2) << "NULLs are left out";
  EXPECT_EQ(users.query(s).max(col<&User::email>), "user2@example.org");
  EXPECT_EQ(orders.query(s).order_by(col<&Order::id>.descending()).limit(2).sum(col<&Order::total_cents>), 501);

  const auto none = orders.query(s).where(col<&Order::id> > 3);
  EXPECT_EQ(none.sum(col<&Order::total_cents>), std::nullopt);
  EXPECT_EQ(none.avg(col<&Order::total_cents>), std::nullopt);
  EXPECT_EQ(none.min(col<&Order::total_cents>), std::nullopt);
}

TEST_P(Query, ASumBeyond64BitsIsAnError) {
  users.insert(s, ann());
  orders.insert_many(s, std::vector<Order>{{1, 1, std::nullopt, INT64_MAX}, {2, 1, std::nullopt, secret_number}});
  for (const bool bound : {false, true}) {
    auto query = orders.query(s);
    if (bound) query.where(col<&Order::id> > 0);
    const caught e = error_of([&] { (void)query.sum(col<&Order::total_cents>); });
    EXPECT_EQ(e.code, errc::value_out_of_range) << bound;
    EXPECT_TRUE(e.says("overflow"));
  }
}

TEST_P(Query, LocksBelongToATransactionThatWrites) {
  users.insert_many(s, some_users(2));
  const auto code = [](auto work) { return error_of(work).code; };
  EXPECT_EQ(code([&] { (void)users.query(s).for_update(); }), errc::invalid_option) << "no transaction";
  {
    forebay::transaction tx = db.begin(s, {.mode = forebay::transaction_mode::read_only});
    EXPECT_EQ(code([&] { (void)users.query(tx).for_share(); }), errc::read_only);
  }
  db.transact(s, [&](forebay::transaction& tx) {
    EXPECT_EQ(users.query(tx).for_update().all().size(), 2u) << "the writer has the whole database";
    EXPECT_EQ(users.query(tx).for_share().limit(1).all().size(), 1u);
    EXPECT_EQ(code([&] { (void)users.query(tx).skip_locked(); }), errc::invalid_option) << "without a lock";
    const caught e = error_of([&] { (void)users.query(tx).for_update().skip_locked(); });
    EXPECT_EQ(e.code, errc::invalid_option);
    EXPECT_TRUE(e.says("sqlite"));
    EXPECT_EQ(code([&] { (void)users.query(tx).for_update().no_wait(); }), errc::invalid_option);
  });
}

// What is the server's business, as SQLite does it.

struct Named {
  std::int64_t id{};
  std::string exact;
  std::string loose;
  std::chrono::system_clock::time_point at{};
};
FOREBAY_ENTITY(Named, "named", id, exact, loose, at);

class ServersOwn : public Query {
 protected:
  ServersOwn() {
    db.execute(s,
               "create table named(id integer primary key, exact text not null, loose text not null collate nocase, "
               "at text not null)");
  }
  forebay::repository<Named> named{db};
};
INSTANTIATE_TEST_SUITE_P(Sqlite, ServersOwn, testing::Values("file", "memory"),
                         [](const auto& which) { return which.param; });

TEST_P(ServersOwn, LikeTakesAsciiLettersOfBothCasesForEqual) {
  named.insert_many(s, std::vector<Named>{{1, "Ann", "x", {}}, {2, "ANN%", "x", {}}, {3, "\u00c4nn", "x", {}}});
  EXPECT_EQ(ids_of(named.query(s).where(col<&Named::exact>.like("ann%")).order_by(col<&Named::id>).all()), (ids{1, 2}));
  EXPECT_EQ(ids_of(named.query(s).where(col<&Named::exact>.like("\u00e4nn")).all()), (ids{}));
  EXPECT_EQ(ids_of(named.query(s).where(col<&Named::exact>.like("ann_")).all()), (ids{2}));
}

TEST_P(ServersOwn, ComparisonAndOrderFollowTheColumnsCollation) {
  named.insert_many(s, std::vector<Named>{{1, "b", "b", {}}, {2, "A", "A", {}}, {3, "B", "B", {}}, {4, "a", "a", {}}});
  EXPECT_EQ(ids_of(named.query(s).where(col<&Named::exact> == "a").all()), (ids{4}));
  EXPECT_EQ(ids_of(named.query(s).where(col<&Named::loose> == "a").order_by(col<&Named::id>).all()), (ids{2, 4}));
  EXPECT_EQ(ids_of(named.query(s).order_by(col<&Named::exact>).all()), (ids{2, 3, 4, 1}));
  EXPECT_EQ(ids_of(named.query(s).order_by(col<&Named::loose>, col<&Named::id>).all()), (ids{2, 4, 1, 3}));
  EXPECT_EQ(error_of([&] { (void)named.find_by<&Named::loose>(s, "A"); }).code, errc::too_many_rows);
  EXPECT_EQ(named.find_by<&Named::exact>(s, "A").value().id, 2);
}

TEST_P(ServersOwn, TimePointsCompareAndOrderAsTextInTheOrderOfTime) {
  const auto at = [](std::int64_t microseconds) {
    return std::chrono::system_clock::time_point(std::chrono::microseconds(microseconds));
  };
  named.insert_many(s, std::vector<Named>{{1, "x", "x", at(1)},
                                          {2, "x", "x", at(-1)},
                                          {3, "x", "x", at(1'000'000)},
                                          {4, "x", "x", at(1'700'000'000'123'456)},
                                          {5, "x", "x", at(999'999)}});
  EXPECT_EQ(ids_of(named.query(s).order_by(col<&Named::at>).all()), (ids{2, 1, 5, 3, 4}));
  EXPECT_EQ(ids_of(named.query(s).where(col<&Named::at>.between(at(1), at(999'999))).order_by(col<&Named::id>).all()),
            (ids{1, 5}));
  EXPECT_EQ(ids_of(named.query(s).where(col<&Named::at> > at(1'000'000)).all()), (ids{4}));
  EXPECT_EQ(named.query(s).min(col<&Named::at>), at(-1));
  EXPECT_EQ(db.scalar<std::string>(s, "select at from named where id = 1"), "1970-01-01T00:00:00.000001Z");
  auto query = named.query(s).order_by(col<&Named::at>.descending()).limit(2);
  EXPECT_EQ(ids_of(query.after(query.page().next).page().rows), (ids{5, 1}));
}

}  // namespace
