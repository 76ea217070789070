// The fault driver itself: what it counts, what fails, and what an honest driver would have said.

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

#include <forebay/forebay.hpp>
#include <forebay/soci/sqlite.hpp>
#include <forebay/testing/fault_plan.hpp>

namespace forebay {
namespace {

using testing::driver_call;
using testing::fault;
using testing::fault_kind;
using testing::fault_plan;

class FaultPlan : public ::testing::Test {
 protected:
  FaultPlan() { db.execute(s, "create table t(id integer primary key)"); }

  std::int64_t rows() {
    session fresh = db.session();
    return db.scalar<std::int64_t>(fresh, "select count(*) from t");
  }
  template <class Work>
  error failure_of(Work work) {
    try {
      work();
    } catch (const error& e) {
      return e;
    }
    ADD_FAILURE() << "nothing failed";
    return {errc::not_found, {}};
  }

  fault_plan plan;
  database db{{.shards = {{.primary = plan.url("sqlite::memory:")}}}};
  session s = db.session();
};

TEST_F(FaultPlan, CountsEveryKindOfCall) {
  plan.fail_nth(1'000, {});
  db.transact(s, [&](transaction& tx) {
    db.execute(tx, "insert into t values (1)");
    tx.nested([&] { db.execute(tx, "insert into t values (2)"); });
  });
  EXPECT_EQ(plan.calls(driver_call::connect), 0u);
  EXPECT_EQ(plan.calls(driver_call::begin), 1u);
  EXPECT_EQ(plan.calls(driver_call::run), 2u);
  EXPECT_EQ(plan.calls(driver_call::next), 2u);
  EXPECT_EQ(plan.calls(driver_call::savepoint), 2u);
  EXPECT_EQ(plan.calls(driver_call::commit), 1u);
  EXPECT_EQ(plan.calls(driver_call::usable), 1u);
  EXPECT_EQ(plan.calls(), 9u);
  EXPECT_FALSE(plan.failed());
}

TEST_F(FaultPlan, FailsTheNthOfAnyKindOnce) {
  plan.fail_nth(1, {});
  const error e = failure_of([&] { db.execute(s, "insert into t values (1)"); });
  EXPECT_EQ(e.code(), errc::query_failed);
  EXPECT_EQ(e.outcome(), outcome::not_applied);
  EXPECT_EQ(plan.failed_at(), driver_call::run);
  db.execute(s, "insert into t values (1)");
  EXPECT_EQ(rows(), 1);
}

TEST_F(FaultPlan, FailsTheNthOfOneKind) {
  plan.fail_nth(driver_call::run, 2, {});
  db.execute(s, "insert into t values (1)");
  EXPECT_THROW(db.execute(s, "insert into t values (2)"), error);
  EXPECT_EQ(rows(), 1);
}

TEST_F(FaultPlan, FailsWithWhatItIsGiven) {
  plan.fail_nth(1, {.code = errc::database_busy, .outcome = outcome::unknown, .retryable = true});
  const error e = failure_of([&] { db.execute(s, "insert into t values (1)"); });
  EXPECT_EQ(e.code(), errc::database_busy);
  EXPECT_EQ(e.outcome(), outcome::unknown);
  EXPECT_TRUE(e.retryable());
}

TEST_F(FaultPlan, ACommitIsLostBeforeItWasAppliedOrAfter) {
  for (const fault_kind kind : {fault_kind::lost_before, fault_kind::lost_after}) {
    plan.fail_nth(driver_call::commit, 1, {.kind = kind});
    const error e =
        failure_of([&] { db.transact(s, [&](transaction& tx) { db.execute(tx, "insert into t values (1)"); }); });
    EXPECT_EQ(e.code(), errc::commit_unknown);
    EXPECT_EQ(e.outcome(), outcome::unknown);
    EXPECT_EQ(rows(), kind == fault_kind::lost_after ? 1 : 0);
  }
}

TEST_F(FaultPlan, ALostWriteOutsideATransactionIsOfUnknownOutcome) {
  plan.fail_nth(driver_call::next, 1, {.kind = fault_kind::lost_after});
  EXPECT_EQ(failure_of([&] { db.execute(s, "insert into t values (1)"); }).outcome(), outcome::unknown);
  EXPECT_EQ(rows(), 1);
  plan.fail_nth(driver_call::next, 1, {.kind = fault_kind::lost_before});
  EXPECT_EQ(failure_of([&] { db.execute(s, "insert into t values (2)"); }).outcome(), outcome::unknown);
  EXPECT_EQ(rows(), 1);
}

TEST_F(FaultPlan, ALostConnectionStaysLostAndIsClosed) {
  const std::uint64_t opened = db.connections(connection_role::writer).opened;
  {
    transaction tx = db.begin(s);
    plan.fail_nth(driver_call::run, 1, {.kind = fault_kind::lost_before});
    EXPECT_THROW(db.execute(tx, "insert into t values (1)"), error);
    EXPECT_EQ(failure_of([&] { db.execute(tx, "insert into t values (1)"); }).code(), errc::connection_lost);
  }
  EXPECT_EQ(db.connections(connection_role::writer).closed_broken, 1u);
  EXPECT_EQ(rows(), 0);
  db.execute(s, "insert into t values (1)");
  EXPECT_EQ(db.connections(connection_role::writer).opened, opened + 1);
}

// Found by walking over whole operations: what the savepoint should have undone was committed.
TEST_F(FaultPlan, ASavepointThatCannotBeRolledBackEndsTheTransaction) {
  transaction tx = db.begin(s);
  db.execute(tx, "insert into t values (1)");
  plan.fail_nth(driver_call::savepoint, 2, {});
  EXPECT_THROW(tx.nested([&] {
    db.execute(tx, "insert into t values (2)");
    throw std::runtime_error("given up");
  }),
               std::runtime_error);
  EXPECT_EQ(failure_of([&] { db.execute(tx, "insert into t values (3)"); }).code(), errc::query_failed);
  EXPECT_THROW(tx.nested([] {}), error);
  const std::string what = failure_of([&] { tx.commit(); }).what();
  EXPECT_NE(what.find("a savepoint could not be rolled back"), std::string::npos) << what;
  EXPECT_EQ(rows(), 0);
  db.execute(s, "insert into t values (1)");  // the connection is sound again
}

TEST_F(FaultPlan, ACheckThatFailsMakesThePoolOpenAnother) {
  plan.fail_nth(driver_call::run, 1, {});
  EXPECT_THROW(db.execute(s, "insert into t values (1)"), error);
  plan.fail_nth(driver_call::check, 1, {});
  db.execute(s, "insert into t values (1)");
  EXPECT_TRUE(plan.failed());
  EXPECT_EQ(db.connections(connection_role::writer).closed_broken, 1u);
}

TEST_F(FaultPlan, AConnectThatFailsIsToldAndTriedAgainByTheNextCall) {
  database fresh{{.shards = {{.primary = plan.url("sqlite::memory:")}}}};
  session in = fresh.session();
  plan.fail_nth(driver_call::connect, 1, {});
  EXPECT_EQ(failure_of([&] { fresh.execute(in, "create table t(id integer)"); }).code(), errc::cannot_connect);
  fresh.execute(in, "create table t(id integer)");
}

TEST_F(FaultPlan, HealsWhenToldSo) {
  plan.fail_nth(1, {});
  plan.heal();
  db.execute(s, "insert into t values (1)");
  EXPECT_FALSE(plan.failed());
}

TEST_F(FaultPlan, AUrlLeadsNowhereWithoutItsPlan) {
  const std::string url = plan.url("sqlite::memory:");
  EXPECT_EQ(url.substr(0, 6), "fault:");
  const error e = failure_of([] { database nowhere{"fault:999999:sqlite:shop.db"}; });
  EXPECT_EQ(e.code(), errc::invalid_option);
  EXPECT_THROW(database{"fault:x"}, invalid_option);
}

}  // namespace
}  // namespace forebay
