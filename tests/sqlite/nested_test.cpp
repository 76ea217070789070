#include "sqlite/shop.hpp"

#include <stdexcept>
#include <thread>

using namespace shop;
using forebay::errc;
using forebay::source;
using forebay::transaction;
using forebay::transaction_mode;

namespace {

class Nested : public testing::Test {
 protected:
  std::int64_t count() { return db.query<std::int64_t>(s, "select count(*) from users")[0]; }

  shop_database shop{"sqlite::memory:"};
  forebay::database& db = shop.db;
  forebay::session& s = shop.s;
  forebay::repository<User>& users = shop.users;
};

TEST_F(Nested, WhatThrowsIsUndoneAlone) {
  db.transact(s, [&](transaction& tx) {
    users.insert(tx, ann());
    EXPECT_THROW(tx.nested([&] {
      users.insert(tx, bob());
      throw std::out_of_range("the application's own");
    }),
                 std::out_of_range);
    EXPECT_FALSE(users.find(tx, 2));
    const std::string email = tx.nested([&] {
      users.insert(tx, {.id = 3, .email = "c", .name = {}, .version = 1});
      return users.find(tx, 3).value().email;
    });
    EXPECT_EQ(email, "c");
  });
  EXPECT_TRUE(users.find(s, 1));
  EXPECT_FALSE(users.find(s, 2));
  EXPECT_TRUE(users.find(s, 3));
}

TEST_F(Nested, ARollbackOfTheWholeWithinAPartLeavesTheConnectionInOrder) {
  {
    transaction tx = db.begin(s);
    const auto error = error_of([&] {
      tx.nested([&] {
        users.insert(tx, ann());
        tx.rollback();
      });
    });
    EXPECT_EQ(error.code, errc::invalid_option);
    EXPECT_TRUE(error.says("nested: the transaction has ended already"));
  }
  {
    transaction tx = db.begin(s);
    EXPECT_THROW(tx.nested([&] {
      tx.rollback();
      throw std::out_of_range("the application's own");
    }),
                 std::out_of_range);
  }
  users.insert(s, bob());
  EXPECT_EQ(count(), 1);
}

TEST_F(Nested, ACommitWithinAPartIsRefusedAndRollsBack) {
  transaction tx = db.begin(s);
  const auto error = error_of([&] {
    tx.nested([&] {
      users.insert(tx, ann());
      tx.commit();
    });
  });
  EXPECT_EQ(error.code, errc::invalid_option);
  EXPECT_TRUE(error.says("a nested part has not ended"));
  EXPECT_FALSE(tx.open());
  users.insert(s, bob());
  EXPECT_EQ(count(), 1);
}

TEST_F(Nested, WorkThatHasCommittedIsNotTriedAgain) {
  int calls = 0;
  const auto error = error_of([&] {
    db.transact(s, [&](transaction& tx) {
      users.insert(tx, {.id = ++calls, .email = "a", .name = {}, .version = 1});
      tx.commit();
      forebay::throw_error(errc::database_busy, {.message = "of something else"});
    });
  });
  EXPECT_EQ(error.code, errc::database_busy);
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(count(), 1);
}

TEST_F(Nested, PartsNest) {
  db.transact(s, [&](transaction& tx) {
    tx.nested([&] {
      users.insert(tx, ann());
      EXPECT_THROW(tx.nested([&] {
        users.insert(tx, bob());
        users.insert(tx, ann());
      }),
                   forebay::duplicate_key);
    });
  });
  EXPECT_EQ(count(), 1);
}

TEST_F(Nested, AnOuterPartUndoesTheInnerOneThatWasKept) {
  db.transact(s, [&](transaction& tx) {
    EXPECT_THROW(tx.nested([&] {
      tx.nested([&] { users.insert(tx, ann()); });
      throw std::runtime_error("after it");
    }),
                 std::runtime_error);
  });
  EXPECT_EQ(count(), 0);
}

TEST_F(Nested, TheCacheFollowsWhatWasKept) {
  users.insert_many(s, std::vector{ann(), bob()});
  (void)users.find_many(s, {1, 2});
  db.transact(s, [&](transaction& tx) {
    tx.nested([&] { db.execute(tx, "update users set name = 'Kept' where id = 1"); });
    EXPECT_THROW(tx.nested([&] {
      db.execute(tx, "update users set name = 'Undone' where id = 2");
      throw std::runtime_error("undone");
    }),
                 std::runtime_error);
  });
  EXPECT_EQ(users.find(s, 1).value().name, "Kept");
  EXPECT_EQ(users.find(s, 2).value().name, std::nullopt);
}

TEST_F(Nested, OfATransactionThatTheDatabaseEndedThrows) {
  transaction tx = db.begin(s);
  users.insert(tx, ann());
  EXPECT_THROW(
      tx.nested([&] { db.execute(tx, "insert or rollback into users(id, email, version) values(1, 'x', 1)"); }),
      forebay::duplicate_key);
  EXPECT_EQ(error_of([&] { tx.nested([&] { users.insert(tx, bob()); }); }).code, errc::query_failed);
  EXPECT_EQ(error_of([&] { tx.commit(); }).code, errc::query_failed);
  EXPECT_EQ(count(), 0);
}

TEST_F(Nested, OfAnEndedTransactionIsRefusedAndNamesTheCall) {
  transaction tx = db.begin(s);
  tx.commit();
  const caught e = error_of([&] { tx.nested([] {}); });
  EXPECT_EQ(e.code, errc::invalid_option);
  EXPECT_TRUE(e.says("nested")) << e.what;
  EXPECT_TRUE(e.says("nested_test.cpp:")) << e.what;
}

class AfterCommit : public Nested {
 protected:
  std::vector<std::string> done;
};

TEST_F(AfterCommit, RunsInOrderOnTheThreadThatCommitsWhenTheCacheHasFollowed) {
  users.insert(s, ann());
  (void)users.find(s, 1);
  const std::thread::id mine = std::this_thread::get_id();
  auto movable_only = std::make_unique<std::string>("second");
  db.transact(s, [&](transaction& tx) {
    User me = *users.find(tx, 1);
    me.name = "Anna";
    users.update(tx, me);
    tx.after_commit([&] {
      EXPECT_EQ(std::this_thread::get_id(), mine);
      EXPECT_EQ(users.find(s, 1).value().name, "Anna");  // the session is free again, and so is the connection
      users.insert(s, bob());
      done.emplace_back("first");
    });
    tx.after_commit([this, text = std::move(movable_only)] { done.push_back(*text); });
    EXPECT_TRUE(done.empty());
  });
  EXPECT_EQ(done, (std::vector<std::string>{"first", "second"}));
}

TEST_F(AfterCommit, NeverRunsWithoutTheCommit) {
  {
    transaction tx = db.begin(s);
    tx.after_commit([&] { done.emplace_back("rolled back"); });
  }
  db.transact(s, [&](transaction& tx) {
    EXPECT_THROW(tx.nested([&] {
      tx.after_commit([&] { done.emplace_back("undone part"); });
      throw std::runtime_error("undone");
    }),
                 std::runtime_error);
    tx.nested([&] { tx.after_commit([&] { done.emplace_back("kept part"); }); });
  });
  EXPECT_EQ(done, std::vector<std::string>{"kept part"});
}

TEST_F(AfterCommit, AnExceptionLeavesTheCommitAndTheOtherCallsAlone) {
  try {
    db.transact(s, [&](transaction& tx) {
      users.insert(tx, ann());
      tx.after_commit([] { throw std::out_of_range("the application's own"); });
      tx.after_commit([&] { done.emplace_back("other"); });
    });
    ADD_FAILURE() << "no error";
  } catch (const forebay::after_commit_failed& e) {
    EXPECT_EQ(e.outcome(), forebay::outcome::applied);
    EXPECT_FALSE(e.retryable());
    EXPECT_NE(std::string(e.what()).find("1 of 2"), std::string::npos) << e.what();
    EXPECT_NE(std::string(e.what()).find("nested_test.cpp:"), std::string::npos) << e.what();
    EXPECT_THROW(std::rethrow_if_nested(e), std::out_of_range);
  }
  EXPECT_EQ(count(), 1);
  EXPECT_EQ(done, std::vector<std::string>{"other"});
}

TEST_F(AfterCommit, OfAnEndedTransactionIsRefused) {
  transaction tx = db.begin(s);
  tx.commit();
  EXPECT_EQ(error_of([&] { tx.after_commit([] {}); }).code, errc::invalid_option);
}

// What a session does beside the transaction that is open in it.
class Outside : public testing::Test {
 protected:
  Outside() { users.insert(s, ann()); }

  temporary_folder folder;
  shop_database shop{folder.url("shop.db")};
  forebay::database& db = shop.db;
  forebay::session& s = shop.s;
  forebay::repository<User>& users = shop.users;
};

TEST_F(Outside, ACallPastTheTransactionIsRefusedAndNamesBothPlaces) {
  transaction tx = db.begin(s);
  User me = ann();
  const auto check = [](const char* call, const caught& e) {
    EXPECT_EQ(e.code, errc::session_in_transaction) << call;
    EXPECT_TRUE(e.says(call)) << e.what;
    const std::size_t first = e.what.find("nested_test.cpp:");
    EXPECT_NE(e.what.find("nested_test.cpp:", first + 1), std::string::npos) << e.what;
    EXPECT_TRUE(e.says("\"test\"")) << e.what;
    EXPECT_TRUE(e.says("outside")) << e.what;
  };
  check("find", error_of([&] { (void)users.find(s, 1); }));
  check("find_many", error_of([&] { (void)users.find_many(s, {1}); }));
  check("query", error_of([&] { (void)users.query(s).all(); }));
  check("insert", error_of([&] { users.insert(s, bob()); }));
  check("insert_many", error_of([&] { users.insert_many(s, std::vector{bob()}); }));
  check("update", error_of([&] { users.update(s, me); }));
  check("remove", error_of([&] { (void)users.remove(s, 1); }));
  check("load_for", error_of([&] { (void)shop.orders.load_for<&Order::user_id>(s, std::vector{me}); }));
  check("query", error_of([&] { (void)db.query<std::int64_t>(s, "select count(*) from users"); }));
  check("execute", error_of([&] { db.execute(s, "delete from users"); }));
  check("cached", error_of([&] { (void)db.cached<int>(s, "x", {}, [](forebay::context&) { return 1; }); }));
  check("begin", error_of([&] { (void)db.begin(s); }));
  check("transact", error_of([&] { db.transact(s, [](transaction&) {}); }));
  users.remove(tx, 1);
  tx.commit();
  EXPECT_FALSE(users.find(s, 1));
}

TEST_F(Outside, ItsReadsSeeWhatIsCommittedByWayOfTheCache) {
  (void)users.find(s, 1);
  transaction tx = db.begin(s);
  users.remove(tx, 1);
  users.insert(tx, bob());
  EXPECT_EQ(users.find(s.outside(tx), 1).source(), source::memory);
  EXPECT_FALSE(users.find(s.outside(tx), 2));
  EXPECT_EQ(db.query<std::int64_t>(s.outside(tx), "select count(*) from users")[0], 1);
  tx.commit();
  EXPECT_FALSE(users.find(s, 1));
  EXPECT_TRUE(users.find(s, 2));
}

TEST_F(Outside, AWriteThatWouldWaitForItselfIsRefusedAtOnce) {
  transaction tx = db.begin(s);
  const auto check = [](const caught& e) {
    EXPECT_EQ(e.code, errc::session_in_transaction) << e.what;
    EXPECT_TRUE(e.says("wait for itself")) << e.what;
    EXPECT_TRUE(e.says("nested_test.cpp:")) << e.what;
  };
  check(error_of([&] { users.insert(s.outside(tx), bob()); }));
  check(error_of([&] { users.insert_many(s.outside(tx), std::vector{bob(), ann()}); }));
  check(error_of([&] { db.execute(s.outside(tx), "delete from users"); }));
  check(error_of(
      [&] { (void)db.query<std::int64_t>(s.outside(tx), "insert into users values(9, 'x', null, 1) returning id"); }));
  tx.commit();
}

TEST_F(Outside, BesideAReadOnlyTransactionOneMayWrite) {
  transaction tx = db.begin(s, {.mode = transaction_mode::read_only});
  EXPECT_EQ(users.query(tx).all().size(), 1u);
  users.insert(s.outside(tx), bob());
  EXPECT_EQ(users.query(tx).all().size(), 1u) << "one snapshot";
  EXPECT_EQ(db.query<std::int64_t>(s.outside(tx), "select count(*) from users")[0], 2);
}

TEST_F(Outside, OtherThreadsGoOn) {
  transaction tx = db.begin(s);
  users.remove(tx, 1);
  std::thread other([&] { EXPECT_EQ(db.query<std::int64_t>(s, "select count(*) from users")[0], 1); });
  other.join();
}

TEST_F(Outside, AnotherSessionGoesOn) {
  transaction tx = db.begin(s);
  forebay::session other = db.session();
  EXPECT_TRUE(users.find(other, 1));
}

TEST_F(Outside, OfAnotherSessionsTransactionIsRefused) {
  forebay::session other = db.session();
  transaction tx = db.begin(s);
  EXPECT_EQ(error_of([&] { (void)other.outside(tx); }).code, errc::invalid_option);
}

TEST_F(Outside, AfterTheTransactionTheSessionIsFree) {
  { transaction tx = db.begin(s); }
  EXPECT_TRUE(users.find(s, 1));
  {
    transaction tx = db.begin(s);
    EXPECT_TRUE(users.find(s.outside(tx), 1));
    tx.commit();
    EXPECT_TRUE(users.find(s, 1));
    EXPECT_TRUE(users.find(s.outside(tx), 1));
  }
  EXPECT_TRUE(users.find(s, 1));
}

TEST_F(Outside, ATransactionThatCouldNotBeginLeavesTheSessionFree) {
  forebay::session late = db.session({.deadline = 20ms});
  transaction tx = db.begin(s);
  EXPECT_THROW((void)db.begin(late), forebay::pool_timeout);
  try {
    (void)users.find(late, 1);  // a hit may come some milliseconds late
  } catch (const forebay::error& e) {
    EXPECT_EQ(e.code(), errc::deadline_exceeded) << e.what();
  }
}

class ReadOnly : public Outside {};

TEST_F(ReadOnly, AWriteIsRefusedAndNamesTheCall) {
  transaction tx = db.begin(s, {.mode = transaction_mode::read_only});
  User me = ann();
  const auto check = [](const char* call, const caught& e) {
    EXPECT_EQ(e.code, errc::read_only) << call;
    EXPECT_TRUE(e.says(call)) << e.what;
    EXPECT_TRUE(e.says("nested_test.cpp:")) << e.what;
  };
  check("insert", error_of([&] { users.insert(tx, bob()); }));
  check("update", error_of([&] { users.update(tx, me); }));
  check("remove", error_of([&] { (void)users.remove(tx, 1); }));
  check("execute", error_of([&] { db.execute(tx, "delete from users"); }));
  check("query",
        error_of([&] { (void)db.query<std::int64_t>(tx, "insert into users values(9, 'x', null, 1) returning id"); }));
  tx.commit();
  EXPECT_TRUE(users.find(s, 1));
}

TEST_F(ReadOnly, SeesOneSnapshotAndKeepsNobodyFromWriting) {
  const std::int64_t before =
      db.transact(s,
                  [&](transaction& tx) {
                    const std::int64_t first = db.query<std::int64_t>(tx, "select count(*) from users")[0];
                    forebay::session other = db.session();
                    users.insert(other, bob());
                    EXPECT_EQ(db.query<std::int64_t>(tx, "select count(*) from users")[0], first);
                    EXPECT_FALSE(users.find(tx, 2));
                    return first;
                  },
                  {.mode = transaction_mode::read_only});
  EXPECT_EQ(before, 1);
  EXPECT_TRUE(users.find(s, 2));
}

TEST_F(ReadOnly, TheReadingConnectionForgetsItsSnapshot) {
  {
    transaction tx = db.begin(s, {.mode = transaction_mode::read_only});
    (void)users.query(tx).all();
  }
  users.insert(s, bob());
  EXPECT_EQ(users.query(s).all().size(), 2u);
}

TEST_F(ReadOnly, EveryIsolationLevelIsGiven) {
  using forebay::isolation_level;
  for (const isolation_level level :
       {isolation_level::database_default, isolation_level::read_uncommitted, isolation_level::read_committed,
        isolation_level::repeatable_read, isolation_level::serializable}) {
    for (const transaction_mode mode : {transaction_mode::read_only, transaction_mode::read_write}) {
      transaction tx = db.begin(s, {.mode = mode, .isolation = level});
      EXPECT_EQ(tx.mode(), mode);
      EXPECT_EQ(users.query(tx).all().size(), 1u);
      tx.commit();
    }
  }
  EXPECT_EQ(error_of([&] { (void)db.begin(s, {.isolation = static_cast<isolation_level>(99)}); }).code,
            errc::invalid_option);
}

TEST_F(ReadOnly, ATransactionHasADeadlineOfItsOwn) {
  transaction tx = db.begin(s, {.deadline = 30ms});
  users.insert(tx, bob());
  EXPECT_LT(tx.until().at(), s.until().at());
  EXPECT_THROW(db.execute(tx,
                          "insert into users(id, email, version) with recursive n(i) as "
                          "(select 3 union all select i + 1 from n) select i, 'user' || i, 1 from n"),
               forebay::deadline_exceeded);
  EXPECT_THROW(tx.commit(), forebay::deadline_exceeded);
  EXPECT_FALSE(tx.open());
  EXPECT_FALSE(users.find(s, 2)) << "the session has time left";
  forebay::session short_one = db.session({.deadline = 500ms});
  transaction longer = db.begin(short_one, {.deadline = std::chrono::hours(1)});
  EXPECT_EQ(longer.until().at(), short_one.until().at());
}

TEST_F(ReadOnly, ADeadlineOfZeroBeginsNothing) {
  EXPECT_THROW((void)db.begin(s, {.deadline = 0ms}), forebay::deadline_exceeded);
  EXPECT_THROW((void)db.begin(s, {.deadline = forebay::milliseconds::min()}), forebay::deadline_exceeded);
  EXPECT_TRUE(users.find(s, 1)) << "nothing is left open in the session";
}

}  // namespace
