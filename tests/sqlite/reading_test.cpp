#include "sqlite/reading.hpp"

#include <list>
#include <numeric>
#include <set>

using namespace shop;
using forebay::col;
using forebay::errc;
using forebay::source;

namespace {

class Reading : public reading_test {};
INSTANTIATE_TEST_SUITE_P(Sqlite, Reading, testing::Values("file", "memory"),
                         [](const auto& which) { return which.param; });

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

TEST_P(Reading, TwoSessionsSeeTheSameRows) {
  users.insert(s, ann());
  forebay::session other = db.session();
  EXPECT_EQ(*users.find(other, 1), ann());
}

TEST_P(Reading, ExistsTellsWhetherThereIsARow) {
  users.insert(s, ann());
  orders.insert(s, {.id = 10, .user_id = 1, .courier_id = {}, .total_cents = 1});
  lines.insert(s, {.order_id = 2, .sku = "apple", .amount = 4, .version = 1});
  EXPECT_TRUE(users.exists(s, 1)) << "cached";
  EXPECT_FALSE(users.exists(s, 404));
  EXPECT_TRUE(orders.exists(s, 10)) << "not cached";
  EXPECT_FALSE(orders.exists(s, std::int64_t{11}));
  EXPECT_TRUE(lines.exists(s, {2, "apple"}));
  EXPECT_FALSE(lines.exists(s, {2, "APPLE"}));
  EXPECT_EQ(error_of([&] { (void)orders.exists(s, UINT64_MAX); }).code, errc::value_out_of_range);
  db.transact(s, [&](forebay::transaction& tx) {
    (void)users.remove(tx, 404);
    users.insert(tx, bob());
    EXPECT_TRUE(users.exists(tx, 2)) << "what the transaction wrote";
  });
}

TEST_P(Reading, CountIsOfTheTable) {
  EXPECT_EQ(users.count(s), 0u);
  users.insert_many(s, some_users(7));
  EXPECT_EQ(users.count(s), 7u);
  db.transact(s, [&](forebay::transaction& tx) {
    (void)users.remove(tx, 7);
    EXPECT_EQ(users.count(tx), 6u);
  });
}

TEST_P(Reading, FindByReadsTheRowOfAUniqueColumn) {
  users.insert_many(s, std::vector{ann(), bob()});
  const auto found = users.find_by<&User::email>(s, "bob@example.org");
  ASSERT_TRUE(found);
  EXPECT_EQ(*found, bob());
  EXPECT_EQ(found.source(), source::primary);
  EXPECT_FALSE(users.find_by<&User::email>(s, "nobody@example.org"));
  EXPECT_EQ(users.find_by<&User::name>(s, std::string("Ann")).value(), ann()) << "an optional member";
  EXPECT_EQ(users.find_by<&User::id>(s, 2).value(), bob());
}

TEST_P(Reading, FindByOfAValueThatSeveralRowsHaveIsAnError) {
  users.insert_many(s, std::vector<User>{{1, "a", secret_text, 1}, {2, "b", secret_text, 1}});
  const caught e = error_of([&] { (void)users.find_by<&User::name>(s, secret_text); });
  EXPECT_EQ(e.code, errc::too_many_rows);
  EXPECT_TRUE(e.says("User"));
  EXPECT_TRUE(e.says("reading_test.cpp"));
}

TEST_P(Reading, AFindThatLocksReadsWhatTheTransactionSees) {
  users.insert(s, ann());
  db.transact(s, [&](forebay::transaction& tx) {
    const auto me = users.find(tx, 1, forebay::lock::update);
    EXPECT_EQ(me.value(), ann());
    EXPECT_FALSE(users.find(tx, std::int64_t{404}, forebay::lock::share));
    EXPECT_EQ(error_of([&] { (void)users.find(tx, 1, forebay::lock::update, forebay::lock_wait::no_wait); }).code,
              errc::invalid_option);
    EXPECT_EQ(error_of([&] { (void)users.find(tx, 1, forebay::lock::none, forebay::lock_wait::no_wait); }).code,
              errc::invalid_option);
  });
}

TEST_P(Reading, AFindThatLocksIsRefusedWhereNothingCanBeWritten) {
  forebay::transaction tx = db.begin(s, {.mode = forebay::transaction_mode::read_only});
  const caught e = error_of([&] { (void)users.find(tx, 1, forebay::lock::update); });
  EXPECT_EQ(e.code, errc::read_only);
  EXPECT_TRUE(e.says("reading_test.cpp"));
}

}  // namespace
