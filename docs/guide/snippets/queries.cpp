#include "shop.hpp"

namespace {

// [snippet
struct Email {
  std::string email{};
};
FOREBAY_ROW(Email, email);

struct Turnover {
  std::int64_t user_id{};
  std::uint64_t orders{};
  std::int64_t cents{};
};
FOREBAY_ROW(Turnover, user_id, orders, cents);
// snippet]

TEST_F(Guide, QueriesByConditions) {
  // [snippet
  const auto large = orders.query(s)
                         .where(col<&Order::total_cents> >= 1'000 && col<&Order::user_id>.in({1, 2}))
                         .order_by(col<&Order::total_cents>.descending(), col<&Order::id>)
                         .limit(50)
                         .all();
  // snippet]
  ASSERT_EQ(large.size(), 2u);
  EXPECT_EQ(large[0].id, 12);
}

TEST_F(Guide, ConditionsThatAreAddedAtRunTime) {
  const std::optional<std::string> domain = "%@example.org";
  const bool only_named = true;
  // [snippet
  auto query = users.query(s);
  if (domain) query.where(col<&User::email>.like(*domain));
  if (only_named) query.where(col<&User::name>.is_not_null());
  const auto count = query.count();
  const auto first = query.order_by(col<&User::id>).first();
  // snippet]
  EXPECT_EQ(count, 1u);
  EXPECT_EQ(first->id, 1);
}

TEST_F(Guide, NullsHaveAPlace) {
  // [snippet
  const auto others = users.query(s).where(col<&User::name> != "Ann" || col<&User::name>.is_null()).all();
  const auto sorted = users.query(s).order_by(col<&User::name>.descending().nulls_first()).all();
  // snippet]
  ASSERT_EQ(others.size(), 1u);
  EXPECT_EQ(others[0].id, 2);
  EXPECT_EQ(sorted[0].id, 2);
  EXPECT_TRUE(users.query(s).where(col<&User::name> != "Ann").all().empty());
}

TEST_F(Guide, WhatAQueryGives) {
  std::int64_t sum = 0;
  // [snippet
  const auto newest = orders.query(s).order_by(col<&Order::id>.descending()).first();  // std::optional<Order>
  const Order one = orders.query(s).where(col<&Order::id> == 11).one();                // not_found, too_many_rows
  const bool any = orders.query(s).where(col<&Order::user_id> == 2).exists();
  orders.query(s).for_each([&](Order& o) {  // row by row, in bounded memory
    sum += o.total_cents;
    return sum < 10'000;  // false ends the reading
  });
  // snippet]
  EXPECT_EQ(newest->id, 12);
  EXPECT_EQ(one.total_cents, 700);
  EXPECT_TRUE(any);
  EXPECT_EQ(sum, 12'100);
  EXPECT_THROW((void)orders.query(s).one(), forebay::too_many_rows);
  EXPECT_THROW((void)orders.query(s).where(col<&Order::id> == 404).one(), forebay::not_found);
}

TEST_F(Guide, SmallerRowsAndGroups) {
  // [snippet
  const auto emails = users.query(s).order_by(col<&User::email>).select<Email>().all();  // by name
  const auto turnover = orders.query(s)
                            .order_by(sum(col<&Order::total_cents>).descending())
                            .select<Turnover>(col<&Order::user_id>, forebay::count(), sum(col<&Order::total_cents>))
                            .all();  // a row for each user_id
  const std::optional<std::int64_t> total = orders.query(s).sum(col<&Order::total_cents>);
  // snippet]
  ASSERT_EQ(emails.size(), 2u);
  EXPECT_EQ(emails[0].email, "ann@example.org");
  ASSERT_EQ(turnover.size(), 2u);
  EXPECT_EQ(turnover[0].user_id, 2);
  EXPECT_EQ(turnover[1].orders, 2u);
  EXPECT_EQ(turnover[1].cents, 2'200);
  EXPECT_EQ(total, 12'100);
}

TEST_F(Guide, AListOfAnyLength) {
  const std::vector<std::int64_t> list(32'767, 12);
  EXPECT_EQ(orders.query(s).where(col<&Order::id>.in(list)).all().size(), 1u);
}

TEST_F(Guide, LockedRows) {
  // [snippet
  db.transact(s, [&](forebay::transaction& tx) {
    const auto mine = orders.query(tx).where(col<&Order::user_id> == 1).for_update().all();
    for (const Order& o : mine) (void)lines.remove(tx, {o.id, "pear"});
  });
  // snippet]
  EXPECT_EQ(lines.count(s), 3u);
  EXPECT_THROW((void)orders.query(s).for_update(), forebay::invalid_option);
}

}  // namespace
