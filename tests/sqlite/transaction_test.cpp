#include "sqlite/shop.hpp"

#include <stdexcept>

using namespace shop;
using forebay::errc;

namespace {

class Transactions : public testing::TestWithParam<const char*> {
 protected:
  std::int64_t count() { return db.query<std::int64_t>(s, "select count(*) from users")[0]; }

  temporary_folder folder;
  shop_database shop{std::string_view(GetParam()) == "file" ? folder.url("shop.db") : "sqlite::memory:"};
  forebay::database& db = shop.db;
  forebay::session& s = shop.s;
  forebay::repository<User>& users = shop.users;
};
INSTANTIATE_TEST_SUITE_P(Sqlite, Transactions, testing::Values("file", "memory"),
                         [](const auto& which) { return which.param; });

TEST_P(Transactions, CommitStoresWhatWasWritten) {
  forebay::transaction tx = db.begin(s);
  users.insert(tx, ann());
  db.execute(tx, "insert into users(id, email, version) values({}, {}, 1)", 2, "bob");
  EXPECT_TRUE(tx.open());
  tx.commit();
  EXPECT_FALSE(tx.open());
  EXPECT_EQ(count(), 2);
}

TEST_P(Transactions, TheDestructorRollsBack) {
  {
    forebay::transaction tx = db.begin(s);
    users.insert(tx, ann());
  }
  EXPECT_EQ(count(), 0);
  users.insert(s, ann());  // the writing connection is free and in order
}

TEST_P(Transactions, RollbackUndoesAndMayBeRepeated) {
  forebay::transaction tx = db.begin(s);
  users.insert(tx, ann());
  tx.rollback();
  tx.rollback();
  EXPECT_FALSE(tx.open());
  EXPECT_EQ(count(), 0);
}

TEST_P(Transactions, InsideItSeesItsOwnWrites) {
  forebay::transaction tx = db.begin(s);
  users.insert(tx, ann());
  EXPECT_TRUE(users.find(tx, 1));
  EXPECT_TRUE(users.find_many(tx, {1})[0]);
  EXPECT_EQ(users.query(tx).all().size(), 1u);
  EXPECT_EQ(db.query<std::int64_t>(tx, "select count(*) from users")[0], 1);
}

TEST_P(Transactions, TransactCommitsAndGivesWhatTheWorkGives) {
  const std::string email = db.transact(s, [&](forebay::transaction& tx) {
    users.insert(tx, ann());
    return users.find(tx, 1).value().email;
  });
  EXPECT_EQ(email, ann().email);
  db.transact(s, [&](forebay::transaction& tx) { users.insert(tx, bob()); });
  EXPECT_EQ(count(), 2);
}

TEST_P(Transactions, AnExceptionInTransactRollsBackAndGoesOn) {
  EXPECT_THROW(db.transact(s,
                           [&](forebay::transaction& tx) {
                             users.insert(tx, ann());
                             throw std::out_of_range("the application's own");
                           }),
               std::out_of_range);
  EXPECT_EQ(count(), 0);
  EXPECT_THROW(db.transact(s,
                           [&](forebay::transaction& tx) {
                             users.insert(tx, ann());
                             users.insert(tx, ann());
                           }),
               forebay::duplicate_key);
  EXPECT_EQ(count(), 0);
}

TEST_P(Transactions, AFailedStatementLeavesTheTransactionOpen) {
  forebay::transaction tx = db.begin(s);
  users.insert(tx, ann());
  EXPECT_THROW(users.insert(tx, ann()), forebay::duplicate_key);
  users.insert(tx, bob());
  tx.commit();
  EXPECT_EQ(count(), 2);
}

TEST_P(Transactions, AConflictLeavesTheTransactionOpen) {
  users.insert(s, ann());
  forebay::transaction tx = db.begin(s);
  User stale = ann();
  stale.version = 7;
  EXPECT_THROW(users.update(tx, stale), forebay::conflict);
  User me = *users.find(tx, 1);
  me.name = "Anna";
  users.update(tx, me);
  tx.commit();
  EXPECT_EQ(users.find(s, 1).value().name, "Anna");
}

TEST_P(Transactions, CommitOfAnEndedTransactionIsRefused) {
  {
    forebay::transaction tx = db.begin(s);
    tx.commit();
    const caught e = error_of([&] { tx.commit(); });
    EXPECT_EQ(e.code, errc::invalid_option);
    EXPECT_TRUE(e.says("transaction_test.cpp:")) << e.what;
  }
  forebay::transaction undone = db.begin(s);
  undone.rollback();
  EXPECT_EQ(error_of([&] { undone.commit(); }).code, errc::invalid_option);
}

TEST_P(Transactions, AfterItsEndTheWritingConnectionIsFreeAtOnce) {
  forebay::transaction tx = db.begin(s);
  users.insert(tx, ann());
  tx.commit();
  users.insert(s, bob());
  forebay::transaction undone = db.begin(s);
  undone.rollback();
  users.remove(s, 2);
  EXPECT_EQ(count(), 1);
}

TEST_P(Transactions, NothingRunsInAnEndedTransaction) {
  users.insert(s, ann());
  forebay::transaction tx = db.begin(s);
  tx.commit();
  EXPECT_EQ(error_of([&] { users.insert(tx, bob()); }).code, errc::invalid_option);
  EXPECT_EQ(error_of([&] { (void)users.find(tx, 1); }).code, errc::invalid_option);
  EXPECT_EQ(error_of([&] { (void)users.query(tx).all(); }).code, errc::invalid_option);
  EXPECT_EQ(error_of([&] { db.execute(tx, "delete from users"); }).code, errc::invalid_option);
  EXPECT_EQ(error_of([&] { (void)db.query<std::int64_t>(tx, "select count(*) from users"); }).code,
            errc::invalid_option);
  EXPECT_EQ(count(), 1);
}

TEST_P(Transactions, WhatIsWrittenInAnEndedTransactionNeverLeavesTheCacheBehind) {
  users.insert(s, ann());
  ASSERT_TRUE(users.find(s, 1));
  forebay::transaction tx = db.begin(s);
  tx.rollback();
  try {
    db.execute(tx, "update users set name = 'Changed' where id = 1");
  } catch (const forebay::error&) {}
  EXPECT_EQ(users.find(s, 1).value().name, db.query<User>(s, "select * from users").at(0).name);
}

// "or rollback" is one of the ways in which SQLite ends a transaction by itself; running out of time is another.
TEST_P(Transactions, AfterTheDatabaseRolledBackByItselfNothingRunsOutsideTheTransaction) {
  forebay::transaction tx = db.begin(s);
  users.insert(tx, ann());
  EXPECT_THROW(db.execute(tx, "insert or rollback into users(id, email, version) values(1, {}, 1)", secret_text),
               forebay::duplicate_key);
  EXPECT_EQ(error_of([&] { users.insert(tx, bob()); }).code, errc::query_failed);
  EXPECT_EQ(error_of([&] { (void)users.find(tx, 1); }).code, errc::query_failed);
  EXPECT_EQ(error_of([&] { tx.commit(); }).code, errc::query_failed);
  EXPECT_FALSE(tx.open());
  EXPECT_EQ(count(), 0);
}

TEST_P(Transactions, TheConnectionIsInOrderAfterTheDatabaseRolledBackByItself) {
  {
    forebay::transaction tx = db.begin(s);
    users.insert(tx, ann());
    EXPECT_THROW(db.execute(tx, "insert or rollback into users(id, email, version) values(1, 'x', 1)"), forebay::error);
  }
  db.transact(s, [&](forebay::transaction& tx) { users.insert(tx, bob()); });
  EXPECT_EQ(count(), 1);
}

TEST_P(Transactions, AConstraintThatIsCheckedAtTheEndFailsTheCommitAndRollsBack) {
  db.execute(s,
             "create table badges(id integer primary key, user_id integer references users(id) "
             "deferrable initially deferred)");
  forebay::transaction tx = db.begin(s);
  users.insert(tx, ann());
  db.execute(tx, "insert into badges values(1, {})", secret_number);
  const caught e = error_of([&] { tx.commit(); });
  EXPECT_EQ(e.code, errc::constraint_violation);
  EXPECT_TRUE(e.says("transaction_test.cpp:")) << e.what;
  EXPECT_FALSE(tx.open());
  EXPECT_EQ(count(), 0);
}

TEST_P(Transactions, ASecondWriterWaitsForTheFirstUntilItsDeadline) {
  forebay::transaction tx = db.begin(s);
  forebay::session hasty = db.session({.deadline = 20ms, .name = "hasty"});
  const caught e = error_of([&] { users.insert(hasty, ann()); });
  EXPECT_EQ(e.code, errc::pool_timeout);
  EXPECT_TRUE(e.says("insert")) << e.what;
  EXPECT_TRUE(e.says("\"hasty\"")) << e.what;
  EXPECT_TRUE(e.says("the session's deadline")) << e.what;
  EXPECT_TRUE(e.says("1 of 1 in use")) << e.what;
  EXPECT_TRUE(e.says("transaction_test.cpp:")) << e.what;
  EXPECT_TRUE(e.details.retryable);
  forebay::session again = db.session({.deadline = 20ms});
  EXPECT_EQ(error_of([&] { (void)db.begin(again); }).code, errc::pool_timeout);
  EXPECT_EQ(db.connections(forebay::connection_role::writer).timeouts, 2u);
}

TEST_P(Transactions, ATransactionHasItsSessionsDeadlineAndName) {
  forebay::session named = db.session({.deadline = 300ms, .name = "POST /users"});
  forebay::transaction tx = db.begin(named);
  EXPECT_EQ(tx.until(), named.until());
  EXPECT_EQ(tx.name(), "POST /users");
  EXPECT_EQ(tx.session_id(), named.session_id());
  EXPECT_EQ(tx.in_transaction(), &tx);
  EXPECT_EQ(named.in_transaction(), nullptr);
}

TEST_P(Transactions, ForeignKeysAreEnforcedInThem) {
  EXPECT_THROW(db.transact(s,
                           [&](forebay::transaction& tx) {
                             shop.orders.insert(tx, {.id = 1, .user_id = 404, .courier_id = {}, .total_cents = 1});
                           }),
               forebay::constraint_violation);
}

// A file is in write-ahead mode; a database in memory is not, and its readers wait for the writer.
TEST(TransactionsInAFile, ReadersGoOnAndSeeNothingThatIsNotCommitted) {
  const temporary_folder folder;
  shop_database shop(folder.url("shop.db"));
  shop.users.insert(shop.s, ann());
  forebay::transaction tx = shop.db.begin(shop.s);
  shop.db.execute(tx, "update users set name = 'Changed'");
  EXPECT_EQ(shop.db.query<User>(shop.s.outside(tx), "select * from users").at(0).name, "Ann");
  tx.commit();
  EXPECT_EQ(shop.db.query<User>(shop.s, "select * from users").at(0).name, "Changed");
}

TEST_P(Transactions, ASessionOfAnotherDatabaseIsRefused) {
  shop_database other("sqlite::memory:");
  EXPECT_EQ(error_of([&] { (void)users.find(other.s, 1); }).code, errc::invalid_option);
  EXPECT_EQ(error_of([&] { users.insert(other.s, ann()); }).code, errc::invalid_option);
  EXPECT_EQ(error_of([&] { db.execute(other.s, "delete from users"); }).code, errc::invalid_option);
  EXPECT_EQ(error_of([&] { (void)db.begin(other.s); }).code, errc::invalid_option);
  forebay::transaction tx = other.db.begin(other.s);
  EXPECT_EQ(error_of([&] { users.insert(tx, ann()); }).code, errc::invalid_option);
  EXPECT_EQ(count(), 0);
}

}  // namespace
