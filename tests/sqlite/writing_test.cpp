#include "sqlite/shop.hpp"

using namespace shop;
using forebay::errc;
using forebay::outcome;

namespace {

class Writing : public testing::TestWithParam<const char*> {
 protected:
  std::int64_t count() { return db.query<std::int64_t>(s, "select count(*) from users")[0]; }
  User stored(std::int64_t id) { return db.query<User>(s, "select * from users where id = {}", id).at(0); }

  temporary_folder folder;
  shop_database shop{std::string_view(GetParam()) == "file" ? folder.url("shop.db") : "sqlite::memory:"};
  forebay::database& db = shop.db;
  forebay::session& s = shop.s;
  forebay::repository<User>& users = shop.users;
  forebay::repository<Order>& orders = shop.orders;
  forebay::repository<Line>& lines = shop.lines;
};
INSTANTIATE_TEST_SUITE_P(Sqlite, Writing, testing::Values("file", "memory"),
                         [](const auto& which) { return which.param; });

std::vector<User> numbered(std::int64_t from, std::int64_t to) {
  std::vector<User> rows;
  for (std::int64_t i = from; i <= to; ++i) {
    rows.push_back({.id = i, .email = "user" + std::to_string(i), .name = std::nullopt, .version = 1});
  }
  return rows;
}

TEST_P(Writing, InsertStoresEveryMember) {
  users.insert(s, ann());
  users.insert(s, bob());
  EXPECT_EQ(stored(1), ann());
  EXPECT_EQ(stored(2), bob());
}

TEST_P(Writing, InsertOfAnExistingKeyIsADuplicate) {
  users.insert(s, ann());
  User twin = bob();
  twin.id = 1;
  EXPECT_THROW(users.insert(s, twin), forebay::duplicate_key);
  EXPECT_EQ(count(), 1);
}

TEST_P(Writing, InsertOfAUniqueColumnsValueIsADuplicateThatNamesTheColumn) {
  User first = ann();
  first.email = secret_text;
  users.insert(s, first);
  User twin = bob();
  twin.email = secret_text;
  const caught e = error_of([&] { users.insert(s, twin); });
  EXPECT_EQ(e.code, errc::duplicate_key);
  EXPECT_TRUE(e.says("users.email")) << e.what;
  EXPECT_TRUE(e.says("writing_test.cpp:")) << e.what;
  EXPECT_TRUE(e.says("into \"users\"")) << e.what;
  EXPECT_EQ(e.details.sqlstate, "2067");  // SQLITE_CONSTRAINT_UNIQUE
  EXPECT_EQ(e.details.outcome, outcome::not_applied);
  EXPECT_FALSE(e.details.retryable);
}

TEST_P(Writing, AForeignKeyWithoutItsRowIsAConstraintViolation) {
  const Order order{.id = 1, .user_id = secret_number, .courier_id = {}, .total_cents = 1};
  EXPECT_THROW(orders.insert(s, order), forebay::constraint_violation);
  error_of([&] { orders.insert(s, order); });
}

TEST_P(Writing, AFailedCheckIsAConstraintViolation) {
  users.insert(s, ann());
  const caught e =
      error_of([&] { orders.insert(s, {.id = 1, .user_id = 1, .courier_id = {}, .total_cents = -secret_number}); });
  EXPECT_EQ(e.code, errc::constraint_violation);
  EXPECT_TRUE(e.says("total_cents")) << e.what;
}

TEST_P(Writing, NullIntoANotNullColumnIsAConstraintViolation) {
  const caught e = error_of([&] {
    db.execute(s, "insert into users(id, email, name, version) values({}, {}, {}, 1)", secret_number, std::nullopt,
               secret_text);
  });
  EXPECT_EQ(e.code, errc::constraint_violation);
  EXPECT_TRUE(e.says("users.email")) << e.what;
}

TEST_P(Writing, InsertManyStoresMoreRowsThanOneStatementTakes) {
  users.insert_many(s, numbered(1, 200));
  EXPECT_EQ(count(), 200);
  EXPECT_EQ(stored(1).email, "user1");
  EXPECT_EQ(stored(64).email, "user64");
  EXPECT_EQ(stored(65).email, "user65");
  EXPECT_EQ(stored(200).email, "user200");
}

TEST_P(Writing, InsertManyOfNothingAndOfOne) {
  users.insert_many(s, std::vector<User>());
  EXPECT_EQ(count(), 0);
  users.insert_many(s, std::vector{ann()});
  EXPECT_EQ(count(), 1);
}

// A range that makes its rows on the way.
class made_users {
 public:
  struct iterator {
    using value_type = User;
    using difference_type = std::ptrdiff_t;
    User operator*() const {
      return {.id = at, .email = "made" + std::to_string(at), .name = std::nullopt, .version = 1};
    }
    iterator& operator++() { return ++at, *this; }
    iterator operator++(int) { return {at++}; }
    friend bool operator==(const iterator&, const iterator&) = default;
    std::int64_t at = 0;
  };
  [[nodiscard]] iterator begin() const { return {1}; }
  [[nodiscard]] iterator end() const { return {101}; }
};

TEST_P(Writing, InsertManyTakesRowsThatAreMadeOnTheWay) {
  users.insert_many(s, made_users());
  EXPECT_EQ(count(), 100);
  EXPECT_EQ(stored(100).email, "made100");
}

TEST_P(Writing, InsertManyWithADuplicateStoresNothing) {
  auto rows = numbered(1, 150);
  rows.back().id = 1;
  EXPECT_THROW(users.insert_many(s, rows), forebay::duplicate_key);
  EXPECT_EQ(count(), 0);
  users.insert_many(s, numbered(1, 150));  // the writing connection is in order
  EXPECT_EQ(count(), 150);
}

TEST_P(Writing, InsertManyInATransactionIsPartOfIt) {
  {
    forebay::transaction tx = db.begin(s);
    users.insert_many(tx, numbered(1, 100));
    EXPECT_EQ(db.query<std::int64_t>(tx, "select count(*) from users")[0], 100);
  }
  EXPECT_EQ(count(), 0);
}

TEST_P(Writing, InsertManyThatFailsInATransactionLeavesNoneOfItsRows) {
  forebay::transaction tx = db.begin(s);
  users.insert(tx, {.id = 1000, .email = "before", .name = std::nullopt, .version = 1});
  auto rows = numbered(1, 150);
  rows.back().id = 1;
  EXPECT_THROW(users.insert_many(tx, rows), forebay::duplicate_key);
  EXPECT_EQ(db.query<std::int64_t>(tx, "select count(*) from users")[0], 1) << "all or none, and what was there before";
  tx.commit();
  EXPECT_EQ(count(), 1);
}

TEST_P(Writing, UpdateWritesAndRaisesTheVersion) {
  users.insert(s, ann());
  User me = *users.find(s, 1);
  me.name = "Anna";
  users.update(s, me);
  EXPECT_EQ(me.version, 2);
  EXPECT_EQ(stored(1), me);
  me.name = std::nullopt;
  users.update(s, me);
  EXPECT_EQ(me.version, 3);
  EXPECT_EQ(stored(1), me);
}

TEST_P(Writing, UpdateOfARowThatSomebodyElseChangedIsAConflictAndTouchesNothing) {
  users.insert(s, ann());
  User mine = *users.find(s, 1);
  db.execute(s, "update users set name = 'other', version = 2 where id = 1");
  mine.name = secret_text;
  const User before = mine;
  EXPECT_THROW(users.update(s, mine), forebay::conflict);
  EXPECT_EQ(mine, before);
  EXPECT_EQ(stored(1).name, "other");
  const caught e = error_of([&] { users.update(s, mine); });
  EXPECT_TRUE(e.says("User")) << e.what;
  EXPECT_TRUE(e.says("writing_test.cpp:")) << e.what;
}

TEST_P(Writing, UpdateOfARowThatIsGoneIsAConflict) {
  User ghost = ann();
  EXPECT_THROW(users.update(s, ghost), forebay::conflict);
  EXPECT_EQ(ghost, ann());
  EXPECT_EQ(count(), 0);
}

TEST_P(Writing, UpdateTwiceFromTheSameReadIsAConflict) {
  users.insert(s, ann());
  User one = *users.find(s, 1);
  User two = one;
  users.update(s, one);
  EXPECT_THROW(users.update(s, two), forebay::conflict);
}

TEST_P(Writing, UpdateByAKeyOfSeveralColumns) {
  lines.insert(s, {.order_id = 1, .sku = "apple", .amount = 3, .version = 1});
  lines.insert(s, {.order_id = 1, .sku = "pear", .amount = 5, .version = 1});
  Line line = *lines.find(s, {1, "apple"});
  line.amount = 4;
  lines.update(s, line);
  EXPECT_EQ(lines.find(s, {1, "apple"}).value().amount, 4);
  EXPECT_EQ(lines.find(s, {1, "pear"}).value().amount, 5);
}

TEST_P(Writing, AVersionThatCannotBeRaisedIsRefusedAndTheRowStaysReadable) {
  lines.insert(s, {.order_id = 1, .sku = "apple", .amount = 3, .version = INT32_MAX});
  Line line = *lines.find(s, {1, "apple"});
  EXPECT_EQ(error_of([&] { lines.update(s, line); }).code, errc::value_out_of_range);
  EXPECT_EQ(lines.find(s, {1, "apple"}).value().version, INT32_MAX);

  users.insert(s, {.id = 1, .email = "ann", .name = std::nullopt, .version = INT64_MAX});
  User user = *users.find(s, 1);
  EXPECT_EQ(error_of([&] { users.update(s, user); }).code, errc::value_out_of_range);
  EXPECT_EQ(stored(1).version, INT64_MAX);
}

TEST_P(Writing, AnUpdateThatBreaksAConstraintLeavesRowAndStructAsTheyWere) {
  users.insert_many(s, std::vector{ann(), bob()});
  User me = ann();
  me.email = bob().email;
  EXPECT_THROW(users.update(s, me), forebay::duplicate_key);
  EXPECT_EQ(me.version, 1);
  EXPECT_EQ(stored(1), ann());
}

TEST_P(Writing, RemoveTellsWhetherThereWasARow) {
  users.insert(s, ann());
  EXPECT_TRUE(users.remove(s, 1));
  EXPECT_FALSE(users.remove(s, 1));
  EXPECT_EQ(count(), 0);
  EXPECT_FALSE(lines.remove(s, {1, "apple"}));
}

TEST_P(Writing, RemoveOfARowThatOthersPointToIsAConstraintViolation) {
  users.insert(s, ann());
  orders.insert(s, {.id = 1, .user_id = 1, .courier_id = {}, .total_cents = 1});
  EXPECT_THROW((void)users.remove(s, 1), forebay::constraint_violation);
  EXPECT_EQ(count(), 1);
}

TEST_P(Writing, ExecuteTellsHowManyRowsItChanged) {
  EXPECT_EQ(db.execute(s, "insert into users(id, email, version) values(1, 'a', 1), (2, 'b', 1), (3, 'c', 1)"), 3u);
  EXPECT_EQ(db.execute(s, "update users set name = {} where id < {}", "x", 3), 2u);
  EXPECT_EQ(db.execute(s, "update users set name = {} where id = {}", "x", 404), 0u);
  EXPECT_EQ(db.execute(s, "delete from users"), 3u);
}

TEST_P(Writing, AStatementThatChangesNoRowsTellsNoneWhateverRanBefore) {
  EXPECT_EQ(db.execute(s, "insert into users(id, email, version) values(1, 'a', 1), (2, 'b', 1), (3, 'c', 1)"), 3u);
  EXPECT_EQ(db.execute(s, "create table more(id integer)"), 0u);
  EXPECT_EQ(db.execute(s, "drop table more"), 0u);
}

}  // namespace
