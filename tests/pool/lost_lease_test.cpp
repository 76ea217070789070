// Leases that are held for too long.

#include <optional>
#include <string>
#include <vector>

#include "pool_fixture.hpp"

namespace forebay {
namespace {

class LostLeaseTest : public PoolTest {
 protected:
  struct sees final : observer {
    void on_lease(const lease_event& e) noexcept override { seen.push_back(e); }
    std::vector<lease_event> seen;
  };

  LostLeaseTest() {
    events.add(who);
    two.leak_after = seconds(60);
  }

  std::shared_ptr<sees> who = std::make_shared<sees>();
};

TEST_F(LostLeaseTest, IsReportedOnceWithItsCallSiteByTheNextCaller) {
  pool p(from, connection_role::reader, two, clock, events);
  const lease lost = acquire(p, seconds(3'600), {"app/report.cpp", 41, "report"});
  clock.advance(seconds(59));
  { const lease l = acquire(p); }
  EXPECT_TRUE(who->seen.empty());
  clock.advance(seconds(2));
  { const lease l = acquire(p); }
  { const lease l = acquire(p); }
  clock.advance(seconds(120));
  { const lease l = acquire(p); }
  ASSERT_EQ(who->seen.size(), 1u);
  EXPECT_EQ(to_string(who->seen[0].where), "app/report.cpp:41");
  EXPECT_STREQ(std::string(who->seen[0].operation_name).c_str(), "find");
  EXPECT_EQ(who->seen[0].held, seconds(61));
  EXPECT_EQ(who->seen[0].session, 1u);
  EXPECT_FALSE(who->seen[0].returned);
  EXPECT_EQ(p.statistics().leaks, 1u);
  EXPECT_EQ(p.statistics().longest_lease, seconds(181));
}

TEST_F(LostLeaseTest, ThatComesBackBeforeAnybodyLookedIsReportedThen) {
  pool p(from, connection_role::reader, two, clock, events);
  {
    const lease late = acquire(p, seconds(3'600), {"app/report.cpp", 41, "report"});
    clock.advance(seconds(60));
  }
  ASSERT_EQ(who->seen.size(), 1u);
  EXPECT_TRUE(who->seen[0].returned);
  EXPECT_EQ(who->seen[0].held, seconds(60));
  EXPECT_EQ(p.statistics().idle, 1u);  // and the connection is kept
}

TEST_F(LostLeaseTest, ThatWasReportedComesBackQuietly) {
  pool p(from, connection_role::reader, two, clock, events);
  {
    const lease late = acquire(p);
    clock.advance(seconds(60));
    const lease another = acquire(p);
  }
  EXPECT_EQ(who->seen.size(), 1u);
  clock.advance(seconds(60));
  { const lease l = acquire(p); }
  EXPECT_EQ(who->seen.size(), 1u);
}

TEST_F(LostLeaseTest, IsNotLookedForWhenSwitchedOff) {
  two.leak_after = milliseconds(0);
  pool p(from, connection_role::reader, two, clock, events);
  {
    const lease late = acquire(p);
    clock.advance(std::chrono::hours(1));
    const lease another = acquire(p, seconds(7'200));
  }
  EXPECT_TRUE(who->seen.empty());
  EXPECT_EQ(p.statistics().leaks, 0u);
}

TEST_F(LostLeaseTest, IsFoundByThePoolsThreadWhenNobodyCalls) {
  two.min_size = 1;
  pool p(from, connection_role::reader, two, clock, events);
  const lease lost = acquire(p);
  clock.wait_until_waiting(1);
  clock.stop_at("pool: kept up", 1);
  clock.advance(seconds(60));
  clock.wait_until_stopped("pool: kept up");
  EXPECT_EQ(p.statistics().leaks, 1u);
  clock.resume("pool: kept up");
}

TEST_F(LostLeaseTest, ThatOutlivesItsPoolIsReportedAndClosesItsConnection) {
  two.shutdown_timeout = milliseconds(0);
  std::optional<lease> lost;
  {
    pool p(from, connection_role::reader, two, clock, events);
    lost.emplace(acquire(p));
  }
  EXPECT_EQ(who->seen.size(), 1u);
  EXPECT_EQ(server.connections(), 1u);
  lost.reset();
  EXPECT_EQ(server.connections(), 0u);
}

}  // namespace
}  // namespace forebay
