// How long a connection lives: its age, its idleness, the minimum that is kept, and what fails on it.

#include <future>
#include <optional>
#include <set>
#include <vector>

#include "pool_fixture.hpp"

namespace forebay {
namespace {

TEST_F(PoolTest, AConnectionThatIsTooOldIsReplacedWhenItIsAskedFor) {
  two.max_life = seconds(100);
  pool p(from, connection_role::reader, two, clock, events);
  { const lease l = acquire(p); }
  clock.advance(seconds(89));
  { const lease l = acquire(p); }
  EXPECT_EQ(p.statistics().opened, 1u);  // the randomness takes a tenth at most
  clock.advance(seconds(11));
  { const lease l = acquire(p); }
  EXPECT_EQ(p.statistics().opened, 2u);
  EXPECT_EQ(p.statistics().closed_expired, 1u);
  EXPECT_EQ(server.connections(), 1u);
}

TEST_F(PoolTest, AConnectionThatGrowsTooOldOnLoanIsClosedWhenItComesBack) {
  one.max_life = seconds(100);
  pool p(from, connection_role::reader, one, clock, events);
  std::optional<lease> held(acquire(p));
  clock.advance(seconds(100));
  EXPECT_EQ(server.connections(), 1u);
  held.reset();
  EXPECT_EQ(p.statistics().size, 0u);
  EXPECT_EQ(p.statistics().closed_expired, 1u);
  EXPECT_EQ(server.connections(), 0u);
}

TEST_F(PoolTest, WhoWaitsForAConnectionThatIsTooOldOpensOneInItsPlace) {
  one.max_life = seconds(5);
  pool p(from, connection_role::reader, one, clock, events);
  std::optional<lease> held(acquire(p));
  auto waiting = std::async(std::launch::async, [&] { return acquire(p); });
  clock.wait_until_waiting(1);
  clock.advance(seconds(6));
  held.reset();
  const lease fresh = waiting.get();
  EXPECT_EQ(p.statistics().opened, 2u);
  EXPECT_EQ(server.connections(), 1u);
}

// Opens so many connections and tells, in milliseconds, when each of them was found too old.
std::multiset<int> ends_of_life(testing::manual_clock& clock, pool& p, std::size_t connections, const session& s) {
  std::vector<lease> all;
  for (std::size_t i = 0; i < connections; ++i) all.push_back(p.acquire({s, "find", call_site::here()}));
  all.clear();
  std::multiset<int> ends;
  for (int at = 100; at <= 10'000; at += 100) {
    clock.advance(milliseconds(100));
    const std::uint64_t before = p.statistics().closed_expired;
    for (std::size_t i = 0; i < connections; ++i) all.push_back(p.acquire({s, "find", call_site::here()}));
    for (std::uint64_t n = p.statistics().closed_expired; n > before && ends.size() < connections; --n) ends.insert(at);
    all.clear();
  }
  return ends;
}

TEST_F(PoolTest, LivesEndAtDifferentTimesAndTheSeedSaysWhich) {
  const pool_options o{.max_size = 20, .max_life = seconds(10), .leak_after = milliseconds(0), .seed = 7};
  const session s = request();
  const auto with_seed = [&](std::uint64_t seed) {
    pool_options mine = o;
    mine.seed = seed;
    pool p(from, connection_role::reader, mine, clock, events);
    return ends_of_life(clock, p, 20, s);
  };
  const std::multiset<int> seven = with_seed(7);
  EXPECT_EQ(seven.size(), 20u);
  EXPECT_GE(*seven.begin(), 9'000);
  EXPECT_GT(std::set<int>(seven.begin(), seven.end()).size(), 3u);
  EXPECT_EQ(with_seed(7), seven);
  EXPECT_NE(with_seed(8), seven);
}

TEST_F(PoolTest, LivesForEverWhenNoLimitIsSet) {
  two.max_life = milliseconds(0);
  pool p(from, connection_role::reader, two, clock, events);
  { const lease l = acquire(p); }
  clock.advance(std::chrono::hours(10'000));
  { const lease l = acquire(p); }
  EXPECT_EQ(p.statistics().opened, 1u);
}

TEST_F(PoolTest, KeepsTheMinimumOpenAndOpensWhatBreaks) {
  two.min_size = 2;
  pool p(from, connection_role::reader, two, clock, events);
  EXPECT_EQ(server.connections(), 0u);
  { const lease l = acquire(p); }
  clock.wait_until_waiting(1);  // the pool's own thread has done its work
  EXPECT_EQ(server.connections(), 2u);
  {
    const lease l = acquire(p);
    server.break_connections();
    clock.stop_at("pool: kept up", 1);
  }
  clock.wait_until_stopped("pool: kept up");  // it was woken, and has worked
  EXPECT_EQ(p.statistics().closed_broken, 1u);
  EXPECT_EQ(p.statistics().size, 2u);
  clock.resume("pool: kept up");
}

TEST_F(PoolTest, AMinimumThatCannotBeOpenedIsTriedAgain) {
  two.min_size = 2;
  clock.stop_at("pool: opening for the minimum", 1);
  pool p(from, connection_role::reader, two, clock, events);
  const lease held = acquire(p);
  clock.wait_until_stopped("pool: opening for the minimum");
  server.refuse_connections(1);
  clock.resume("pool: opening for the minimum");
  clock.wait_until_waiting(1);
  EXPECT_EQ(p.statistics().failed_to_open, 1u);
  EXPECT_EQ(p.statistics().size, 1u);
  clock.stop_at("pool: kept up", 1);
  clock.advance(seconds(1));
  clock.wait_until_stopped("pool: kept up");
  EXPECT_EQ(p.statistics().size, 2u);
  clock.resume("pool: kept up");
}

TEST_F(PoolTest, ClosesWhatNobodyUsesDownToTheMinimum) {
  pool_options o{.max_size = 3, .min_size = 1, .acquire_limit = seconds(10), .idle_close = seconds(60)};
  o.leak_after = milliseconds(0);
  pool p(from, connection_role::reader, o, clock, events);
  {
    const lease a = acquire(p);
    const lease b = acquire(p);
    const lease c = acquire(p);
  }
  clock.wait_until_waiting(1);
  clock.advance(seconds(59));
  EXPECT_EQ(server.connections(), 3u);
  clock.stop_at("pool: kept up", 1);
  clock.advance(seconds(1));
  clock.wait_until_stopped("pool: kept up");
  EXPECT_EQ(server.connections(), 1u);
  EXPECT_EQ(p.statistics().closed_idle, 2u);
  clock.resume("pool: kept up");
}

TEST_F(PoolTest, CloseWhileThePoolsThreadConnectsLeavesNothingOpen) {
  two.min_size = 2;
  clock.stop_at("pool: opening for the minimum", 1);
  pool p(from, connection_role::reader, two, clock, events);
  { const lease l = acquire(p); }
  clock.wait_until_stopped("pool: opening for the minimum");
  clock.stop_at("pool: closed", 1);
  auto closing = std::async(std::launch::async, [&] { p.close(); });
  clock.wait_until_stopped("pool: closed");
  clock.resume("pool: opening for the minimum");
  clock.resume("pool: closed");
  closing.get();
  EXPECT_EQ(server.connections(), 0u);
  EXPECT_EQ(p.statistics().size, 0u);
  EXPECT_EQ(p.statistics().closed_at_end, 2u);
}

TEST_F(PoolTest, AConnectionOnWhichSomethingFailedIsCheckedBeforeItIsLentAgain) {
  pool p(from, connection_role::reader, two, clock, events);
  const connection* first = nullptr;
  {
    lease l = acquire(p);
    first = &*l;
    fail_on(l);
  }
  EXPECT_EQ(server.checks(), 0u);  // not while it is given back
  EXPECT_EQ(&*acquire(p), first);
  EXPECT_EQ(server.checks(), 1u);
  EXPECT_EQ(&*acquire(p), first);
  EXPECT_EQ(server.checks(), 1u);  // it was sound
}

TEST_F(PoolTest, AConnectionThatFailsItsCheckIsReplaced) {
  pool p(from, connection_role::reader, one, clock, events);
  {
    lease l = acquire(p);
    fail_on(l);
  }
  server.break_connections_unnoticed();
  const lease fresh = acquire(p);
  EXPECT_EQ(p.statistics().opened, 2u);
  EXPECT_EQ(p.statistics().closed_broken, 1u);
  EXPECT_EQ(server.connections(), 1u);
}

TEST_F(PoolTest, WhoWaitsChecksTheFailedConnectionThatHeIsHanded) {
  pool p(from, connection_role::reader, one, clock, events);
  std::optional<lease> held(acquire(p));
  auto waiting = std::async(std::launch::async, [&] { return acquire(p); });
  clock.wait_until_waiting(1);
  fail_on(*held);
  server.break_connections_unnoticed();
  held.reset();
  const lease fresh = waiting.get();
  EXPECT_EQ(server.checks(), 1u);
  EXPECT_EQ(p.statistics().opened, 2u);
}

TEST_F(PoolTest, AViolatedConstraintIsNoReasonForACheck) {
  pool p(from, connection_role::reader, one, clock, events);
  server.answer([](std::string_view, const auto&) -> testing::fake_rows {
    throw error(errc::duplicate_key, {.message = "there already"});
  });
  {
    lease l = acquire(p);
    const session s = request();
    const operation op{s, "insert", call_site::here()};
    EXPECT_THROW(static_cast<void>(l->run(op, {.text = "insert"})), error);
  }
  { const lease l = acquire(p); }
  EXPECT_EQ(server.checks(), 0u);
}

}  // namespace
}  // namespace forebay
