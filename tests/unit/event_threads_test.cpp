#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include <forebay/diagnostics/counters.hpp>
#include <forebay/diagnostics/n_plus_one.hpp>
#include <forebay/event.hpp>
#include <forebay/runtime.hpp>

using namespace std::chrono_literals;
using forebay::event_stream;
using forebay::session_event;

namespace {

class listener final : public forebay::observer {
 public:
  explicit listener(std::string& log, char name) : log_(log), name_(name) {}
  ~listener() override { log_ += '~'; }
  void on_session(const session_event&) noexcept override { log_ += name_; }

 private:
  std::string& log_;
  char name_;
};

TEST(EventStream, IsActiveWhileSomebodyListens) {
  std::string log;
  event_stream events;
  EXPECT_FALSE(events.active());
  const auto one = std::make_shared<listener>(log, '1');
  const auto two = std::make_shared<listener>(log, '2');
  events.add(one);
  EXPECT_TRUE(events.active());
  events.add(two);
  events.report(session_event{});
  events.remove(*one);
  EXPECT_TRUE(events.active());
  events.report(session_event{});
  events.remove(*two);
  EXPECT_FALSE(events.active());
  events.report(session_event{});
  EXPECT_EQ(log, "122");
}

TEST(EventStream, OwnsItsListeners) {
  std::string log;
  {
    event_stream events;
    auto only = std::make_shared<listener>(log, '1');
    const listener& known = *only;
    events.add(std::move(only));
    events.report(session_event{});
    events.remove(known);
    EXPECT_EQ(log, "1~");
    events.add(std::make_shared<listener>(log, '2'));
  }
  EXPECT_EQ(log, "1~~");
}

TEST(EventStream, RemovingAStrangerChangesNothing) {
  std::string log;
  event_stream events;
  const listener stranger(log, 's');
  events.add(std::make_shared<listener>(log, '1'));
  events.remove(stranger);
  events.report(session_event{});
  EXPECT_EQ(log, "1");
}

TEST(EventStream, AListenerMayRemoveItself) {
  class once final : public forebay::observer {
   public:
    explicit once(event_stream& from) : from_(from) {}
    void on_session(const session_event&) noexcept override {
      ++heard;
      from_.remove(*this);
    }
    int heard = 0;

   private:
    event_stream& from_;
  };
  event_stream events;
  const auto only = std::make_shared<once>(events);
  events.add(only);
  events.report(session_event{});
  if (events.active()) events.report(session_event{});
  EXPECT_EQ(only->heard, 1);
}

TEST(EventStream, ReportsWhileListenersComeAndGo) {
  class counting final : public forebay::observer {
   public:
    void on_session(const session_event&) noexcept override { heard.fetch_add(1, std::memory_order_relaxed); }
    std::atomic<int> heard{0};
  };
  event_stream events;
  const auto always = std::make_shared<counting>();
  events.add(always);
  constexpr int reports = 2000;
  {
    std::vector<std::unique_ptr<forebay::background_job>> jobs;
    for (int t = 0; t < 2; ++t) {
      jobs.push_back(forebay::start(forebay::system_runtime(), [&events] {
        for (int i = 0; i < reports; ++i) {
          if (events.active()) events.report(session_event{});
        }
      }));
    }
    jobs.push_back(forebay::start(forebay::system_runtime(), [&events] {
      for (int i = 0; i < 200; ++i) {
        const auto briefly = std::make_shared<counting>();
        events.add(briefly);
        events.remove(*briefly);
      }
    }));
  }
  EXPECT_EQ(always->heard.load(), 2 * reports);
}

TEST(Waiter, RemembersAWakeUpThatCameBeforeTheWait) {
  const auto w = forebay::system_runtime().make_waiter();
  w->wake();
  EXPECT_TRUE(w->wait(forebay::system_runtime().now() + 10s));
  EXPECT_FALSE(w->wait(forebay::system_runtime().now())) << "one wake-up ends one wait";
}

TEST(Waiter, EndsAtItsTime) {
  forebay::runtime& time = forebay::system_runtime();
  const forebay::time_point until = time.now() + 2ms;
  EXPECT_FALSE(time.make_waiter()->wait(until));
  EXPECT_GE(time.now(), until);
  EXPECT_FALSE(time.make_waiter()->wait(forebay::time_point()));
}

TEST(Waiter, IsWokenByAnotherThread) {
  const auto here = forebay::system_runtime().make_waiter();
  const auto there = forebay::system_runtime().make_waiter();
  const auto job = forebay::start(forebay::system_runtime(), [&] {
    if (there->wait(forebay::system_runtime().now() + 10s)) here->wake();
  });
  there->wake();
  EXPECT_TRUE(here->wait(forebay::system_runtime().now() + 10s));
}

TEST(Runtime, TheCoarseClockFollowsTheFineOne) {
  forebay::runtime& time = forebay::system_runtime();
  const forebay::time_point fine = time.now();
  EXPECT_GE(time.now(), fine);
  EXPECT_LE(time.coarse_now(), time.now());
  EXPECT_GE(time.coarse_now(), fine - 1s);
}

TEST(Runtime, SleepsUntilATime) {
  forebay::runtime& time = forebay::system_runtime();
  const forebay::time_point until = time.now() + 1ms;
  time.sleep_until(until, forebay::deadline(until));
  EXPECT_GE(time.now(), until);
}

TEST(BackgroundJob, IsWaitedForWhereItGoes) {
  std::atomic<bool> done{false};
  {
    const auto gate = forebay::system_runtime().make_waiter();
    const auto job = forebay::start(forebay::system_runtime(), [&] {
      gate->wait(forebay::system_runtime().now() + 10s);
      done = true;
    });
    gate->wake();
  }
  EXPECT_TRUE(done);
}

TEST(Deadline, HasPassedAtItsTime) {
  const forebay::time_point now{1s};
  const forebay::deadline d(now);
  EXPECT_TRUE(d.passed(now));
  EXPECT_FALSE(d.passed(now - 1ns));
  EXPECT_EQ(d.no_later_than(now - 1s).at(), now - 1s);
  EXPECT_EQ(d.no_later_than(now + 1s).at(), now);
}

// One session's reads on two threads count together, and the counters lose nothing.
TEST(Diagnostics, CountWhatSeveralThreadsReport) {
  forebay::diagnostics::counters counters;
  forebay::diagnostics::n_plus_one detector;
  std::atomic<std::uint64_t> operations{0};
  {
    std::vector<std::unique_ptr<forebay::background_job>> jobs;
    for (int t = 0; t < 2; ++t) {
      jobs.push_back(forebay::start(forebay::system_runtime(), [&] {
        for (int i = 0; i < 500; ++i) {
          forebay::statement_event e;
          e.session = 1;
          e.operation = ++operations;
          e.parameters = e.operation;
          e.where = {"a.cpp", 1, "f"};
          e.rows = 1;
          counters.on_statement(e);
          detector.on_statement(e);
          if (i % 100 == 0) (void)detector.findings();
        }
      }));
    }
  }
  EXPECT_EQ(counters.snapshot().rows, 1000u);
  ASSERT_EQ(detector.findings().size(), 1u);
  EXPECT_EQ(detector.findings()[0].occurrences, 1000u);
}

}  // namespace
