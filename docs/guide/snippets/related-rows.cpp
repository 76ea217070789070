#include "shop.hpp"

namespace {

struct Return {
  std::int64_t id{};
  std::optional<std::int64_t> order_id{};
  std::optional<std::string> sku{};
};
FOREBAY_ENTITY(Return, "returns", id, order_id, sku);

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

TEST_F(Guide, LevelAfterLevel) {
  std::int64_t pieces = 0;
  // [snippet
  const std::vector<User> page = users.query(s).order_by(col<&User::id>).limit(50).all();
  const auto their_orders = orders.load_for<&Order::user_id>(s, page);
  const auto their_lines = lines.load_for<&Line::order_id>(s, their_orders);  // of all orders of all users
  for (const User& u : page) {
    for (const Order& o : their_orders[u]) {
      for (const Line& l : their_lines[o]) pieces += l.amount;
    }
  }
  // snippet]
  EXPECT_EQ(pieces, 7);
}

TEST_F(Guide, AForeignKeyOfSeveralColumns) {
  db.execute(s,
             "create table returns(id integer primary key, order_id integer, sku text, foreign key(order_id, sku) "
             "references lines(order_id, sku))");
  const forebay::repository<Return> returns{db};
  returns.insert_many(s, std::vector<Return>{{.id = 1, .order_id = 11, .sku = "apple"}, {.id = 2}});
  // [snippet
  const std::vector<Return> back = returns.query(s).order_by(col<&Return::id>).all();
  const auto from = lines.load_for<&Return::order_id, &Return::sku>(s, back);
  const auto& line = from[back[0]];  // an empty handle where a member of the foreign key is nullopt
  // snippet]
  EXPECT_EQ(line->amount, 2);
  EXPECT_FALSE(from[back[1]]);
}

}  // namespace
