#include "query_text.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "keyset.hpp"

using forebay::col;
using forebay::lock;
using forebay::lock_wait;
using forebay::owned_value;
using forebay::postgresql_dialect;
using forebay::sqlite_dialect;
using forebay::value;
using forebay::detail::ordering;
using forebay::detail::query_text;
using forebay::detail::query_writer;

namespace {

struct User {
  std::int64_t id{};
  std::optional<std::string> name;
};
FOREBAY_ENTITY(User, "users", id, name);

struct Order {
  std::int64_t id{};
  std::int64_t user_id{};
};
FOREBAY_ENTITY(Order, "shop.orders", id, user_id);

query_text of_users() { return {.table = &forebay::table_of<User>}; }

query_text of_orders_and_users() {
  query_text q{.table = &forebay::table_of<Order>};
  q.joined.push_back({&forebay::table_of<User>, true, col<&Order::user_id> == col<&User::id>});
  return q;
}

std::string written(const query_text& q, const forebay::dialect& d = sqlite_dialect) {
  return query_writer(q, d).all();
}

TEST(QueryText, OfOneTableNamesItsColumnsAsTheyAre) {
  query_text q = of_users();
  q.where.push_back(col<&User::id> > 1);
  q.order.push_back(col<&User::name>.descending().nulls_last());
  q.limit = 3;
  EXPECT_EQ(written(q), R"(select "id", "name" from "users" where "id" > {} order by "name" desc nulls last limit {})");
  q.offset = 2;
  EXPECT_TRUE(written(q).ends_with(" limit {} offset {}"));
}

TEST(QueryText, OfAJoinQualifiesThem) {
  query_text q = of_orders_and_users();
  q.where.push_back(col<&User::name>.is_null() || col<&Order::id> == 1);
  EXPECT_EQ(written(q),
            R"(select t1."id", t1."user_id", t2."id", t2."name" from "shop"."orders" as t1 left join "users" as t2 on )"
            R"(t1."user_id" = t2."id" where (t2."name" is null or t1."id" = {}))");
}

TEST(QueryText, LocksAreWrittenWhereTheDatabaseHasThem) {
  query_text q = of_users();
  q.lock = lock::update;
  EXPECT_TRUE(written(q).ends_with("\"users\""));
  EXPECT_TRUE(written(q, postgresql_dialect).ends_with(" for update"));
  q.lock_wait = lock_wait::skip_locked;
  q.limit = 1;
  EXPECT_TRUE(written(q, postgresql_dialect).ends_with(" limit {} for update skip locked"));
  query_text joined = of_orders_and_users();
  joined.lock = lock::share;
  joined.lock_wait = lock_wait::no_wait;
  EXPECT_TRUE(written(joined, postgresql_dialect).ends_with(" for share of t1 nowait"));
}

// What stands behind a place.

std::string behind(const query_text& q, const std::vector<ordering>& order, const std::vector<value>& place,
                   const forebay::dialect& d = sqlite_dialect) {
  std::vector<owned_value> owned(place.begin(), place.end());
  const auto found = forebay::detail::behind(q, query_writer(q, d), d, order, owned);
  std::size_t marks = 0;
  for (std::size_t at = 0; (at = found.text.find("{}", at)) != std::string::npos; at += 2) ++marks;
  EXPECT_EQ(marks, found.bound.size()) << found.text;
  return found.text;
}

TEST(Keyset, TheKeyMakesAnOrderTotal) {
  query_text q = of_orders_and_users();
  q.order.push_back(col<&User::name>.descending());
  const auto order = forebay::detail::total_order(q);
  ASSERT_EQ(order.size(), 3u);
  EXPECT_EQ(order[1].by.column, col<&Order::id>.ref());
  EXPECT_TRUE(order[1].descending) << "so that one index can serve them all";
  EXPECT_EQ(order[2].by.column, col<&User::id>.ref());
  q.order = {col<&User::id>.ascending(), col<&Order::id>.descending()};
  EXPECT_EQ(forebay::detail::total_order(q).size(), 2u) << "keys that it names already stay where they are";
}

TEST(Keyset, ColumnsOfOneDirectionAreComparedAsOne) {
  const query_text q{.table = &forebay::table_of<Order>};
  EXPECT_EQ(behind(q, {col<&Order::id>.ascending()}, {value::integer(1)}), R"("id" > {})");
  EXPECT_EQ(behind(q, {col<&Order::user_id>.descending(), col<&Order::id>.descending()},
                   {value::integer(1), value::integer(2)}),
            R"(("user_id", "id") < ({}, {}))");
}

TEST(Keyset, ColumnsOfSeveralDirectionsKeepARangeForAnIndex) {
  const query_text q{.table = &forebay::table_of<Order>};
  EXPECT_EQ(behind(q, {col<&Order::user_id>.descending(), col<&Order::id>.ascending()},
                   {value::integer(1), value::integer(2)}),
            R"(("user_id" <= {} and ("user_id" < {} or "id" > {})))");
}

TEST(Keyset, NullsAreBehindWhereTheDialectOrTheOrderPutsThem) {
  const query_text q = of_users();
  const std::vector<ordering> ascending{col<&User::name>.ascending(), col<&User::id>.ascending()};
  const std::vector<ordering> last{col<&User::name>.nulls_last(), col<&User::id>.ascending()};
  const std::vector<value> text{value::text("x"), value::integer(2)};
  const std::vector<value> null{value(), value::integer(2)};
  const std::string nulls_follow = R"(("name" > {} or "name" is null or ("name" = {} and "id" > {})))";
  EXPECT_EQ(behind(q, ascending, text), R"(("name", "id") > ({}, {}))") << "NULLs come first";
  EXPECT_EQ(behind(q, ascending, text, postgresql_dialect), nulls_follow);
  EXPECT_EQ(behind(q, last, text), nulls_follow);
  EXPECT_EQ(behind(q, ascending, null), R"(("name" is not null or ("name" is null and "id" > {})))");
  EXPECT_EQ(behind(q, last, null), R"(("name" is null and "id" > {}))");
}

}  // namespace
