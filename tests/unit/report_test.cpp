#include <gtest/gtest.h>

#include <string>

#include <forebay/diagnostics/counters.hpp>
#include <forebay/diagnostics/report.hpp>
#include <forebay/error.hpp>

using forebay::cache_action;
using forebay::diagnostics::counters;
using forebay::diagnostics::counts;
using forebay::diagnostics::finding;

namespace {

void report_cache(counters& to, cache_action action, int times) {
  forebay::cache_event e;
  e.action = action;
  for (int i = 0; i < times; ++i) to.on_cache(e);
}

TEST(Counters, CountEachKindOfEvent) {
  counters c;
  forebay::statement_event statement;
  statement.rows = 3;
  statement.execute = forebay::nanoseconds(10);
  statement.fetch = forebay::nanoseconds(5);
  c.on_statement(statement);
  const forebay::error broken(forebay::errc::query_failed, {.message = "m"});
  statement.failed = true;
  statement.failure = &broken;
  statement.rows = 0;
  c.on_statement(statement);
  report_cache(c, cache_action::hit, 5);
  report_cache(c, cache_action::negative_hit, 2);
  report_cache(c, cache_action::miss, 3);
  report_cache(c, cache_action::fill, 4);
  report_cache(c, cache_action::fill_refused, 1);
  report_cache(c, cache_action::too_large, 1);
  forebay::flight_event flight;
  c.on_flight(flight);
  forebay::pool_event pool;
  pool.waited = forebay::nanoseconds(7);
  c.on_pool(pool);
  forebay::transaction_event transaction;
  c.on_transaction(transaction);
  transaction.end = forebay::transaction_end::unknown;
  c.on_transaction(transaction);
  transaction.end = forebay::transaction_end::rolled_back;
  c.on_transaction(transaction);
  c.on_invalidation({});
  c.on_session({});

  const counts now = c.snapshot();
  EXPECT_EQ(now.statements, 2u);
  EXPECT_EQ(now.failed_statements, 1u);
  EXPECT_EQ(now.rows, 3u);
  EXPECT_EQ(now.statement_time, forebay::nanoseconds(30));
  EXPECT_EQ(now.hits, 7u) << "negative ones included";
  EXPECT_EQ(now.negative_hits, 2u);
  EXPECT_EQ(now.misses, 3u);
  EXPECT_EQ(now.fills, 4u);
  EXPECT_EQ(now.refused_fills, 2u);
  EXPECT_EQ(now.joined_flights, 1u);
  EXPECT_EQ(now.pool_wait, forebay::nanoseconds(7));
  EXPECT_EQ(now.commits, 2u);
  EXPECT_EQ(now.rollbacks, 1u);
  EXPECT_EQ(now.invalidations, 1u);
  EXPECT_EQ(now.sessions, 1u);
  EXPECT_DOUBLE_EQ(now.hit_ratio(), 0.7);
}

TEST(Counters, ADifferenceIsWhatHappenedInBetween) {
  counters c;
  report_cache(c, cache_action::hit, 2);
  const counts before = c.snapshot();
  report_cache(c, cache_action::hit, 3);
  report_cache(c, cache_action::miss, 1);
  const counts between = c.snapshot() - before;
  EXPECT_EQ(between.hits, 3u);
  EXPECT_EQ(between.misses, 1u);
  EXPECT_EQ(between.statements, 0u);
}

TEST(Counters, ARatioOfNothingIsZero) { EXPECT_EQ(counts().hit_ratio(), 0.0); }

finding some_finding() {
  finding f;
  f.rule = "n-plus-one";
  f.where = {"app/orders.cpp", 41, "show"};
  f.session = "GET /orders";
  f.statement = "select *\nfrom users";
  f.occurrences = 120;
  f.sessions = 3;
  f.avoidable = 117;
  f.wasted = forebay::nanoseconds(1'500'000);
  f.message = "find in a loop";
  f.fix = "first line\nsecond line";
  return f;
}

TEST(Report, OfAFindingTellsPlaceCostStatementAndCure) {
  EXPECT_EQ(
      to_text(some_finding()),
      "n-plus-one at app/orders.cpp:41 (warning)\n"
      "  find in a loop\n"
      "  seen       120 statements in 3 session(s), for instance \"GET /orders\"; 117 avoidable, about 1.5 ms on the "
      "database\n"
      "  statement  select *\n"
      "             from users\n"
      "  fix        first line\n"
      "             second line\n");
  finding note = some_finding();
  note.severity = forebay::diagnostics::severity::note;
  EXPECT_NE(to_text(note).find("(note)"), std::string::npos);
  finding without_a_saving = some_finding();
  without_a_saving.avoidable = 0;
  EXPECT_NE(to_text(without_a_saving).find("for instance \"GET /orders\"\n"), std::string::npos);
}

TEST(Report, TellsTheCountsAndEachFinding) {
  const counts what{.statements = 12,
                    .failed_statements = 1,
                    .rows = 34,
                    .hits = 3,
                    .negative_hits = 1,
                    .misses = 1,
                    .fills = 1,
                    .refused_fills = 0,
                    .joined_flights = 2,
                    .commits = 5,
                    .rollbacks = 6,
                    .invalidations = 7,
                    .sessions = 8,
                    .statement_time = forebay::nanoseconds(2'500'000),
                    .pool_wait = forebay::nanoseconds(100'000)};
  const std::string quiet = forebay::diagnostics::text_report(what, {});
  for (const char* part :
       {"12 statements (1 failed)", "34 rows", "2.5 ms on the database", "0.1 ms waiting", "3 hits, 1 misses (75.0%)",
        "1 fills", "2 waited", "5 commits, 6 rollbacks, 7 invalidations", "no findings"}) {
    EXPECT_NE(quiet.find(part), std::string::npos) << part << " in\n" << quiet;
  }
  const finding found[]{some_finding(), some_finding()};
  const std::string loud = forebay::diagnostics::text_report(what, found);
  EXPECT_EQ(loud.find("no findings"), std::string::npos);
  EXPECT_NE(loud.rfind(to_text(found[0])), loud.find(to_text(found[0]))) << "both";
}

}  // namespace
