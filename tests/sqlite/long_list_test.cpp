#include <algorithm>
#include <chrono>
#include <cstddef>
#include <limits>
#include <numeric>

#include "sqlite/shop.hpp"

using namespace shop;
using forebay::col;

// Lists of more values than a statement takes parameters: as one parameter, with every kind of value as it is.

namespace {

constexpr std::int64_t many = 100'000;  // three times what SQLite takes

std::vector<std::int64_t> numbers(std::int64_t first, std::int64_t count) {
  std::vector<std::int64_t> list(static_cast<std::size_t>(count));
  std::iota(list.begin(), list.end(), first);
  return list;
}

class LongLists : public testing::Test {
 protected:
  // As many values as `make` is called for, of which the table holds the last.
  template <class Make>
  std::int64_t found_with(Make make) {
    using element = decltype(make(0));
    std::vector<element> list;
    for (std::int64_t i = 0; i < many; ++i) list.push_back(make(i));
    db.execute(s, "create table kept(x)");
    db.execute(s, "insert into kept values ({}), ({})", list.back(), make(many));
    return db.scalar<std::int64_t>(s, "select count(*) from kept where x in ({})", list);
  }

  shop_database shop{"sqlite::memory:"};
  forebay::database& db = shop.db;
  forebay::session& s = shop.s;
};

TEST_F(LongLists, HoldNumbers) {
  EXPECT_EQ(found_with([](std::int64_t i) { return i - 9'007'199'254'740'993; }), 1);
}

TEST_F(LongLists, HoldRealNumbersToTheLastBit) {
  constexpr double step = std::numeric_limits<double>::epsilon();
  EXPECT_EQ(found_with([](std::int64_t i) { return 1.0 + static_cast<double>(i) * step; }), 1);
}

TEST_F(LongLists, HoldTextsWithNulAndWithoutMeaning) {
  EXPECT_EQ(found_with([](std::int64_t i) { return std::string("\0\xff\"'", 4) + std::to_string(i); }), 1);
}

TEST_F(LongLists, HoldBytes) {
  EXPECT_EQ(found_with([](std::int64_t i) {
              std::vector<std::byte> bytes(sizeof i);
              for (std::size_t b = 0; b < sizeof i; ++b) bytes[b] = static_cast<std::byte>(i >> (8 * b));
              return bytes;
            }),
            1);
}

TEST_F(LongLists, HoldTimePoints) {
  EXPECT_EQ(found_with([](std::int64_t i) { return std::chrono::sys_seconds(std::chrono::seconds(i)); }), 1);
}

TEST_F(LongLists, MayVaryInLengthWithoutBeingPreparedAnew) {
  shop.users.insert(s, ann());
  for (const std::int64_t n : {4'095, 4'096, 4'097, 32'766, 32'767, 100'000}) {
    EXPECT_EQ(db.scalar<std::int64_t>(s, "select count(*) from users where id in ({})", numbers(1, n)), 1) << n;
    EXPECT_EQ(db.scalar<std::int64_t>(s, "select count(*) from users where id in ({})", numbers(2, n)), 0) << n;
    EXPECT_EQ(
        db.scalar<std::int64_t>(s, "select count(*) from users where id not in ({}) and id = {}", numbers(2, n), 1), 1)
        << n;
  }
}

TEST_F(LongLists, StandInQueriesOfARepository) {
  shop.users.insert_many(s, std::vector<User>{ann(), bob()});
  const std::vector<std::int64_t> list = numbers(2, many);
  EXPECT_EQ(shop.users.query(s).where(col<&User::id>.in(list)).all(), std::vector<User>{bob()});
  EXPECT_EQ(shop.users.query(s).where(!col<&User::id>.in(list)).all(), std::vector<User>{ann()});
}

TEST_F(LongLists, StandInWritesWhoseTablesStayKnown) {
  shop.users.insert_many(s, std::vector<User>{ann(), bob()});
  shop.lines.insert(s, {.order_id = 1, .sku = "a", .amount = 1, .version = 1});
  (void)shop.lines.find(s, {1, "a"});
  EXPECT_EQ(db.execute(s, "update users set name = {} where id in ({})", "x", numbers(2, many)), 1u);
  EXPECT_EQ((*shop.users.find(s, 2)).name, "x");
  EXPECT_EQ(shop.lines.find(s, {1, "a"}).source(), forebay::source::memory);
}

TEST_F(LongLists, AreRefusedWhereSqlGivesNone) {
  EXPECT_EQ(db.scalar<std::int64_t>(s, "select count(*) from forebay_list({})", 1), 0) << "a number is no list";
  const caught e = error_of([&] { (void)db.scalar<std::int64_t>(s, "select count(*) from forebay_list"); });
  EXPECT_EQ(e.code, forebay::errc::query_failed);
}

}  // namespace
