#include <atomic>
#include <thread>

#include "shop.hpp"

namespace {

TEST_F(Guide, ASessionIsARequest) {
  // [snippet
  const auto handle = [&](std::int64_t user) {
    forebay::session request = db.session({.deadline = 500ms, .name = "GET /users"});
    const auto found = users.find(request, user);                              // these two share
    return orders.query(request).where(col<&Order::user_id> == user).count();  // the 500 ms
  };
  // snippet]
  EXPECT_EQ(handle(1), 2u);
}

TEST_F(Guide, ADeadlineThatHasPassed) {
  int status = 200;
  forebay::session request = db.session({.deadline = 0ms});
  // [snippet
  try {
    (void)orders.query(request).all();
  } catch (const forebay::deadline_exceeded&) {
    status = 504;
  } catch (const forebay::cancelled&) {
    status = 499;  // the client is gone: nobody reads the answer
  } catch (const forebay::error& e) {
    status = e.retryable() ? 503 : 500;
  }
  // snippet]
  EXPECT_EQ(status, 504);
}

TEST_F(Guide, AStopTokenEndsItsCalls) {
  std::atomic<bool> stopped = false;
  // [snippet
  std::jthread worker([&](std::stop_token stop) {
    forebay::session job = db.session({.deadline = 10min, .name = "nightly", .stop = stop});
    try {
      for (;;) (void)orders.query(job).all();
    } catch (const forebay::cancelled&) {
      stopped = true;
    }
  });
  worker.request_stop();  // ends the statement under way, and every wait; job.cancel() does the same
  worker.join();
  // snippet]
  EXPECT_TRUE(stopped);
}

TEST_F(Guide, SeveralThreadsOfARequest) {
  std::uint64_t carts = 0;
  std::optional<std::int64_t> turnover;
  // [snippet
  forebay::session request = db.session({.deadline = 2s, .name = "GET /report"});
  {
    std::jthread one([&] { carts = orders.query(request).count(); });
    std::jthread two([&] { turnover = orders.query(request).sum(col<&Order::total_cents>); });
  }
  // snippet]
  EXPECT_EQ(carts, 3u);
  EXPECT_EQ(turnover, 12'100);
}

}  // namespace
