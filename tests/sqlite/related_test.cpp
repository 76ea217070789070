#include "sqlite/reading.hpp"

using namespace shop;
using forebay::col;
using forebay::errc;

namespace {

class Related : public reading_test {};
INSTANTIATE_TEST_SUITE_P(Sqlite, Related, testing::Values("file", "memory"),
                         [](const auto& which) { return which.param; });

TEST_P(Related, LoadForGivesTheChildrenOfEachParent) {
  users.insert_many(s, some_users(3));
  orders.insert(s, {.id = 10, .user_id = 1, .courier_id = {}, .total_cents = 1});
  orders.insert(s, {.id = 11, .user_id = 1, .courier_id = 3, .total_cents = 2});
  orders.insert(s, {.id = 12, .user_id = 2, .courier_id = {}, .total_cents = 3});
  const std::vector<User> batch = users.query(s).order_by(col<&User::id>).all();
  const auto of = orders.load_for<&Order::user_id>(s, batch);
  EXPECT_EQ(of[batch[0]].size(), 2u);
  EXPECT_EQ(of[batch[1]].size(), 1u);
  EXPECT_EQ(of[batch[1]][0].id, 12);
  EXPECT_TRUE(of[batch[2]].empty());
  EXPECT_TRUE(of.of_key(404).empty());
}

TEST_P(Related, LoadForTakesHandlesAndLeavesEmptyOnesOut) {
  users.insert_many(s, some_users(2));
  orders.insert(s, {.id = 10, .user_id = 2, .courier_id = {}, .total_cents = 1});
  const auto batch = users.find_many(s, {1, 404, 2});
  const auto of = orders.load_for<&Order::user_id>(s, batch);
  EXPECT_TRUE(of[batch[0]].empty());
  EXPECT_EQ(of[batch[2]].size(), 1u);
}

TEST_P(Related, LoadForFollowsAnOptionalForeignKeyBothWays) {
  users.insert_many(s, some_users(3));
  orders.insert(s, {.id = 10, .user_id = 1, .courier_id = 3, .total_cents = 1});
  orders.insert(s, {.id = 11, .user_id = 1, .courier_id = {}, .total_cents = 2});
  const std::vector<Order> batch = orders.query(s).order_by(col<&Order::id>).all();
  const auto couriers = users.load_for<&Order::courier_id>(s, batch);
  ASSERT_TRUE(couriers[batch[0]]);
  EXPECT_EQ(couriers[batch[0]]->id, 3);
  EXPECT_FALSE(couriers[batch[1]]);

  const auto carried = orders.load_for<&Order::courier_id>(s, users.query(s).all());
  EXPECT_EQ(carried.of_key(3).size(), 1u);
  EXPECT_TRUE(carried.of_key(1).empty());
}

TEST_P(Related, LoadForGivesTheParentOfEachRowWhateverHoldsIt) {
  users.insert_many(s, some_users(2));
  orders.insert(s, {.id = 10, .user_id = 2, .courier_id = {}, .total_cents = 1});
  const auto handles = orders.find_many(s, {10, 404});
  const auto by_handle = users.load_for<&Order::user_id>(s, handles);
  EXPECT_EQ(by_handle[handles[0]]->id, 2);

  const std::vector<std::optional<Order>> maybe{std::nullopt, *handles[0]};
  const auto by_optional = users.load_for<&Order::user_id>(s, maybe);
  EXPECT_EQ(by_optional[*maybe[1]]->id, 2);
}

TEST_P(Related, LoadForOfNothingAsksNothing) {
  const auto children = orders.load_for<&Order::user_id>(s, std::vector<User>());
  EXPECT_TRUE(children.of_key(1).empty());
  const auto parents = users.load_for<&Order::user_id>(s, std::vector<Order>());
  EXPECT_FALSE(parents[Order()]);
}

TEST_P(Related, LoadForLeavesAHandleEmptyWhereTheDatabaseHasNoParent) {
  users.insert_many(s, some_users(1));
  const std::vector<Order> dangling{{.id = 1, .user_id = 404, .courier_id = {}, .total_cents = 0}};
  const auto parents = users.load_for<&Order::user_id>(s, dangling);
  EXPECT_FALSE(parents[dangling[0]]);
}

TEST_P(Related, WhatLoadForGaveIsABatchForTheNextLevel) {
  users.insert_many(s, some_users(3));
  orders.insert_many(s, std::vector<Order>{{10, 1, 3, 1}, {11, 1, std::nullopt, 2}, {12, 2, std::nullopt, 3}});
  lines.insert_many(s, std::vector<Line>{{10, "apple", 1, 1}, {12, "apple", 2, 1}, {12, "pear", 3, 1}});
  const auto batch = users.query(s).all();
  const auto their_orders = orders.load_for<&Order::user_id>(s, batch);
  EXPECT_EQ(their_orders.size(), 3u);
  const auto their_lines = lines.load_for<&Line::order_id>(s, their_orders);
  EXPECT_EQ(their_lines.size(), 3u);
  EXPECT_EQ(their_lines[their_orders.of_key(2)[0]].size(), 2u);
  EXPECT_TRUE(their_lines.of_key(11).empty());

  const auto couriers = users.load_for<&Order::courier_id>(s, their_orders);
  ASSERT_EQ(couriers.size(), 1u);
  EXPECT_EQ(couriers.begin()->value().id, 3);
  const auto of_couriers = orders.load_for<&Order::courier_id>(s, couriers);
  EXPECT_EQ(of_couriers.of_key(3)[0].id, 10);
}

struct Note {
  std::int64_t id{};
  std::optional<std::int64_t> line_order;
  std::optional<std::string> line_sku;
  std::string note;
  friend bool operator==(const Note&, const Note&) = default;
};
FOREBAY_ENTITY(Note, "notes", id, line_order, line_sku, note);

TEST_P(Related, AForeignKeyOfSeveralColumnsIsFollowedBothWays) {
  db.execute(s, "create table notes(id integer primary key, line_order integer, line_sku text, note text not null)");
  const forebay::repository<Note> notes{db};
  std::vector<Line> many;
  std::vector<Note> texts;
  for (std::int64_t i = 0; i < 150; ++i) {
    many.push_back({i / 10, "sku" + std::to_string(i % 10), 1, 1});
    texts.push_back({i, i / 10, "sku" + std::to_string(i % 10), "note"});
  }
  texts.push_back({1000, 3, std::nullopt, "half a key"});
  texts.push_back({1001, 404, "sku1", "dangling"});
  texts.push_back({1002, 3, "sku4", "another one"});
  lines.insert_many(s, many);
  notes.insert_many(s, texts);
  const auto found = notes.load_for<&Note::line_order, &Note::line_sku>(s, many);
  EXPECT_EQ(found.size(), 151u);
  for (const Line& l : many) {
    const std::size_t expected = l.order_id == 3 && l.sku == "sku4" ? 2 : 1;
    ASSERT_EQ(found[l].size(), expected) << l.order_id << " " << l.sku;
  }
  const auto back = lines.load_for<&Note::line_order, &Note::line_sku>(s, texts);
  EXPECT_EQ(back[texts[77]].value(), many[77]);
  EXPECT_FALSE(back[texts[150]]);
  EXPECT_FALSE(back[texts[151]]);
  EXPECT_EQ(back[texts[152]].value(), many[34]);
}

TEST_P(Related, MoreParentsThanOneStatementTakes) {
  constexpr std::int64_t count = 5000;
  users.insert_many(s, some_users(count));
  std::vector<Order> rows;
  for (std::int64_t i = 1; i <= count; ++i) rows.push_back({i, i, std::nullopt, i});
  orders.insert_many(s, rows);
  const auto batch = users.query(s).all();
  const auto found = orders.load_for<&Order::user_id>(s, batch);
  EXPECT_EQ(found.size(), 5000u);
  for (const User& u : batch) ASSERT_EQ(found[u].size(), 1u) << u.id;
  const auto parents = users.load_for<&Order::user_id>(s, rows);
  for (const Order& o : rows) ASSERT_EQ(parents[o].value().id, o.user_id);
}

TEST_P(Related, InATransactionItSeesWhatTheTransactionWrote) {
  users.insert(s, ann());
  db.transact(s, [&](forebay::transaction& tx) {
    orders.insert(tx, {10, 1, std::nullopt, 1});
    const std::vector<User> batch{ann()};
    const auto children = orders.load_for<&Order::user_id>(tx, batch);
    EXPECT_EQ(children.of_key(1).size(), 1u);
    User changed = ann();
    changed.name = "Eve";
    users.update(tx, changed);
    const std::vector<Order> of_ann{{10, 1, std::nullopt, 1}};
    const auto parents = users.load_for<&Order::user_id>(tx, of_ann);
    EXPECT_EQ(parents[of_ann[0]]->name, "Eve");
  });
}

}  // namespace
