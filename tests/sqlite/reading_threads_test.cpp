#include <atomic>
#include <set>
#include <thread>

#include "sqlite/reading.hpp"

using namespace shop;
using forebay::col;

namespace {

constexpr std::int64_t accounts = 20;
constexpr std::int64_t total = accounts * 100;

std::vector<Order> full_accounts() {
  std::vector<Order> rows;
  for (std::int64_t i = 1; i <= accounts; ++i) rows.push_back({i, 1, std::nullopt, 100});
  return rows;
}

// Each page walk sees every account once; rows beyond them come and go.
void walk_all(const forebay::repository<Order>& orders, forebay::session& s, bool backward) {
  auto query = orders.query(s);
  query.order_by(col<&Order::courier_id>, col<&Order::user_id>.descending()).limit(7);
  std::multiset<std::int64_t> seen;
  std::string cursor;
  for (bool more = true; more;) {
    const auto page = backward ? query.before(cursor).page() : query.after(cursor).page();
    for (const Order& o : page.rows) {
      if (o.id <= accounts) seen.insert(o.id);
    }
    cursor = backward ? page.previous : page.next;
    more = page.has_more;
  }
  ASSERT_EQ(seen.size(), static_cast<std::size_t>(accounts));
  for (std::int64_t i = 1; i <= accounts; ++i) ASSERT_EQ(seen.count(i), 1u);
}

// Two threads move cents between the accounts, a third adds and removes other rows: whatever reads meanwhile sees the
// total and each account once.
TEST(ReadingThreads, ReadAConsistentShopWhileOthersWrite) {
  temporary_folder folder;
  shop_database shop{folder.url("shop.db")};
  shop.users.insert(shop.s, ann());
  shop.orders.insert_many(shop.s, full_accounts());
  std::atomic<bool> done{false};
  std::atomic<int> read{0};

  const auto move_cents = [&](std::int64_t from) {
    forebay::session s = shop.db.session({.deadline = 60s});
    for (std::int64_t i = 0; i < 40; ++i) {
      shop.db.transact(s, [&](forebay::transaction& tx) {
        const std::int64_t a = (from + i) % accounts + 1;
        const std::int64_t b = (from + 3 * i + 7) % accounts + 1;
        const std::int64_t cents = shop.orders.find(tx, a, forebay::lock::update).value().total_cents;
        if (a == b || cents == 0) return;
        shop.db.execute(tx, "update orders set total_cents = total_cents - 1 where id = {}", a);
        shop.db.execute(tx, "update orders set total_cents = total_cents + 1 where id = {}", b);
      });
    }
  };
  const auto come_and_go = [&] {
    forebay::session s = shop.db.session({.deadline = 60s});
    for (std::int64_t i = 0; i < 40; ++i) {
      shop.orders.insert(s, {1000 + i, 1, i % 2 == 0 ? std::optional<std::int64_t>(1) : std::nullopt, 0});
      if (i >= 3) {
        EXPECT_TRUE(shop.orders.remove(s, 1000 + i - 3));
      }
    }
  };
  const auto reader = [&](int which) {
    forebay::session s = shop.db.session({.deadline = 60s});
    do {
      ASSERT_EQ(shop.orders.query(s).sum(col<&Order::total_cents>), total);
      walk_all(shop.orders, s, which % 2 == 0);
      std::int64_t streamed = 0;
      shop.orders.query(s).for_each([&](const Order& o) { streamed += o.total_cents; });
      ASSERT_EQ(streamed, total) << "one statement sees one snapshot";
      ASSERT_EQ(shop.users.find(s, 1).value(), ann());
      const auto of_ann = shop.orders.load_for<&Order::user_id>(s, std::vector<User>{ann()});
      ASSERT_GE(of_ann.size(), static_cast<std::size_t>(accounts));
      const auto joined = shop.orders.query(s).join<&Order::user_id>(shop.users).where(col<&Order::id> <= accounts);
      ASSERT_EQ(joined.count(), static_cast<std::uint64_t>(accounts));
      ++read;
    } while (!done);
  };
  std::vector<std::thread> readers;
  for (int i = 0; i < 3; ++i) readers.emplace_back(reader, i);
  std::vector<std::thread> writers;
  writers.emplace_back(move_cents, 0);
  writers.emplace_back(move_cents, 11);
  writers.emplace_back(come_and_go);
  for (std::thread& t : writers) t.join();
  done = true;
  for (std::thread& t : readers) t.join();
  EXPECT_GE(read, 3);
}

TEST(ReadingThreads, DatabasesOfOneProcessDoNotMix) {
  temporary_folder folder;
  const auto work = [&](std::int64_t first) {
    shop_database shop{folder.url("shop" + std::to_string(first) + ".db")};
    for (std::int64_t i = 0; i < 30; ++i) {
      shop.users.insert(shop.s, {first + i, std::to_string(first + i), std::nullopt, 1});
      ASSERT_EQ(shop.users.find(shop.s, first + i).value().version, 1);
      ASSERT_FALSE(shop.users.find(shop.s, (first + 1000) % 2000 + i));
      ASSERT_EQ(shop.users.query(shop.s).min(col<&User::id>), first);
    }
    ASSERT_EQ(shop.users.count(shop.s), 30u);
  };
  std::thread one(work, 0);
  std::thread other(work, 1000);
  one.join();
  other.join();
}

}  // namespace
