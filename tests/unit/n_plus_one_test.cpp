#include <gtest/gtest.h>

#include <string>
#include <vector>

#include <forebay/diagnostics/n_plus_one.hpp>
#include <forebay/error.hpp>
#include <forebay/sql/fingerprint.hpp>

using forebay::call_site;
using forebay::diagnostics::finding;
using forebay::diagnostics::n_plus_one;

namespace {

constexpr call_site in_the_loop{"app/orders.cpp", 41, "show"};

// One read, as an application would make it.
struct read {
  std::uint64_t session = 1;
  std::string_view name = "GET /orders";
  call_site where = in_the_loop;
  std::string_view text = "select * from users where id = {}";
  std::string_view table = "users";
  std::string_view key_column = "id";
  std::string_view operation_name = "find";
};

class NPlusOne : public testing::Test {
 protected:
  // With parameters of its own, unless they are given.
  void report(const read& r, std::uint64_t parameters = 0, std::uint64_t operation = 0) {
    ++counter_;
    forebay::statement_event e;
    e.session = r.session;
    e.session_name = r.name;
    e.operation = operation != 0 ? operation : 1'000'000 + counter_;
    e.operation_name = r.operation_name;
    e.where = r.where;
    e.fingerprint = forebay::text_hash_of(r.text);
    e.text = r.text;
    e.parameters = parameters != 0 ? parameters : counter_;
    e.table = r.table;
    e.key_column = r.key_column;
    e.execute = forebay::nanoseconds(900);
    e.fetch = forebay::nanoseconds(100);
    e.kind = kind;
    e.failed = failed;
    detector.on_statement(e);
  }
  void end_of_session(std::uint64_t session) {
    forebay::session_event e;
    e.session = session;
    detector.on_session(e);
  }

  n_plus_one detector;
  forebay::statement_kind kind = forebay::statement_kind::query;
  bool failed = false;

 private:
  std::uint64_t counter_ = 0;
};

TEST_F(NPlusOne, IsFoundWithItsPlaceItsCostAndItsCure) {
  for (int i = 0; i < 10; ++i) report({});
  const std::vector<finding> found = detector.findings();
  ASSERT_EQ(found.size(), 1u);
  const finding& f = found[0];
  EXPECT_EQ(f.rule, "n-plus-one");
  EXPECT_EQ(f.where, in_the_loop);
  EXPECT_EQ(f.session, "GET /orders");
  EXPECT_EQ(f.statement, "select * from users where id = {}");
  EXPECT_EQ(f.occurrences, 10u);
  EXPECT_EQ(f.sessions, 1u);
  EXPECT_EQ(f.avoidable, 9u);
  EXPECT_EQ(f.wasted, forebay::nanoseconds(9'000));
  EXPECT_NE(f.message.find("find"), std::string::npos) << f.message;
  EXPECT_NE(f.fix.find("users.find_many(s, keys)"), std::string::npos) << f.fix;
  EXPECT_NE(f.fix.find("load_for"), std::string::npos) << f.fix;
}

TEST_F(NPlusOne, TheCureFitsTheCall) {
  for (int i = 0; i < 5; ++i)
    report({.text = "select * from t where a = {}", .table = "", .key_column = "", .operation_name = "query"});
  EXPECT_NE(detector.findings()[0].fix.find("in ({})"), std::string::npos);
  const call_site other{"app/orders.cpp", 50, "show"};
  for (int i = 0; i < 9; ++i) {
    report({.where = other,
            .text = "select * from orders where user_id in ({})",
            .table = "orders",
            .key_column = "",
            .operation_name = "load_for"});
  }
  ASSERT_EQ(detector.findings().size(), 2u);
  EXPECT_NE(detector.findings()[0].fix.find("orders.load_for"), std::string::npos) << "the most statements come first";
}

TEST_F(NPlusOne, IsNothingBelowTheThreshold) {
  for (int i = 0; i < 4; ++i) report({});
  EXPECT_TRUE(detector.findings().empty());
  end_of_session(1);
  EXPECT_TRUE(detector.findings().empty());
}

TEST_F(NPlusOne, CountsEachSessionByItself) {
  for (std::uint64_t session = 1; session <= 20; ++session) {
    for (int i = 0; i < 4; ++i) report({.session = session});
  }
  EXPECT_TRUE(detector.findings().empty()) << "twenty requests with four reads each are no loop";
}

TEST_F(NPlusOne, AddsUpTheSessionsInWhichItHappened) {
  for (std::uint64_t session = 1; session <= 3; ++session) {
    for (int i = 0; i < 6; ++i) report({.session = session});
    if (session < 3) end_of_session(session);
  }
  const auto found = detector.findings();
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].sessions, 3u);
  EXPECT_EQ(found[0].occurrences, 18u);
  EXPECT_EQ(found[0].avoidable, 15u);
  end_of_session(3);
  EXPECT_EQ(detector.findings()[0].occurrences, 18u);
}

TEST_F(NPlusOne, RepeatsWithEqualParametersAreNoLoopOverRows) {
  for (int i = 0; i < 50; ++i) report({}, 77);
  EXPECT_TRUE(detector.findings().empty());
}

TEST_F(NPlusOne, PagesWithTextsOfTheirOwnAreNoLoopOverRows) {
  for (int page = 0; page < 20; ++page) report({.text = "select * from t limit 10 offset " + std::to_string(page)});
  EXPECT_TRUE(detector.findings().empty());
}

TEST_F(NPlusOne, ABatchThatWasSplitIsOneCall) {
  for (int i = 0; i < 20; ++i) report({}, 0, 5);
  EXPECT_TRUE(detector.findings().empty());
}

TEST_F(NPlusOne, SplitBatchesOfSeveralThreadsAreAsManyCalls) {
  for (int i = 0; i < 20; ++i) {
    report({}, 0, 5);
    report({}, 0, 6);
  }
  EXPECT_TRUE(detector.findings().empty()) << "two calls, however their statements interleave";
}

TEST_F(NPlusOne, IsFoundAmongOtherStatements) {
  for (int i = 0; i < 6; ++i) {
    report({});
    report({.where = {"app/orders.cpp", 60 + i, "show"}});
    report({.text = "select * from t where a = " + std::to_string(i)});
    report({.session = 2});
  }
  const auto found = detector.findings();
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].sessions, 2u);
  EXPECT_EQ(found[0].occurrences, 12u);
}

TEST_F(NPlusOne, TheSameReadFromTwoLinesIsTwoKinds) {
  for (int i = 0; i < 4; ++i) {
    report({});
    report({.where = {"app/orders.cpp", 42, "show"}});
    report({.where = {"app/users.cpp", 41, "show"}});
  }
  EXPECT_TRUE(detector.findings().empty());
}

TEST_F(NPlusOne, WritesFailuresAndWorkWithoutASessionDoNotCount) {
  for (int i = 0; i < 10; ++i) report({.session = 0});
  kind = forebay::statement_kind::change;
  for (int i = 0; i < 10; ++i) report({});
  kind = forebay::statement_kind::query;
  failed = true;
  for (int i = 0; i < 10; ++i) report({});
  EXPECT_TRUE(detector.findings().empty());
}

TEST_F(NPlusOne, NamesASessionInWhichItHappened) {
  for (int i = 0; i < 6; ++i) report({.session = 1, .name = "polling"}, 77);
  for (int i = 0; i < 6; ++i) report({.session = 2, .name = "listing"});
  const auto found = detector.findings();
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].session, "listing");
  EXPECT_EQ(found[0].occurrences, 6u);
}

TEST_F(NPlusOne, TheMostStatementsComeFirst) {
  for (int line = 1; line <= 3; ++line) {
    for (int i = 0; i < 5 + 10 * (line % 3); ++i) report({.where = {"a.cpp", line, "f"}});
  }
  const auto found = detector.findings();
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found[0].where.line, 2);
  EXPECT_EQ(found[1].where.line, 1);
  EXPECT_EQ(found[2].where.line, 3);
}

TEST_F(NPlusOne, OutlivesTheTextsOfItsEvents) {
  {
    const std::string text = "select * from a_table_with_a_long_name where id = {}";
    const std::string name = "a session with a long name that is gone";
    for (int i = 0; i < 5; ++i) report({.name = name, .text = text});
  }
  end_of_session(1);
  EXPECT_EQ(detector.findings()[0].session, "a session with a long name that is gone");
}

TEST(NPlusOneOptions, TheThresholdDecides) {
  n_plus_one eager({.threshold = 2});
  forebay::statement_event e;
  e.session = 1;
  e.where = in_the_loop;
  for (std::uint64_t i = 1; i <= 2; ++i) {
    e.operation = i;
    e.parameters = i;
    eager.on_statement(e);
  }
  EXPECT_EQ(eager.findings().size(), 1u);
}

TEST(NPlusOneOptions, MemoryIsBoundedAndWhatIsOverlookedIsCounted) {
  n_plus_one small({.max_groups = 3});
  forebay::statement_event e;
  e.session = 1;
  for (int line = 1; line <= 5; ++line) {
    for (std::uint64_t i = 1; i <= 6; ++i) {
      e.where = {"a.cpp", line, "f"};
      e.operation = static_cast<std::uint64_t>(line) * 100 + i;
      e.parameters = i;
      small.on_statement(e);
    }
  }
  EXPECT_EQ(small.findings().size(), 3u);
  EXPECT_EQ(small.overlooked(), 12u);
  forebay::session_event end;
  end.session = 1;
  small.on_session(end);
  e.session = 2;
  for (std::uint64_t i = 1; i <= 6; ++i) {
    e.operation = 900 + i;
    e.parameters = i;
    small.on_statement(e);
  }
  EXPECT_EQ(small.findings().size(), 4u) << "an ended session makes room";
}

TEST(NPlusOneOptions, HaveRanges) {
  const auto refusal = [](forebay::diagnostics::n_plus_one_options o) {
    try {
      n_plus_one made(o);
    } catch (const forebay::invalid_option& e) {
      return std::string(e.what());
    }
    return std::string();
  };
  EXPECT_EQ(refusal({.threshold = 2, .max_groups = 1}), "");
  EXPECT_EQ(refusal({.threshold = 1'000'000, .max_groups = 10'000'000}), "");
  EXPECT_NE(refusal({.threshold = 1}).find("n_plus_one_options::threshold"), std::string::npos);
  EXPECT_NE(refusal({.threshold = 1'000'001}).find("2 to 1,000,000"), std::string::npos);
  EXPECT_NE(refusal({.max_groups = 0}).find("n_plus_one_options::max_groups"), std::string::npos);
  EXPECT_NE(refusal({.max_groups = 10'000'001}).find("1 to 10,000,000"), std::string::npos);
}

}  // namespace
