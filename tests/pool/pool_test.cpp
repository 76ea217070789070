#include <future>
#include <optional>
#include <string>
#include <vector>

#include "pool_fixture.hpp"

namespace forebay {
namespace {

TEST_F(PoolTest, OpensNothingUntilAskedAndKeepsWhatComesBack) {
  pool p(from, connection_role::reader, two, clock, events);
  EXPECT_EQ(server.connections(), 0u);
  const connection* first = nullptr;
  {
    const lease l = acquire(p);
    first = &*l;
    EXPECT_EQ(p.statistics().in_use, 1u);
  }
  const lease again = acquire(p);
  EXPECT_EQ(&*again, first);
  EXPECT_EQ(p.statistics().opened, 1u);
}

TEST_F(PoolTest, NeverOpensMoreThanItsSize) {
  pool p(from, connection_role::reader, two, clock, events);
  const lease a = acquire(p);
  const lease b = acquire(p);
  auto third = std::async(std::launch::async, [&] { return acquire(p); });
  clock.wait_until_waiting(1);
  EXPECT_EQ(p.statistics().size, 2u);
  EXPECT_EQ(p.statistics().waiting, 1u);
  clock.advance(seconds(10));
  EXPECT_THROW(third.get(), pool_timeout);
  EXPECT_EQ(p.statistics().timeouts, 1u);
  EXPECT_EQ(p.statistics().waiting, 0u);
}

TEST_F(PoolTest, ServesThoseInLineInTheirOrder) {
  pool p(from, connection_role::reader, {.max_size = 1, .acquire_limit = seconds(10)}, clock, events);
  std::optional<lease> held(acquire(p));
  std::vector<int> order;
  std::mutex mutex;
  std::vector<std::future<void>> waiting;
  for (int i = 0; i < 5; ++i) {
    waiting.push_back(std::async(std::launch::async, [&, i] {
      const lease l = acquire(p);
      const std::lock_guard guard(mutex);
      order.push_back(i);
    }));
    clock.wait_until_waiting(static_cast<std::size_t>(i) + 1);
  }
  held.reset();
  for (auto& w : waiting) w.get();
  EXPECT_EQ(order, (std::vector<int>{0, 1, 2, 3, 4}));
}

TEST_F(PoolTest, ANewcomerDoesNotOvertakeWhoWaits) {
  pool p(from, connection_role::reader, {.max_size = 1, .acquire_limit = seconds(10)}, clock, events);
  std::optional<lease> held(acquire(p));
  auto first = std::async(std::launch::async, [&] { return acquire(p); });
  clock.wait_until_waiting(1);
  held.reset();  // goes to the first in line, though it has not woken yet
  EXPECT_EQ(p.statistics().in_use, 1u);
  const lease taken = first.get();
  EXPECT_EQ(p.statistics().in_use, 1u);
}

TEST_F(PoolTest, TheSessionsDeadlineEndsTheWaitWhenItIsSooner) {
  pool p(from, connection_role::reader, {.max_size = 1, .acquire_limit = seconds(10)}, clock, events);
  const lease held = acquire(p);
  auto waiting = std::async(std::launch::async, [&] { return acquire(p, seconds(1)); });
  clock.wait_until_waiting(1);
  clock.advance(seconds(1));
  try {
    waiting.get();
    ADD_FAILURE() << "no error";
  } catch (const pool_timeout& e) {
    const std::string what = e.what();
    EXPECT_NE(what.find("GET /pool"), std::string::npos) << what;
    EXPECT_NE(what.find("the session's deadline"), std::string::npos) << what;
    EXPECT_NE(what.find("1 of 1 in use"), std::string::npos) << what;
    EXPECT_NE(what.find("pool_test.cpp"), std::string::npos) << what;
    EXPECT_TRUE(e.retryable());
  }
}

TEST_F(PoolTest, APassedDeadlineTakesNothing) {
  pool p(from, connection_role::reader, two, clock, events);
  EXPECT_THROW(static_cast<void>(acquire(p, nanoseconds(0))), deadline_exceeded);
  EXPECT_EQ(p.statistics().size, 0u);
}

TEST_F(PoolTest, AFailedConnectFreesItsPlace) {
  pool p(from, connection_role::reader, {.max_size = 1, .acquire_limit = seconds(10)}, clock, events);
  server.refuse_connections(1);
  EXPECT_THROW(static_cast<void>(acquire(p)), error);
  EXPECT_EQ(p.statistics().size, 0u);
  EXPECT_EQ(p.statistics().in_use, 0u);
  const lease works = acquire(p);
}

TEST_F(PoolTest, AFailedConnectLetsTheNextInLineTry) {
  pool p(from, connection_role::reader, {.max_size = 1, .acquire_limit = seconds(10)}, clock, events);
  std::optional<lease> held(acquire(p));
  server.refuse_connections(1);
  auto first = std::async(std::launch::async, [&] { return acquire(p); });
  clock.wait_until_waiting(1);
  auto second = std::async(std::launch::async, [&] { return acquire(p); });
  clock.wait_until_waiting(2);
  server.break_connections();
  held.reset();  // not usable any more: the first in line opens one, which fails; then the second does
  EXPECT_THROW(static_cast<void>(first.get()), error);
  static_cast<void>(second.get());
  EXPECT_EQ(server.connections(), 1u);
}

TEST_F(PoolTest, ABrokenConnectionIsClosedNotKept) {
  pool p(from, connection_role::reader, two, clock, events);
  {
    const lease l = acquire(p);
    server.break_connections();
  }
  EXPECT_EQ(server.connections(), 0u);
  EXPECT_EQ(p.statistics().size, 0u);
  const lease fresh = acquire(p);
  EXPECT_EQ(p.statistics().opened, 2u);
}

TEST_F(PoolTest, CloseEndsEveryWaitAndRefusesLaterOnes) {
  pool p(from, connection_role::reader, {.max_size = 1, .acquire_limit = seconds(10)}, clock, events);
  {
    const lease held = acquire(p);
    auto waiting = std::async(std::launch::async, [&] { return acquire(p); });
    clock.wait_until_waiting(1);
    p.close();
    try {
      waiting.get();
      ADD_FAILURE() << "no error";
    } catch (const error& e) {
      EXPECT_EQ(e.code(), errc::shut_down);
    }
    EXPECT_THROW(static_cast<void>(acquire(p)), error);
  }
  EXPECT_EQ(server.connections(), 0u);
  EXPECT_EQ(p.statistics().size, 0u);
}

TEST_F(PoolTest, RefusesOptionsOutsideTheirRange) {
  const auto refused = [&](pool_options o) {
    try {
      pool p(from, connection_role::reader, o, clock, events);
    } catch (const invalid_option& e) {
      return std::string(e.what());
    }
    return std::string();
  };
  EXPECT_NE(refused({.max_size = 0}).find("max_size"), std::string::npos);
  EXPECT_NE(refused({.max_size = 10'001}).find("max_size"), std::string::npos);
  EXPECT_NE(refused({.acquire_limit = milliseconds(0)}).find("acquire_limit"), std::string::npos);
  EXPECT_NE(refused({.acquire_limit = std::chrono::hours(2)}).find("acquire_limit"), std::string::npos);
  EXPECT_NE(refused({.max_size = 2, .min_size = 3}).find("min_size"), std::string::npos);
  EXPECT_NE(refused({.max_waiting = 1'000'001}).find("max_waiting"), std::string::npos);
  EXPECT_NE(refused({.max_life = milliseconds(999)}).find("max_life"), std::string::npos);
  EXPECT_NE(refused({.max_life = std::chrono::days(31)}).find("max_life"), std::string::npos);
  EXPECT_NE(refused({.idle_close = milliseconds(-1)}).find("idle_close"), std::string::npos);
  EXPECT_NE(refused({.idle_close = std::chrono::days(31)}).find("idle_close"), std::string::npos);
  EXPECT_NE(refused({.leak_after = std::chrono::hours(25)}).find("leak_after"), std::string::npos);
  EXPECT_NE(refused({.shutdown_timeout = std::chrono::hours(2)}).find("shutdown_timeout"), std::string::npos);
  EXPECT_NE(refused({.shutdown_timeout = milliseconds(-1)}).find("shutdown_timeout"), std::string::npos);
  EXPECT_EQ(refused({.max_size = 10'000,
                     .min_size = 10'000,
                     .max_waiting = 0,
                     .acquire_limit = std::chrono::hours(1),
                     .max_life = milliseconds(0),
                     .idle_close = milliseconds(1),
                     .leak_after = milliseconds(0),
                     .shutdown_timeout = milliseconds(0)}),
            "");
}

TEST_F(PoolTest, ManyThreadsShareFewConnections) {
  pool p(from, connection_role::reader, two, clock, events);
  std::atomic<int> at_once{0};
  std::atomic<int> most{0};
  std::vector<std::future<void>> threads;
  for (int t = 0; t < 6; ++t) {
    threads.push_back(std::async(std::launch::async, [&] {
      for (int i = 0; i < 500; ++i) {
        const lease l = acquire(p);
        const int now = ++at_once;
        int seen = most.load();
        while (seen < now && !most.compare_exchange_weak(seen, now)) {}
        --at_once;
      }
    }));
  }
  for (auto& t : threads) t.get();
  EXPECT_LE(most, 2);
  EXPECT_EQ(p.statistics().in_use, 0u);
  EXPECT_LE(server.connections(), 2u);
}

}  // namespace
}  // namespace forebay
