#include "sqlite/shop.hpp"

#include <algorithm>
#include <functional>
#include <list>
#include <numeric>
#include <random>
#include <set>

using namespace shop;
using forebay::col;
using forebay::errc;
using forebay::source;

namespace {

// In a file, and in memory: the same behaviour.
class Reading : public testing::TestWithParam<const char*> {
 protected:
  temporary_folder folder;
  shop_database shop{std::string_view(GetParam()) == "file" ? folder.url("shop.db") : "sqlite::memory:"};
  forebay::database& db = shop.db;
  forebay::session& s = shop.s;
  forebay::repository<User>& users = shop.users;
  forebay::repository<Order>& orders = shop.orders;
  forebay::repository<Line>& lines = shop.lines;
};
INSTANTIATE_TEST_SUITE_P(Sqlite, Reading, testing::Values("file", "memory"),
                         [](const auto& which) { return which.param; });

std::vector<std::int64_t> ids_of(const std::vector<User>& rows) {
  std::vector<std::int64_t> ids;
  for (const User& u : rows) ids.push_back(u.id);
  return ids;
}

std::vector<User> some_users(std::int64_t count) {
  std::vector<User> rows;
  for (std::int64_t i = 1; i <= count; ++i) {
    rows.push_back(
        {.id = i, .email = "user" + std::to_string(i) + "@example.org", .name = std::nullopt, .version = i % 3});
  }
  return rows;
}

TEST_P(Reading, FindGivesTheWholeRow) {
  users.insert(s, ann());
  const auto found = users.find(s, 1);
  ASSERT_TRUE(found);
  EXPECT_EQ(*found, ann());
  EXPECT_EQ(found.source(), source::primary);
}

TEST_P(Reading, FindOfAMissingKeyIsEmpty) {
  const auto found = users.find(s, 404);
  EXPECT_FALSE(found);
  EXPECT_EQ(error_of([&] { (void)found->email; }).code, errc::not_found);
  EXPECT_EQ(found.value_or(bob()), bob());
}

TEST_P(Reading, ATemporaryHandleGivesACopyThatOutlivesIt) {
  users.insert(s, ann());
  const User& copy = *users.find(s, 1);
  EXPECT_EQ(copy, ann());
}

TEST_P(Reading, FindManyKeepsTheOrderOfTheKeysAndTheirRepeats) {
  users.insert_many(s, some_users(9));
  const auto found = users.find_many(s, {7, 404, 3, 7, 9, 404, 3});
  ASSERT_EQ(found.size(), 7u);
  EXPECT_EQ(found[0]->id, 7);
  EXPECT_FALSE(found[1]);
  EXPECT_EQ(found[2]->id, 3);
  EXPECT_EQ(found[3]->id, 7);
  EXPECT_EQ(found[4]->id, 9);
  EXPECT_FALSE(found[5]);
  EXPECT_EQ(found[6]->id, 3);
}

TEST_P(Reading, FindManyOfAnEntityThatIsNotCachedKeepsOrderAndRepeatsToo) {
  users.insert(s, ann());
  for (std::int64_t i = 1; i <= 5; ++i) orders.insert(s, {.id = i, .user_id = 1, .courier_id = {}, .total_cents = i});
  const auto found = orders.find_many(s, {5, 5, 404, 1, 5});
  ASSERT_EQ(found.size(), 5u);
  EXPECT_EQ(found[0]->id, 5);
  EXPECT_EQ(found[1]->id, 5);
  EXPECT_FALSE(found[2]);
  EXPECT_EQ(found[3]->id, 1);
  EXPECT_EQ(found[4]->id, 5);
}

TEST_P(Reading, FindManyOfNothingIsNothing) {
  EXPECT_TRUE(users.find_many(s, std::vector<std::int64_t>()).empty());
  EXPECT_TRUE(orders.find_many(s, std::vector<std::int64_t>()).empty());
}

TEST_P(Reading, FindManyTakesAnyRangeOfKeys) {
  users.insert_many(s, some_users(3));
  EXPECT_EQ(users.find_many(s, std::set<std::int64_t>{3, 1})[0]->id, 1);
  EXPECT_EQ(users.find_many(s, std::list<int>{2, 1})[0]->id, 2);
  const std::vector<std::int64_t> keys{3};
  EXPECT_EQ(users.find_many(s, std::span<const std::int64_t>(keys))[0]->id, 3);
}

TEST_P(Reading, FindManyReadsMoreKeysThanOneStatementTakes) {
  constexpr std::int64_t count = 4100;
  users.insert_many(s, some_users(count));
  std::vector<std::int64_t> keys(2 * count);
  std::iota(keys.rbegin(), keys.rend(), std::int64_t{1});  // backwards; the upper half is missing
  const auto found = users.find_many(s, keys);
  ASSERT_EQ(found.size(), keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    ASSERT_EQ(found[i].has_value(), keys[i] <= count) << i;
    if (found[i]) {
      ASSERT_EQ(found[i]->id, keys[i]) << i;
    }
  }
}

TEST_P(Reading, AKeyOfSeveralColumnsFindsItsRow) {
  lines.insert(s, {.order_id = 1, .sku = "apple", .amount = 3, .version = 1});
  lines.insert(s, {.order_id = 2, .sku = "apple", .amount = 4, .version = 1});
  EXPECT_EQ(lines.find(s, {2, "apple"}).value().amount, 4);
  EXPECT_FALSE(lines.find(s, {2, "pear"}));
}

TEST_P(Reading, FindManyByAKeyOfSeveralColumns) {
  std::vector<Line> rows;
  for (std::int32_t i = 0; i < 150; ++i) {
    rows.push_back({.order_id = i / 10, .sku = "sku" + std::to_string(i % 10), .amount = i, .version = 1});
  }
  lines.insert_many(s, rows);
  std::vector<std::tuple<std::int64_t, std::string>> keys;
  for (const Line& l : rows) keys.emplace_back(l.order_id, l.sku);
  keys.emplace_back(0, "sku0");       // a repeat
  keys.emplace_back(404, "nowhere");  // missing
  keys.emplace_back(1, "sku");        // a prefix of an existing key
  const auto found = lines.find_many(s, keys);
  ASSERT_EQ(found.size(), 153u);
  for (std::size_t i = 0; i < rows.size(); ++i) ASSERT_EQ(*found[i], rows[i]) << i;
  EXPECT_EQ(found[150]->amount, 0);
  EXPECT_FALSE(found[151]);
  EXPECT_FALSE(found[152]);
}

TEST_P(Reading, AQueryWithoutConditionsGivesEveryRow) {
  users.insert_many(s, some_users(5));
  EXPECT_EQ(users.query(s).all().size(), 5u);
}

TEST_P(Reading, AQueryComparesOrdersAndLimits) {
  users.insert_many(s, some_users(9));
  const auto by_version = users.query(s)
                              .where(col<&User::id> > 2 && col<&User::id> <= 8)
                              .order_by(col<&User::version>.descending())
                              .order_by(col<&User::id>)
                              .limit(4)
                              .all();
  EXPECT_EQ(ids_of(by_version), (std::vector<std::int64_t>{5, 8, 4, 7}));
}

TEST_P(Reading, SeveralWheresAllHold) {
  users.insert_many(s, some_users(9));
  const auto found = users.query(s)
                         .where(col<&User::id> == 3 || col<&User::id> == 4)
                         .where(!(col<&User::id> == 4) && col<&User::email>.like("user%"))
                         .all();
  EXPECT_EQ(ids_of(found), (std::vector<std::int64_t>{3}));
}

TEST_P(Reading, AQueryFindsNullsAndLists) {
  users.insert_many(s, std::vector{ann(), bob()});
  EXPECT_EQ(ids_of(users.query(s).where(col<&User::name>.is_null()).all()), (std::vector<std::int64_t>{2}));
  EXPECT_EQ(ids_of(users.query(s).where(!col<&User::name>.is_null()).all()), (std::vector<std::int64_t>{1}));
  const std::vector<std::int64_t> list{2, 404};
  EXPECT_EQ(ids_of(users.query(s).where(col<&User::id>.in(list)).all()), (std::vector<std::int64_t>{2}));
}

TEST_P(Reading, AnEmptyListHoldsNothingAndItsNegationEverything) {
  users.insert_many(s, std::vector{ann(), bob()});
  EXPECT_TRUE(users.query(s).where(col<&User::id>.in({})).all().empty());
  EXPECT_EQ(users.query(s).where(!col<&User::id>.in({})).all().size(), 2u);
}

TEST_P(Reading, FirstGivesOneRowOrNone) {
  users.insert_many(s, some_users(3));
  EXPECT_EQ(users.query(s).order_by(col<&User::id>.descending()).first()->id, 3);
  EXPECT_FALSE(users.query(s).where(col<&User::id> == 404).first());
}

TEST_P(Reading, AQueryCanBeBuiltStepByStepAndRunAgain) {
  users.insert_many(s, some_users(5));
  auto query = users.query(s);
  query.where(col<&User::id> > 1).order_by(col<&User::id>);
  EXPECT_EQ(query.all().size(), 4u);
  EXPECT_EQ(query.first()->id, 2);
  EXPECT_EQ(query.all().size(), 4u) << "first() is one run of the query, not a change of it";
}

TEST_P(Reading, ALimitOfZeroGivesNothing) {
  users.insert_many(s, some_users(2));
  EXPECT_TRUE(users.query(s).limit(0).all().empty());
  EXPECT_FALSE(users.query(s).limit(0).first());
}

TEST_P(Reading, LoadForGivesTheChildrenOfEachParent) {
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

TEST_P(Reading, LoadForTakesHandlesAndLeavesEmptyOnesOut) {
  users.insert_many(s, some_users(2));
  orders.insert(s, {.id = 10, .user_id = 2, .courier_id = {}, .total_cents = 1});
  const auto batch = users.find_many(s, {1, 404, 2});
  const auto of = orders.load_for<&Order::user_id>(s, batch);
  EXPECT_TRUE(of[batch[0]].empty());
  EXPECT_EQ(of[batch[2]].size(), 1u);
}

TEST_P(Reading, LoadForFollowsAnOptionalForeignKeyBothWays) {
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

TEST_P(Reading, LoadForGivesTheParentOfEachRowWhateverHoldsIt) {
  users.insert_many(s, some_users(2));
  orders.insert(s, {.id = 10, .user_id = 2, .courier_id = {}, .total_cents = 1});
  const auto handles = orders.find_many(s, {10, 404});
  const auto by_handle = users.load_for<&Order::user_id>(s, handles);
  EXPECT_EQ(by_handle[handles[0]]->id, 2);

  const std::vector<std::optional<Order>> maybe{std::nullopt, *handles[0]};
  const auto by_optional = users.load_for<&Order::user_id>(s, maybe);
  EXPECT_EQ(by_optional[*maybe[1]]->id, 2);
}

TEST_P(Reading, LoadForOfNothingAsksNothing) {
  const auto children = orders.load_for<&Order::user_id>(s, std::vector<User>());
  EXPECT_TRUE(children.of_key(1).empty());
  const auto parents = users.load_for<&Order::user_id>(s, std::vector<Order>());
  EXPECT_FALSE(parents[Order()]);
}

TEST_P(Reading, LoadForLeavesAHandleEmptyWhereTheDatabaseHasNoParent) {
  users.insert_many(s, some_users(1));
  const std::vector<Order> dangling{{.id = 1, .user_id = 404, .courier_id = {}, .total_cents = 0}};
  const auto parents = users.load_for<&Order::user_id>(s, dangling);
  EXPECT_FALSE(parents[dangling[0]]);
}

struct Small {
  std::int8_t id{};
  std::optional<std::int16_t> n{};
};
FOREBAY_ENTITY(Small, "smalls", id, n);

TEST_P(Reading, AKeyOfAnotherTypeIsTheSameNumberOrAnError) {
  db.execute(s, "create table smalls(id integer primary key, n integer)");
  const forebay::repository<Small> smalls{db};
  smalls.insert(s, {.id = 1, .n = 2});
  EXPECT_TRUE(smalls.find(s, std::int64_t{1}));
  EXPECT_TRUE(smalls.find(s, 1u));
  EXPECT_EQ(error_of([&] { (void)smalls.find(s, 257); }).code, errc::value_out_of_range) << "257 is not 1";
  EXPECT_EQ(error_of([&] { (void)smalls.find(s, secret_number); }).code, errc::value_out_of_range);
  EXPECT_EQ(error_of([&] { (void)smalls.find_many(s, std::vector<int>{1, 257}); }).code, errc::value_out_of_range);
  EXPECT_EQ(error_of([&] { (void)smalls.remove(s, 257); }).code, errc::value_out_of_range);
  EXPECT_EQ(error_of([&] { (void)users.find(s, UINT64_MAX); }).code, errc::value_out_of_range);
  EXPECT_EQ(error_of([&] { (void)smalls.query(s).where(col<&Small::n> == 65'538).all(); }).code,
            errc::value_out_of_range);
  EXPECT_EQ(smalls.query(s).where(col<&Small::n> == std::int64_t{2}).all().size(), 1u);
  EXPECT_TRUE(smalls.remove(s, 1));
}

TEST_P(Reading, AQueryOutlivesTheRepositoryThatMadeIt) {
  users.insert_many(s, some_users(2));
  auto query = forebay::repository<User>(db).query(s);
  EXPECT_EQ(query.all().size(), 2u);
}

TEST_P(Reading, TwoSessionsSeeTheSameRows) {
  users.insert(s, ann());
  forebay::session other = db.session();
  EXPECT_EQ(*users.find(other, 1), ann());
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

TEST_P(Reading, RandomConditionsFindWhatTheyMean) {
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
        << "condition " << i << ": " << condition.asked.text(forebay::sqlite_dialect, forebay::shape_of<User>);
  }
}

}  // namespace
