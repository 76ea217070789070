// The end of a pool: draining, closing, destruction, against whatever else is under way.

#include <future>
#include <optional>

#include <forebay/database.hpp>

#include "pool_fixture.hpp"

namespace forebay {
namespace {

TEST_F(PoolTest, DrainWaitsForWhatIsOutAndClosesIt) {
  pool p(from, connection_role::reader, two, clock, events);
  std::optional<lease> held(acquire(p));
  { const lease idle = acquire(p); }
  auto draining = std::async(std::launch::async, [&] { return p.drain(clock.now() + seconds(5)); });
  clock.wait_until_waiting(1);
  EXPECT_EQ(server.connections(), 1u);  // what was idle is closed
  refusal(errc::shut_down, [&] { static_cast<void>(acquire(p)); });
  held.reset();
  EXPECT_TRUE(draining.get());
  EXPECT_EQ(server.connections(), 0u);
  EXPECT_EQ(p.statistics().size, 0u);
  EXPECT_EQ(p.statistics().closed_at_end, 2u);
}

TEST_F(PoolTest, DrainTellsWhenNotAllCameBackAndMayBeCalledAgain) {
  pool p(from, connection_role::reader, two, clock, events);
  std::optional<lease> held(acquire(p));
  auto draining = std::async(std::launch::async, [&] { return p.drain(clock.now() + seconds(5)); });
  clock.wait_until_waiting(1);
  clock.advance(seconds(5));
  EXPECT_FALSE(draining.get());
  EXPECT_EQ(p.statistics().in_use, 1u);
  held.reset();
  EXPECT_TRUE(p.drain(clock.now()));
}

TEST_F(PoolTest, DrainRefusesThoseInLine) {
  pool p(from, connection_role::reader, one, clock, events);
  std::optional<lease> held(acquire(p));
  auto waiting = std::async(std::launch::async, [&] { return acquire(p); });
  clock.wait_until_waiting(1);
  auto draining = std::async(std::launch::async, [&] { return p.drain(clock.now() + seconds(5)); });
  refusal(errc::shut_down, [&] { static_cast<void>(waiting.get()); });
  held.reset();
  EXPECT_TRUE(draining.get());
}

TEST_F(PoolTest, TwoDrainsAtOnceBothEnd) {
  pool p(from, connection_role::reader, one, clock, events);
  std::optional<lease> held(acquire(p));
  auto first = std::async(std::launch::async, [&] { return p.drain(clock.now() + seconds(5)); });
  auto second = std::async(std::launch::async, [&] { return p.drain(clock.now() + seconds(5)); });
  clock.wait_until_waiting(2);
  held.reset();
  EXPECT_TRUE(first.get());
  EXPECT_TRUE(second.get());
}

TEST_F(PoolTest, WhoConnectsWhileThePoolIsClosedIsRefusedAndLeavesNothingOpen) {
  pool p(from, connection_role::reader, two, clock, events);
  clock.stop_at("pool: connected", 1);
  auto connecting = std::async(std::launch::async, [&] { return acquire(p); });
  clock.wait_until_stopped("pool: connected");
  auto draining = std::async(std::launch::async, [&] { return p.drain(clock.now() + seconds(5)); });
  clock.wait_until_waiting(1);
  clock.resume("pool: connected");
  refusal(errc::shut_down, [&] { static_cast<void>(connecting.get()); });
  EXPECT_TRUE(draining.get());
  EXPECT_EQ(server.connections(), 0u);
}

TEST_F(PoolTest, AConnectThatFailsWhileThePoolIsClosedEndsTheDrain) {
  pool p(from, connection_role::reader, two, clock, events);
  server.refuse_connections(1);
  clock.stop_at("pool: connecting", 1);
  auto connecting = std::async(std::launch::async, [&] { return acquire(p); });
  clock.wait_until_stopped("pool: connecting");
  auto draining = std::async(std::launch::async, [&] { return p.drain(clock.now() + seconds(5)); });
  clock.wait_until_waiting(1);
  clock.resume("pool: connecting");
  refusal(errc::cannot_connect, [&] { static_cast<void>(connecting.get()); });
  EXPECT_TRUE(draining.get());
}

TEST_F(PoolTest, WhoChecksWhileThePoolIsClosedKeepsHisConnection) {
  pool p(from, connection_role::reader, two, clock, events);
  {
    lease l = acquire(p);
    fail_on(l);
  }
  clock.stop_at("pool: checking", 1);
  auto checking = std::async(std::launch::async, [&] { return acquire(p); });
  clock.wait_until_stopped("pool: checking");
  p.close();
  clock.resume("pool: checking");
  { const lease was_given_before = checking.get(); }
  EXPECT_EQ(p.statistics().size, 0u);
}

TEST_F(PoolTest, WhoTimesOutWhileThePoolIsClosedIsToldSo) {
  pool p(from, connection_role::reader, one, clock, events);
  const lease held = acquire(p);
  clock.stop_at("pool: waited", 1);
  auto waiting = std::async(std::launch::async, [&] { return acquire(p); });
  clock.wait_until_waiting(1);
  clock.advance(seconds(10));
  clock.wait_until_stopped("pool: waited");
  p.close();
  clock.resume("pool: waited");
  refusal(errc::shut_down, [&] { static_cast<void>(waiting.get()); });
  EXPECT_EQ(p.statistics().waiting, 0u);
}

TEST_F(PoolTest, TheDestructorWaitsForLeases) {
  auto p = std::make_unique<pool>(from, connection_role::reader, two, clock, events);
  std::optional<lease> held(acquire(*p));
  auto ending = std::async(std::launch::async, [&] { p.reset(); });
  clock.wait_until_waiting(1);
  held.reset();
  ending.get();
  EXPECT_EQ(server.connections(), 0u);
}

TEST_F(PoolTest, TheDestructorDoesNotWaitWhereADrainHasWaitedInVain) {
  std::optional<lease> held;
  {
    pool p(from, connection_role::reader, two, clock, events);
    held.emplace(acquire(p));
    EXPECT_FALSE(p.drain(clock.now()));
  }
  EXPECT_EQ(server.connections(), 1u);
}

// Drains and acquires against each other, with no plan.
TEST_F(PoolTest, AcquiresAgainstADrainLeaveNothing) {
  for (int round = 0; round < 100; ++round) {
    pool p(from, connection_role::reader, two, clock, events);
    std::vector<std::future<void>> threads;
    for (int t = 0; t < 3; ++t) {
      threads.push_back(std::async(std::launch::async, [&] {
        try {
          for (;;) const lease l = acquire(p);
        } catch (const error& e) {
          EXPECT_EQ(e.code(), errc::shut_down);
        }
      }));
    }
    EXPECT_TRUE(p.drain(clock.now() + seconds(60)));
    for (auto& t : threads) t.get();
    EXPECT_EQ(p.statistics().size, 0u);
    EXPECT_EQ(server.connections(), 0u);
  }
}

TEST_F(PoolTest, ADatabaseIsDrainedOfAllItsConnections) {
  database db{{.shards = {{.primary = server.url()}}, .pool = two, .time = &clock}};
  session s = db.session();
  session another = db.session();
  db.execute(s, "delete from t");
  transaction tx = db.begin(s);
  EXPECT_FALSE(db.drain(milliseconds(0)));
  auto draining = std::async(std::launch::async, [&] { return db.drain(milliseconds::max()); });
  clock.wait_until_waiting(1);
  refusal(errc::shut_down, [&] { db.execute(another, "delete from t"); });
  db.execute(tx, "delete from t");  // what is under way goes on
  tx.commit();
  EXPECT_TRUE(draining.get());
  EXPECT_EQ(server.connections(), 0u);
  EXPECT_EQ(db.connections(connection_role::writer).size, 0u);
}

}  // namespace
}  // namespace forebay
