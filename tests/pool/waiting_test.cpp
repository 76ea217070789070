// The line of those who wait: its length, its end, and who is served while he gives up.

#include <future>
#include <optional>
#include <string>
#include <vector>

#include "pool_fixture.hpp"

namespace forebay {
namespace {

TEST_F(PoolTest, AFullLineRefusesAtOnce) {
  one.max_waiting = 1;
  pool p(from, connection_role::reader, one, clock, events);
  std::optional<lease> held(acquire(p));
  auto first = std::async(std::launch::async, [&] { return acquire(p); });
  clock.wait_until_waiting(1);
  const std::string what = refusal(errc::queue_full, [&] { static_cast<void>(acquire(p)); });
  EXPECT_NE(what.find("1 callers wait"), std::string::npos) << what;
  EXPECT_NE(what.find("max_waiting"), std::string::npos) << what;
  EXPECT_NE(what.find("waiting_test.cpp"), std::string::npos) << what;
  EXPECT_EQ(p.statistics().refused, 1u);
  held.reset();
  const lease served = first.get();  // the refusal disturbed nobody
}

TEST_F(PoolTest, ALineOfNoLengthRefusesWhoeverWouldWait) {
  one.max_waiting = 0;
  pool p(from, connection_role::reader, one, clock, events);
  const lease held = acquire(p);
  EXPECT_THROW(static_cast<void>(acquire(p)), queue_full);
}

TEST_F(PoolTest, WhoIsServedWhileHeGivesUpGetsTheConnection) {
  pool p(from, connection_role::reader, one, clock, events);
  std::optional<lease> held(acquire(p));
  clock.stop_at("pool: waited");
  auto waiting = std::async(std::launch::async, [&] { return acquire(p); });
  clock.wait_until_waiting(1);
  clock.advance(seconds(10));
  clock.wait_until_stopped("pool: waited");
  held.reset();  // he is still in line, and the first
  clock.resume("pool: waited");
  {
    const lease served = waiting.get();
    EXPECT_EQ(p.statistics().in_use, 1u);
    EXPECT_EQ(p.statistics().timeouts, 0u);
  }
  EXPECT_EQ(p.statistics().in_use, 0u);
  EXPECT_EQ(p.statistics().idle, 1u);
}

TEST_F(PoolTest, WhoGaveUpIsNotServed) {
  pool p(from, connection_role::reader, one, clock, events);
  std::optional<lease> held(acquire(p));
  auto waiting = std::async(std::launch::async, [&] { return acquire(p); });
  clock.wait_until_waiting(1);
  clock.advance(seconds(10));
  EXPECT_THROW(static_cast<void>(waiting.get()), pool_timeout);
  held.reset();
  EXPECT_EQ(p.statistics().idle, 1u);
  EXPECT_EQ(p.statistics().timeouts, 1u);
}

TEST_F(PoolTest, AConnectThatFailsPassesItsPlaceOnWhileOthersWait) {
  pool p(from, connection_role::reader, one, clock, events);
  server.refuse_connections(1);
  clock.stop_at("pool: connecting", 1);
  auto failing = std::async(std::launch::async, [&] { return acquire(p); });
  clock.wait_until_stopped("pool: connecting");
  auto second = std::async(std::launch::async, [&] { return acquire(p); });
  clock.wait_until_waiting(1);
  clock.resume("pool: connecting");
  EXPECT_THROW(static_cast<void>(failing.get()), error);
  const lease opened_by_second = second.get();
  const pool_statistics s = p.statistics();
  EXPECT_EQ(s.size, 1u);
  EXPECT_EQ(s.opened, 1u);
  EXPECT_EQ(s.failed_to_open, 1u);
}

TEST_F(PoolTest, StatisticsTellHowLongWasWaited) {
  pool p(from, connection_role::reader, one, clock, events);
  std::optional<lease> held(acquire(p));
  for (const seconds time : {seconds(3), seconds(10)}) {
    auto waiting = std::async(std::launch::async, [&] { return acquire(p); });
    clock.wait_until_waiting(1);
    clock.advance(time);
    if (time == seconds(10)) {
      EXPECT_THROW(static_cast<void>(waiting.get()), pool_timeout);
      continue;
    }
    held.reset();
    held.emplace(waiting.get());
  }
  held.reset();
  const pool_statistics s = p.statistics();
  EXPECT_EQ(s.wait_total, seconds(13));
  EXPECT_EQ(s.wait_max, seconds(10));
  EXPECT_EQ(s.acquired, 2u);
  EXPECT_EQ(s.longest_lease, seconds(10));
}

TEST_F(PoolTest, ATimeoutNamesTheOldestLease) {
  pool p(from, connection_role::reader, two, clock, events);
  const lease oldest = acquire(p, seconds(3'600), {"app/report.cpp", 41, "report"});
  clock.advance(seconds(32));
  const lease younger = acquire(p);
  auto waiting = std::async(std::launch::async, [&] { return acquire(p); });
  clock.wait_until_waiting(1);
  clock.advance(seconds(10));
  const std::string what = refusal(errc::pool_timeout, [&] { static_cast<void>(waiting.get()); });
  EXPECT_NE(what.find("the oldest is held for 42 s by find at app/report.cpp:41"), std::string::npos) << what;
}

TEST_F(PoolTest, EveryCallIsReportedWithItsWait) {
  struct sees final : observer {
    void on_pool(const pool_event& e) noexcept override { seen.push_back(e); }
    std::vector<pool_event> seen;
  };
  const auto who = std::make_shared<sees>();
  events.add(who);
  one.max_waiting = 0;
  pool p(from, connection_role::reader, one, clock, events);
  const lease held = acquire(p);
  EXPECT_THROW(static_cast<void>(acquire(p)), queue_full);
  ASSERT_EQ(who->seen.size(), 2u);
  EXPECT_FALSE(who->seen[0].refused);
  EXPECT_EQ(who->seen[0].in_use, 1u);
  EXPECT_TRUE(who->seen[1].refused);
  EXPECT_FALSE(who->seen[1].timed_out);
}

}  // namespace
}  // namespace forebay
