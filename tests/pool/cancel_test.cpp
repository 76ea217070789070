#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <stop_token>
#include <string>

#include <forebay/forebay.hpp>
#include <forebay/testing/fake_server.hpp>
#include <forebay/testing/manual_clock.hpp>

namespace forebay {
namespace {

errc code_of(const std::function<void()>& work) {
  try {
    work();
  } catch (const error& e) {
    EXPECT_NE(std::string(e.what()).find("_test.cpp"), std::string::npos) << e.what();
    EXPECT_FALSE(e.retryable());
    return e.code();
  }
  ADD_FAILURE() << "nothing was thrown";
  return {};
}

// A database of one connection, in a time that stands still: a wait ends because somebody ends it.
class Cancel : public ::testing::Test {
 protected:
  std::int64_t one(context& in) { return db.scalar<std::int64_t>(in, "select 1"); }

  testing::manual_clock clock;
  testing::fake_server server{"cancel"};
  void SetUp() override {
    server.answer([](std::string_view, const auto&) {
      return testing::fake_rows{.columns = {"1"}, .rows = {{owned_value(value::integer(1))}}};
    });
  }
  database db{{.shards = {{.primary = server.url()}}, .pool = {.max_size = 1}, .time = &clock}};
};

TEST_F(Cancel, RefusesEveryLaterCall) {
  session s = db.session({.name = "GET /gone"});
  EXPECT_EQ(one(s), 1);
  s.cancel();
  s.cancel();
  EXPECT_EQ(code_of([&] { one(s); }), errc::cancelled);
  EXPECT_EQ(code_of([&] { db.execute(s, "delete from t"); }), errc::cancelled);
  EXPECT_EQ(code_of([&] { (void)db.begin(s); }), errc::cancelled);
  EXPECT_EQ(code_of([&] { (void)db.cached<int>(s, "x", {}, [](context&) { return 1; }); }), errc::cancelled);
  session other = db.session();
  EXPECT_EQ(one(other), 1);
}

TEST_F(Cancel, AnOpenTransactionRollsBack) {
  session s = db.session();
  {
    transaction tx = db.begin(s);
    s.cancel();
    EXPECT_EQ(code_of([&] { one(tx); }), errc::cancelled);
    EXPECT_EQ(code_of([&] { tx.commit(); }), errc::cancelled);
    EXPECT_FALSE(tx.open());
  }
  EXPECT_EQ(server.commits(), 0u);
  EXPECT_EQ(server.rollbacks(), 1u);
}

TEST_F(Cancel, AStopTokenDoesTheSame) {
  std::stop_source source;
  session s = db.session({.stop = source.get_token()});
  EXPECT_EQ(one(s), 1);
  source.request_stop();
  EXPECT_EQ(code_of([&] { one(s); }), errc::cancelled);
  session later = db.session({.stop = source.get_token()});
  EXPECT_EQ(code_of([&] { one(later); }), errc::cancelled);
}

TEST_F(Cancel, ATokenMayOutliveTheSession) {
  std::stop_source source;
  { session s = db.session({.stop = source.get_token()}); }
  source.request_stop();
}

TEST_F(Cancel, EndsTheWaitForAConnection) {
  session holder = db.session();
  transaction tx = db.begin(holder);
  session s = db.session();
  auto waiting = std::async(std::launch::async, [&] { return code_of([&] { (void)db.begin(s); }); });
  clock.wait_until_waiting(1);
  s.cancel();
  EXPECT_EQ(waiting.get(), errc::cancelled);
  EXPECT_EQ(db.connections(connection_role::writer).waiting, 0u);
  EXPECT_EQ(db.connections(connection_role::writer).timeouts, 0u);
}

TEST_F(Cancel, BetweenTheQueueAndTheWaitIsSeenToo) {
  session holder = db.session();
  transaction tx = db.begin(holder);
  session s = db.session();
  clock.stop_at("pool: in line");
  auto waiting = std::async(std::launch::async, [&] { return code_of([&] { (void)db.begin(s); }); });
  clock.wait_until_stopped("pool: in line");
  s.cancel();
  clock.resume("pool: in line");
  EXPECT_EQ(waiting.get(), errc::cancelled);
}

TEST_F(Cancel, WhoIsServedAtThatMomentGivesTheConnectionBack) {
  session s = db.session();
  std::future<errc> waiting;
  {
    session holder = db.session();
    transaction tx = db.begin(holder);
    clock.stop_at("pool: in line");
    waiting = std::async(std::launch::async, [&] { return code_of([&] { (void)db.begin(s); }); });
    clock.wait_until_stopped("pool: in line");
  }  // the connection is put into the waiter's hands
  s.cancel();
  clock.resume("pool: in line");
  EXPECT_EQ(waiting.get(), errc::cancelled);
  EXPECT_EQ(db.connections(connection_role::writer).in_use, 0u);
  session other = db.session();
  transaction works = db.begin(other);
}

TEST_F(Cancel, EndsTheWaitForAnothersLoad) {
  static testing::manual_clock* loading;
  loading = &clock;
  const auto slow = [](context&) {
    loading->reached("test: loading");
    return 7;
  };
  clock.stop_at("test: loading");
  session first = db.session();
  auto leader = std::async(std::launch::async, [&] { return *db.cached<int>(first, "slow", {}, slow); });
  clock.wait_until_stopped("test: loading");
  session s = db.session();
  auto waiting =
      std::async(std::launch::async, [&] { return code_of([&] { (void)db.cached<int>(s, "slow", {}, slow); }); });
  clock.wait_until_waiting(1);
  s.cancel();
  EXPECT_EQ(waiting.get(), errc::cancelled);
  clock.resume("test: loading");
  EXPECT_EQ(leader.get(), 7);
}

TEST_F(Cancel, OfALeaderLetsAnotherTakeOver) {
  static testing::manual_clock* loading;
  static std::atomic<int> loads;
  loading = &clock;
  loads = 0;
  const auto ask = [](context& in) {
    ++loads;
    loading->reached("test: loading");
    return static_cast<int>(in.database().scalar<std::int64_t>(in, "select 1"));
  };
  clock.stop_at("test: loading", 1);
  session first = db.session();
  auto leader =
      std::async(std::launch::async, [&] { return code_of([&] { (void)db.cached<int>(first, "x", {}, ask); }); });
  clock.wait_until_stopped("test: loading");
  session second = db.session();
  auto other = std::async(std::launch::async, [&] { return *db.cached<int>(second, "x", {}, ask); });
  clock.wait_until_waiting(1);
  first.cancel();
  clock.resume("test: loading");
  EXPECT_EQ(leader.get(), errc::cancelled);
  EXPECT_EQ(other.get(), 1);
  EXPECT_EQ(loads, 2);
}

TEST_F(Cancel, FromManyThreadsWhileOthersComeAndGo) {
  session holder = db.session();
  transaction tx = db.begin(holder);
  session s = db.session();
  std::vector<std::future<void>> threads;
  for (int i = 0; i < 4; ++i) {
    threads.push_back(std::async(std::launch::async, [&] {
      for (int k = 0; k < 50; ++k) EXPECT_EQ(code_of([&] { (void)db.begin(s); }), errc::cancelled);
    }));
  }
  clock.wait_until_waiting(4);
  for (int i = 0; i < 2; ++i) threads.push_back(std::async(std::launch::async, [&] { s.cancel(); }));
  for (auto& t : threads) t.get();
}

// What transact tries again.
class Retry : public Cancel {
 protected:
  // The first so many statements fail.
  void fail(int times, errc code, outcome how = outcome::not_applied) {
    server.answer([this, times, code, how](std::string_view, const auto&) -> testing::fake_rows {
      if (statements++ < times) throw_error(code, {.message = "the fake says no", .outcome = how});
      return {.changes = 1, .read_only = false};
    });
  }
  // Lets the pauses pass, while it lives.
  struct moving_time {
    explicit moving_time(testing::manual_clock& c)
        : mover(start(system_runtime(), [this, &c]() noexcept {
            while (!done) c.advance(milliseconds(10));
          })) {}
    ~moving_time() { done = true; }
    std::atomic<bool> done{false};
    std::unique_ptr<background_job> mover;  // waited for after `done` is set
  };
  session patient() { return db.session({.deadline = std::chrono::days(300)}); }
  void write(session& s, retry_options r = {}) {
    db.transact(
        s,
        [&](transaction& tx) {
          ++calls;
          db.execute(tx, "update t set a = 1");
        },
        {}, r);
  }

  std::atomic<int> statements{0};
  int calls = 0;
};

TEST_F(Retry, ASerializationFailureBeginsAgainWithAFreshTransaction) {
  struct attempts final : observer {
    void on_transaction(const transaction_event& e) noexcept override { seen.emplace_back(e.attempt, e.end); }
    std::vector<std::pair<std::size_t, transaction_end>> seen;
  };
  const auto watch = std::make_shared<attempts>();
  db.observe(watch);
  for (const errc code : {errc::serialization_failure, errc::database_busy}) {
    watch->seen.clear();
    statements = 0;
    calls = 0;
    fail(2, code);
    const moving_time moving(clock);
    session s = patient();
    write(s);
    EXPECT_EQ(calls, 3);
    EXPECT_EQ(watch->seen, (std::vector<std::pair<std::size_t, transaction_end>>{{1, transaction_end::rolled_back},
                                                                                 {2, transaction_end::rolled_back},
                                                                                 {3, transaction_end::committed}}));
  }
}

TEST_F(Retry, StopsAfterItsAttemptsWithTheLastError) {
  fail(100, errc::serialization_failure);
  const moving_time moving(clock);
  session s = patient();
  EXPECT_EQ(code_of([&] { write(s, {.max_attempts = 3}); }), errc::serialization_failure);
  EXPECT_EQ(calls, 3);
}

TEST_F(Retry, OneAttemptIsNoRetry) {
  fail(1, errc::serialization_failure);
  session s = db.session();
  EXPECT_EQ(code_of([&] { write(s, {.max_attempts = 1}); }), errc::serialization_failure);
  EXPECT_EQ(calls, 1);
}

TEST_F(Retry, NothingElseIsTriedAgain) {
  session s = db.session();
  for (const errc code : {errc::duplicate_key, errc::conflict, errc::query_failed, errc::connection_lost}) {
    statements = 0;
    calls = 0;
    fail(1, code);
    EXPECT_EQ(code_of([&] { write(s); }), code);
    EXPECT_EQ(calls, 1);
  }
  statements = 0;
  calls = 0;
  fail(1, errc::serialization_failure, outcome::unknown);
  EXPECT_EQ(code_of([&] { write(s); }), errc::serialization_failure);
  EXPECT_EQ(calls, 1);
}

TEST_F(Retry, ACommitOfUnknownFateIsNever) {
  fail(0, errc::query_failed);
  server.answer_commits(testing::fake_server::commit_answer::lost);
  session s = db.session();
  EXPECT_EQ(code_of([&] { write(s); }), errc::commit_unknown);
  EXPECT_EQ(calls, 1);
}

TEST_F(Retry, NotWhenThePauseWouldOutlastTheDeadline) {
  fail(100, errc::serialization_failure);
  session s = db.session({.deadline = milliseconds(1)});
  EXPECT_EQ(code_of([&] { write(s, {.first_pause = seconds(1), .longest_pause = seconds(1)}); }),
            errc::serialization_failure);
  EXPECT_EQ(calls, 1);
}

TEST_F(Retry, CancelEndsThePause) {
  fail(100, errc::serialization_failure);
  session s = db.session();
  auto writer = std::async(std::launch::async, [&] { return code_of([&] { write(s); }); });
  clock.wait_until_waiting(1);
  s.cancel();
  EXPECT_EQ(writer.get(), errc::cancelled);
  EXPECT_EQ(calls, 1);
}

TEST_F(Retry, ItsPausesDoubleWithinTheirBounds) {
  fail(3, errc::serialization_failure);
  session s = db.session({.deadline = seconds(100)});
  clock.stop_at("transact: pausing");
  auto writer =
      std::async(std::launch::async, [&] { write(s, {.first_pause = seconds(1), .longest_pause = seconds(2)}); });
  for (const nanoseconds most : {seconds(1), seconds(2), seconds(2)}) {
    clock.wait_until_stopped("transact: pausing");
    clock.resume("transact: pausing");
    clock.stop_at("transact: pausing");
    clock.wait_until_waiting(1);
    clock.advance(most / 2 - milliseconds(1));
    clock.wait_until_waiting(1);  // still
    clock.advance(most / 2 + milliseconds(1));
  }
  writer.get();
  EXPECT_EQ(calls, 4);
}

TEST_F(Retry, OptionsOutsideTheirRangeAreRefused) {
  session s = db.session();
  const auto refused = [&](retry_options r) { EXPECT_EQ(code_of([&] { write(s, r); }), errc::invalid_option); };
  refused({.max_attempts = 0});
  refused({.max_attempts = 101});
  refused({.first_pause = milliseconds(0)});
  refused({.first_pause = std::chrono::minutes(2), .longest_pause = std::chrono::minutes(2)});
  refused({.longest_pause = milliseconds(1)});
  refused({.longest_pause = std::chrono::minutes(2)});
  EXPECT_EQ(calls, 0);
}

}  // namespace
}  // namespace forebay
