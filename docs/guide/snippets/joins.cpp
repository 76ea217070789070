#include <tuple>

#include "shop.hpp"

namespace {

// [snippet
struct Sale {
  std::string email{};
  std::int64_t total_cents{};
};
FOREBAY_ROW(Sale, email, total_cents);

struct Bought {
  std::string email{};
  std::string sku{};
  std::int64_t amount{};
};
FOREBAY_ROW(Bought, email, sku, amount);
// snippet]

TEST_F(Guide, OrdersWithTheirUsers) {
  std::string list;
  // [snippet
  const auto rows = orders.query(s)
                        .join<&Order::user_id>(users)  // orders.user_id = users.id
                        .where(col<&User::email>.like("%@example.org") && col<&Order::total_cents> > 1'000)
                        .order_by(col<&Order::id>)
                        .all();
  for (const auto& [order, user] : rows) list += std::to_string(order.id) + ' ' + user.email + '\n';
  // snippet]
  EXPECT_EQ(list, "10 ann@example.org\n12 bob@example.org\n");
}

TEST_F(Guide, UsersWithoutOrders) {
  users.insert(s, {.id = 3, .email = "cleo@example.org", .version = 1});
  // [snippet
  const auto all = users.query(s).left_join<&Order::user_id>(orders).order_by(col<&User::id>).all();
  const auto idle = users.query(s).left_join<&Order::user_id>(orders).where(col<&Order::id>.is_null()).all();
  // snippet]
  ASSERT_EQ(all.size(), 4u);
  EXPECT_EQ(std::get<std::optional<Order>>(all[3]).has_value(), false);
  ASSERT_EQ(idle.size(), 1u);
  EXPECT_EQ(std::get<User>(idle[0]).id, 3);
}

TEST_F(Guide, SeveralJoins) {
  // [snippet
  const auto apples = orders.query(s)
                          .join<&Order::user_id>(users)
                          .join(lines, col<&Line::order_id> == col<&Order::id>)  // by any condition
                          .where(col<&Line::sku> == "apple")
                          .all();  // std::vector<std::tuple<Order, User, Line>>
  // snippet]
  ASSERT_EQ(apples.size(), 2u);
  EXPECT_EQ(std::get<User>(apples[0]).id, 1);
}

TEST_F(Guide, APartOfTheColumns) {
  // [snippet
  const auto sales = orders.query(s).join<&Order::user_id>(users).order_by(col<&Order::id>).select<Sale>().all();
  const auto bought = orders.query(s)
                          .join<&Order::user_id>(users)
                          .join(lines, col<&Line::order_id> == col<&Order::id>)
                          .order_by(sum(col<&Line::amount>).descending())
                          .select<Bought>(col<&User::email>, col<&Line::sku>, sum(col<&Line::amount>))
                          .all();  // a row for each e-mail address and article
  // snippet]
  ASSERT_EQ(sales.size(), 3u);
  EXPECT_EQ(sales[2].total_cents, 9'900);
  ASSERT_EQ(bought.size(), 3u);
  EXPECT_EQ(bought[0].sku, "apple");
  EXPECT_EQ(bought[0].amount, 5);
}

}  // namespace
