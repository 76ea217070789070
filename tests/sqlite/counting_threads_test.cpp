#include <thread>

#include "sqlite/shop.hpp"

using namespace shop;
using forebay::increment;

namespace {

constexpr int threads = 8;

template <class Work>
void on_all_threads(Work work) {
  std::vector<std::thread> running;
  for (int t = 0; t < threads; ++t) running.emplace_back(work);
  for (std::thread& t : running) t.join();
}

struct counting {
  counting() { shop.lines.insert(shop.s, {.order_id = 1, .sku = "pear", .amount = 0, .version = 1}); }

  temporary_folder folder;
  shop_database shop{folder.url("shop.db")};
};

TEST(Counting, IncrementsOfManyThreadsAddUp) {
  counting c;
  constexpr int times = 50;
  on_all_threads([&c] {
    forebay::session s = c.shop.db.session({.deadline = 60s});
    for (int i = 0; i < times; ++i) {
      EXPECT_TRUE(c.shop.lines.set(s, {1, "pear"}, increment<&Line::amount>(1)));
      EXPECT_GT(c.shop.lines.find(s, {1, "pear"}).value().amount, i) << "reads its own writes";
    }
  });
  const Line line = c.shop.lines.find(c.shop.s, {1, "pear"}).value();
  EXPECT_EQ(line.amount, threads * times);
  EXPECT_EQ(line.version, 1 + threads * times);
}

TEST(Counting, UpdatesThatAreTriedAgainAfterAConflictAddUp) {
  counting c;
  constexpr int times = 20;
  on_all_threads([&c] {
    forebay::session s = c.shop.db.session({.deadline = 60s});
    for (int done = 0; done < times;) {
      Line line = *c.shop.lines.find(s, {1, "pear"});
      ++line.amount;
      try {
        c.shop.lines.update(s, line);
        ++done;
      } catch (const forebay::conflict&) {  // read it again
      }
    }
  });
  const Line line = c.shop.lines.find(c.shop.s, {1, "pear"}).value();
  EXPECT_EQ(line.amount, threads * times);
  EXPECT_EQ(line.version, 1 + threads * times);
}

}  // namespace
