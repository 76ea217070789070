#include "sqlite/shop.hpp"

#include <sqlite3.h>

#include <chrono>
#include <functional>

using namespace shop;
using forebay::errc;

namespace {

// A connection to the file that the library knows nothing of, like another process's.
class stranger {
 public:
  explicit stranger(const std::string& file) { EXPECT_EQ(sqlite3_open(file.c_str(), &handle_), SQLITE_OK); }
  ~stranger() { sqlite3_close(handle_); }
  stranger(const stranger&) = delete;
  stranger& operator=(const stranger&) = delete;
  void run(const char* text) {
    char* message = nullptr;
    EXPECT_EQ(sqlite3_exec(handle_, text, nullptr, nullptr, &message), SQLITE_OK)
        << text << ": " << (message ? message : "");
    sqlite3_free(message);
  }

 private:
  sqlite3* handle_ = nullptr;
};

// The machine's time; whoever starts to wait calls `when_waiting` first.
class watched_time final : public forebay::runtime {
 public:
  [[nodiscard]] forebay::time_point now() const noexcept override { return machine_.now(); }
  [[nodiscard]] forebay::time_point coarse_now() const noexcept override {
    if (when_polled && --polls_before == 0) when_polled();
    return machine_.coarse_now();
  }
  [[nodiscard]] std::unique_ptr<forebay::waiter> make_waiter() override {
    if (auto call = std::exchange(when_waiting, nullptr)) call();
    return machine_.make_waiter();
  }
  [[nodiscard]] std::unique_ptr<forebay::background_job> start(std::unique_ptr<forebay::job> work) override {
    return machine_.start(std::move(work));
  }
  std::function<void()> when_waiting;
  std::function<void()> when_polled;  // at the so-manieth look at the time: a statement that runs looks again and again
  mutable int polls_before = 0;

 private:
  forebay::runtime& machine_ = forebay::system_runtime();
};

constexpr auto endless = "a statement that would run for minutes";

class Deadline : public testing::Test {
 protected:
  std::int64_t count() { return db.query<std::int64_t>(s, "select count(*) from users")[0]; }

  temporary_folder folder;
  shop_database shop{folder.url("shop.db")};
  forebay::database& db = shop.db;
  forebay::session& s = shop.s;
  forebay::repository<User>& users = shop.users;
};

TEST_F(Deadline, OfZeroHasPassedForEveryCall) {
  users.insert(s, ann());
  ASSERT_TRUE(users.find(s, 1));  // is in the cache, and does not help
  forebay::session late = db.session({.deadline = 0ms, .name = "GET /late"});
  User row = ann();
  const auto check = [](const char* call, const caught& e) {
    EXPECT_EQ(e.code, errc::deadline_exceeded) << call;
    EXPECT_TRUE(e.says(call)) << e.what;
    EXPECT_TRUE(e.says("\"GET /late\"")) << e.what;
    EXPECT_TRUE(e.says("deadline_test.cpp:")) << e.what;
    EXPECT_EQ(e.details.outcome, forebay::outcome::not_applied);
  };
  check("find", error_of([&] { (void)users.find(late, 1); }));
  check("find_many", error_of([&] { (void)users.find_many(late, {1, 2}); }));
  check("insert", error_of([&] { users.insert(late, bob()); }));
  check("insert_many", error_of([&] { users.insert_many(late, std::vector{bob(), ann()}); }));
  check("update", error_of([&] { users.update(late, row); }));
  check("remove", error_of([&] { (void)users.remove(late, 1); }));
  check("query", error_of([&] { (void)users.query(late).all(); }));
  check("load_for", error_of([&] { (void)shop.orders.load_for<&Order::user_id>(late, std::vector{row}); }));
  check("query", error_of([&] { (void)db.query<std::int64_t>(late, "select count(*) from users"); }));
  check("execute", error_of([&] { db.execute(late, "delete from users"); }));
  check("begin", error_of([&] { (void)db.begin(late); }));
  check("cached", error_of([&] { (void)db.cached<int>(late, "x", {}, [](forebay::context&) { return 1; }); }));
  EXPECT_EQ(row, ann());
  EXPECT_EQ(count(), 1);
}

TEST_F(Deadline, BelowZeroHasPassedToo) {
  forebay::session late = db.session({.deadline = -5ms});
  EXPECT_THROW((void)users.find(late, 1), forebay::deadline_exceeded);
}

TEST_F(Deadline, AVeryLongOneIsNoOverflow) {
  forebay::session patient = db.session({.deadline = forebay::milliseconds::max()});
  EXPECT_FALSE(users.find(patient, 1));
  forebay::session hurried = db.session({.deadline = forebay::milliseconds::min()});
  EXPECT_THROW((void)users.find(hurried, 1), forebay::deadline_exceeded);
}

TEST_F(Deadline, StopsAStatementThatRunsTooLong) {
  forebay::session hasty = db.session({.deadline = 30ms, .name = "GET /slow"});
  const caught e = error_of([&] {
    (void)db.query<std::int64_t>(hasty,
                                 "with recursive n(i) as (select 1 union all select i + 1 from n) "
                                 "select count(*) from n where i > {}",
                                 secret_number);
  });
  EXPECT_EQ(e.code, errc::deadline_exceeded) << endless;
  EXPECT_TRUE(e.says("with recursive")) << e.what;
  EXPECT_TRUE(e.says("deadline_test.cpp:")) << e.what;
  EXPECT_EQ(count(), 0);
}

TEST_F(Deadline, StopsAWriteThatRunsTooLongAndStoresNothing) {
  forebay::session hasty = db.session({.deadline = 30ms});
  const caught e = error_of([&] {
    db.execute(hasty,
               "insert into users(id, email, version) with recursive n(i) as (select 1 union all select i + 1 from n) "
               "select i, 'user' || i, 1 from n");
  });
  EXPECT_EQ(e.code, errc::deadline_exceeded) << endless;
  EXPECT_EQ(e.details.outcome, forebay::outcome::not_applied);
  EXPECT_EQ(count(), 0);
  users.insert(s, ann());
}

TEST_F(Deadline, InATransactionEndsItAsAWhole) {
  {
    forebay::session hasty = db.session({.deadline = 60ms});
    forebay::transaction tx = db.begin(hasty);
    users.insert(tx, ann());
    EXPECT_THROW(db.execute(tx,
                            "insert into users(id, email, version) with recursive n(i) as "
                            "(select 2 union all select i + 1 from n) select i, 'user' || i, 1 from n"),
                 forebay::deadline_exceeded)
        << endless;
    EXPECT_THROW(users.insert(tx, bob()), forebay::error);
    EXPECT_THROW(tx.commit(), forebay::error);
  }
  EXPECT_EQ(count(), 0);
  users.insert(s, ann());
}

TEST_F(Deadline, EndsTheWaitForAnotherProcesssLock) {
  stranger other(folder.file("shop.db"));
  other.run("begin immediate");
  forebay::session hasty = db.session({.deadline = 30ms});
  const caught e = error_of([&] { users.insert(hasty, ann()); });
  EXPECT_EQ(e.code, errc::database_busy);
  EXPECT_TRUE(e.details.retryable);
  EXPECT_TRUE(e.says("into \"users\"")) << e.what;
  EXPECT_TRUE(e.says("deadline_test.cpp:")) << e.what;

  forebay::session again = db.session({.deadline = 30ms});
  const caught begin = error_of([&] { (void)db.begin(again); });
  EXPECT_EQ(begin.code, errc::database_busy);
  EXPECT_TRUE(begin.says("deadline_test.cpp:")) << begin.what;
  EXPECT_TRUE(begin.says("shop.db")) << begin.what;

  EXPECT_EQ(count(), 0) << "readers go on";
  other.run("rollback");
  users.insert(s, ann());
  EXPECT_EQ(count(), 1);
}

TEST_F(Deadline, AWriterGetsTheLockThatIsReleasedWhileItWaits) {
  stranger other(folder.file("shop.db"));
  watched_time time;
  forebay::database_options o = options_for(folder.url("shop.db"));
  o.time = &time;
  forebay::database waiting(std::move(o));
  forebay::session in = waiting.session();
  waiting.execute(in, "delete from users");
  other.run("begin immediate; insert into users values(1, 'other', null, 1)");
  bool waited = false;
  time.when_waiting = [&] {
    waited = true;
    other.run("commit");
  };
  waiting.execute(in, "insert into users values(2, 'mine', null, 1)");
  EXPECT_TRUE(waited);
  EXPECT_EQ(count(), 2);
}

TEST_F(Deadline, OpeningAFileThatIsLockedEndsToo) {
  stranger other(folder.file("locked.db"));
  other.run("create table t(a)");
  other.run("begin exclusive");
  forebay::database locked(options_for(folder.url("locked.db")));
  forebay::session hasty = locked.session({.deadline = 30ms});
  const caught e = error_of([&] { (void)locked.query<std::int64_t>(hasty, "select count(*) from t"); });
  EXPECT_EQ(e.code, errc::database_busy) << e.what;
  EXPECT_TRUE(e.says("locked.db")) << e.what;
  EXPECT_TRUE(e.says("deadline_test.cpp:")) << e.what;
  other.run("rollback");
  forebay::session later = locked.session();
  EXPECT_EQ(locked.query<std::int64_t>(later, "select count(*) from t")[0], 0);
}

class CancelOnSqlite : public Deadline {
 protected:
  forebay::database_options with_time() {
    forebay::database_options o = options_for(folder.url("shop.db"));
    o.time = &time;
    return o;
  }
  watched_time time;
};

TEST_F(CancelOnSqlite, EndsAStatementUnderWay) {
  forebay::database watched(with_time());
  forebay::session in = watched.session({.name = "GET /slow"});
  EXPECT_EQ(watched.query<int>(in, "select 1")[0], 1);
  time.polls_before = 50;
  time.when_polled = [&] { in.cancel(); };
  const caught e = error_of([&] {
    (void)watched.query<std::int64_t>(in,
                                      "with recursive n(i) as (select 1 union all select i + 1 from n) "
                                      "select count(*) from n where i > {}",
                                      secret_number);
  });
  EXPECT_EQ(e.code, errc::cancelled) << endless;
  EXPECT_FALSE(e.details.retryable);
  EXPECT_TRUE(e.says("\"GET /slow\"")) << e.what;
  EXPECT_TRUE(e.says("deadline_test.cpp:")) << e.what;
  forebay::session other = watched.session();
  EXPECT_EQ(watched.query<int>(other, "select 2")[0], 2) << "the connection is in order";
}

TEST_F(CancelOnSqlite, EndsTheWaitForAnotherProcesssLock) {
  stranger other(folder.file("shop.db"));
  forebay::database watched(with_time());
  forebay::session in = watched.session({.deadline = std::chrono::hours(1)});
  watched.execute(in, "delete from users");
  other.run("begin immediate");
  time.when_waiting = [&] { in.cancel(); };
  EXPECT_EQ(error_of([&] { watched.execute(in, "delete from users"); }).code, errc::cancelled);
  forebay::session again = watched.session({.deadline = std::chrono::hours(1)});
  time.when_waiting = [&] { again.cancel(); };
  EXPECT_EQ(error_of([&] { (void)watched.begin(again); }).code, errc::cancelled);
  other.run("rollback");
  users.insert(s, ann());
}

TEST_F(CancelOnSqlite, InTheMiddleOfAWriteUndoesIt) {
  forebay::database watched(with_time());
  forebay::session in = watched.session();
  {
    forebay::transaction tx = watched.begin(in);
    watched.execute(tx, "insert into users values(1, 'a', null, 1)");
    time.polls_before = 50;
    time.when_polled = [&] { in.cancel(); };
    EXPECT_EQ(error_of([&] {
                watched.execute(tx,
                                "insert into users(id, email, version) with recursive n(i) as (select 2 union all "
                                "select i + 1 from n) select i, 'user' || i, 1 from n");
              }).code,
              errc::cancelled);
    EXPECT_EQ(error_of([&] { tx.commit(); }).code, errc::cancelled);
  }
  EXPECT_EQ(count(), 0);
}

TEST_F(Deadline, OfTheDatabaseIsForSessionsThatDoNotSay) {
  forebay::database_options o = options_for(folder.url("shop.db"));
  o.session_deadline = 700ms;
  forebay::database other(std::move(o));
  const forebay::time_point before = forebay::system_runtime().now();
  const forebay::session silent = other.session();
  const forebay::time_point after = forebay::system_runtime().now();
  EXPECT_GE(silent.until().at(), before + 700ms);
  EXPECT_LE(silent.until().at(), after + 700ms);
}

}  // namespace
