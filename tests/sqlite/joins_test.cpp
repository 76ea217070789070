#include "sqlite/reading.hpp"

using namespace shop;
using forebay::col;
using forebay::errc;

namespace {

struct OrderOfUser {
  std::string email;
  std::int64_t total_cents{};
  friend bool operator==(const OrderOfUser&, const OrderOfUser&) = default;
};
FOREBAY_ROW(OrderOfUser, email, total_cents);

struct Spent {
  std::string email;
  std::int64_t orders{};
  std::int64_t total{};
  friend bool operator==(const Spent&, const Spent&) = default;
};
FOREBAY_ROW(Spent, email, orders, total);

struct LineNote {
  std::int64_t id{};
  std::optional<std::int64_t> line_order;
  std::optional<std::string> line_sku;
  std::string note;
};
FOREBAY_ENTITY(LineNote, "line_notes", id, line_order, line_sku, note);

class Joins : public reading_test {
 protected:
  // Ann has two orders, one of them carried by Bob; Bob has one; Cleo has none.
  Joins() {
    users.insert_many(s, std::vector<User>{ann(), bob(), {3, "cleo@example.org", "Cleo", 1}});
    orders.insert_many(s, std::vector<Order>{{10, 1, std::nullopt, 100}, {11, 1, 2, 300}, {12, 2, std::nullopt, 50}});
    lines.insert_many(s, std::vector<Line>{{10, "apple", 1, 1}, {11, "apple", 2, 1}, {11, "pear", 3, 1}});
  }
};
INSTANTIATE_TEST_SUITE_P(Sqlite, Joins, testing::Values("file", "memory"),
                         [](const auto& which) { return which.param; });

TEST_P(Joins, AnInnerJoinGivesBothEntitiesOfEachRow) {
  const auto rows = orders.query(s).join<&Order::user_id>(users).order_by(col<&Order::id>).all();
  ASSERT_EQ(rows.size(), 3u);
  const auto& [order, user] = rows[1];
  EXPECT_EQ(order, (Order{11, 1, 2, 300}));
  EXPECT_EQ(user, ann());
  EXPECT_EQ(std::get<User>(rows[2]), bob()) << "with its NULL name";
}

TEST_P(Joins, ALeftJoinKeepsRowsThatPointNowhere) {
  const auto rows = orders.query(s).left_join<&Order::courier_id>(users).order_by(col<&Order::id>).all();
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_FALSE(std::get<1>(rows[0]));
  EXPECT_EQ(std::get<1>(rows[1]), bob());
  EXPECT_FALSE(std::get<1>(rows[2]));
}

TEST_P(Joins, AForeignKeyOfTheOtherSideJoinsItsRows) {
  const auto rows =
      users.query(s).left_join<&Order::user_id>(orders).order_by(col<&User::id>, col<&Order::id>.descending()).all();
  ASSERT_EQ(rows.size(), 4u);
  EXPECT_EQ(std::get<1>(rows[0])->id, 11);
  EXPECT_EQ(std::get<1>(rows[1])->id, 10);
  EXPECT_EQ(std::get<1>(rows[2])->id, 12);
  EXPECT_EQ(std::get<0>(rows[3]).id, 3);
  EXPECT_FALSE(std::get<1>(rows[3]));
}

TEST_P(Joins, SeveralJoinsFollowOneAnother) {
  const auto rows = orders.query(s)
                        .join<&Order::user_id>(users)
                        .left_join(lines, col<&Line::order_id> == col<&Order::id>)
                        .order_by(col<&Order::id>, col<&Line::sku>)
                        .all();
  ASSERT_EQ(rows.size(), 4u);
  EXPECT_EQ(std::get<2>(rows[0])->sku, "apple");
  EXPECT_EQ(std::get<2>(rows[2])->sku, "pear");
  EXPECT_EQ(std::get<1>(rows[2]), ann());
  EXPECT_FALSE(std::get<2>(rows[3]));
}

TEST_P(Joins, AForeignKeyOfSeveralColumnsIsFollowed) {
  db.execute(s,
             "create table line_notes(id integer primary key, line_order integer, line_sku text, note text not null)");
  const forebay::repository<LineNote> notes{db};
  notes.insert_many(s, std::vector<LineNote>{{1, 11, "pear", "ripe"}, {2, 11, std::nullopt, "lost"}});
  const auto inner = notes.query(s).join<&LineNote::line_order, &LineNote::line_sku>(lines).all();
  ASSERT_EQ(inner.size(), 1u);
  EXPECT_EQ(std::get<Line>(inner[0]).amount, 3);
  EXPECT_EQ(std::get<LineNote>(inner[0]).note, "ripe");
  const auto other_way = lines.query(s).join<&LineNote::line_order, &LineNote::line_sku>(notes).all();
  ASSERT_EQ(other_way.size(), 1u);
  EXPECT_EQ(std::get<LineNote>(other_way[0]).note, "ripe");
}

TEST_P(Joins, ConditionsAndOrdersNameEitherSide) {
  const auto carried = orders.query(s)
                           .join<&Order::user_id>(users)
                           .where(col<&User::email>.like("ann%") && col<&Order::total_cents> > 100)
                           .where(col<&User::id> == 1 || (col<&Order::id> == 12 && col<&User::id> == 2))
                           .order_by(col<&User::email>, col<&Order::id>)
                           .all();
  ASSERT_EQ(carried.size(), 1u);
  EXPECT_EQ(std::get<Order>(carried[0]).id, 11);
  const auto same = orders.query(s).join<&Order::user_id>(users).where(col<&Order::id> != col<&User::id>).count();
  EXPECT_EQ(same, 3u);
}

TEST_P(Joins, WhatALeftJoinFindsNothingForIsFoundByIsNull) {
  const auto idle = users.query(s).left_join<&Order::user_id>(orders).where(col<&Order::id>.is_null()).all();
  ASSERT_EQ(idle.size(), 1u);
  EXPECT_EQ(std::get<User>(idle[0]).id, 3);
}

TEST_P(Joins, FirstOneCountExistsAndForEachWorkOnThem) {
  const auto of_ann = orders.query(s).join<&Order::user_id>(users).where(col<&User::id> == 1).order_by(col<&Order::id>);
  EXPECT_EQ(of_ann.count(), 2u);
  EXPECT_TRUE(of_ann.exists());
  EXPECT_EQ(std::get<Order>(*of_ann.first()).id, 10);
  EXPECT_EQ(error_of([&] { (void)of_ann.one(); }).code, errc::too_many_rows);
  int seen = 0;
  of_ann.for_each([&](std::tuple<Order, User>& row) { seen += std::get<User>(row).id == 1 ? 1 : 0; });
  EXPECT_EQ(seen, 2);
}

TEST_P(Joins, APartOfTheColumnsOfBothSidesIsSelectedByName) {
  const auto rows =
      orders.query(s).join<&Order::user_id>(users).order_by(col<&Order::id>).limit(2).select<OrderOfUser>().all();
  EXPECT_EQ(rows, (std::vector<OrderOfUser>{{"ann@example.org", 100}, {"ann@example.org", 300}}));
}

TEST_P(Joins, GroupsAreMadeOfBothSides) {
  const auto rows = users.query(s)
                        .left_join<&Order::user_id>(orders)
                        .where(col<&User::id> <= 2)
                        .order_by(sum(col<&Order::total_cents>).descending())
                        .select<Spent>(col<&User::email>, forebay::count(), sum(col<&Order::total_cents>))
                        .all();
  EXPECT_EQ(rows, (std::vector<Spent>{{"ann@example.org", 2, 400}, {"bob@example.org", 1, 50}}));
}

TEST_P(Joins, ARepositoryOfAnotherDatabaseIsRefused) {
  shop_database other{"sqlite::memory:"};
  const caught e = error_of([&] { (void)orders.query(s).join<&Order::user_id>(other.users); });
  EXPECT_EQ(e.code, errc::invalid_option);
  EXPECT_TRUE(e.says("joins_test.cpp"));
}

TEST_P(Joins, ANullWhereTheMemberIsNoOptionalIsNamed) {
  db.execute(s, "pragma foreign_keys = off");
  db.execute(s, "create table loose(id integer primary key, email text, name text, version integer)");
  db.execute(s, "insert into loose values(1, null, null, 1)");
  db.execute(s, "alter table users rename to strict_users");
  db.execute(s, "alter table loose rename to users");
  const caught e = error_of([&] { (void)orders.query(s).join<&Order::user_id>(users).all(); });
  EXPECT_EQ(e.code, errc::schema_mismatch);
  EXPECT_TRUE(e.says("User::email"));
}

}  // namespace
