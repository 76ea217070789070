#include "shop.hpp"

namespace {

TEST_F(Guide, RelatedRowsInOneStatement) {
  std::int64_t sum = 0;
  // [snippet
  const std::vector<User> page = users.query(s).order_by(col<&User::id>).limit(50).all();
  const auto carts = orders.load_for<&Order::user_id>(s, page);  // one statement for all of them
  for (const User& u : page) {
    for (const Order& o : carts[u]) sum += o.total_cents;
  }
  // snippet]
  EXPECT_EQ(sum, 12'100);
}

TEST_F(Guide, TheParentsOfABatch) {
  std::string names;
  // [snippet
  const std::vector<Order> recent = orders.query(s).order_by(col<&Order::id>.descending()).limit(20).all();
  const auto buyers = users.load_for<&Order::user_id>(s, recent);  // through the cache
  for (const Order& o : recent) {
    if (const auto& buyer = buyers[o]) names += buyer->email + ' ';
  }
  // snippet]
  EXPECT_EQ(names, "bob@example.org ann@example.org ann@example.org ");
}

}  // namespace
