#include "sqlite/shop.hpp"

#include <mutex>

#include <forebay/diagnostics/counters.hpp>
#include <forebay/diagnostics/n_plus_one.hpp>
#include <forebay/diagnostics/report.hpp>

using namespace shop;

namespace {

// Writes down what happened, a word an event.
class story final : public forebay::observer {
 public:
  struct line {
    std::string what;
    forebay::call_site where;
    std::uint64_t session;
    std::uint64_t operation;
    std::string operation_name;
    std::string session_name;
  };

  void on_statement(const forebay::statement_event& e) noexcept override {
    add(e, (e.kind == forebay::statement_kind::query ? "query " : "change ") + std::to_string(e.rows) +
               (e.failure ? " " + std::string(to_string(e.failure->code())) : ""));
    last_statement = e;
    text = e.text;
    table = e.table;
    key_column = e.key_column;
    endpoint = e.endpoint;
  }
  void on_cache(const forebay::cache_event& e) noexcept override {
    static constexpr const char* names[]{"hit", "negative hit", "miss", "fill", "fill refused", "too large"};
    add(e, std::string(names[static_cast<int>(e.action)]) + " " + std::string(e.space));
  }
  void on_flight(const forebay::flight_event& e) noexcept override { add(e, "flight"); }
  void on_pool(const forebay::pool_event& e) noexcept override { add(e, e.timed_out ? "no connection" : "connection"); }
  void on_routing(const forebay::routing_event& e) noexcept override {
    add(e, e.reason == forebay::routing_reason::read ? "route read" : "route write");
  }
  void on_transaction(const forebay::transaction_event& e) noexcept override {
    add(e, e.end == forebay::transaction_end::committed ? "committed" : "rolled back");
  }
  void on_invalidation(const forebay::invalidation_event& e) noexcept override {
    add(e, "invalidate " + std::to_string(e.keys) + (e.everything ? " and everything" : ""));
  }
  void on_session(const forebay::session_event& e) noexcept override { add(e, "session ends"); }

  // Since it was last asked.
  std::vector<std::string> told() {
    std::vector<std::string> words;
    for (const line& l : lines) words.push_back(l.what);
    previous = std::move(lines);
    lines.clear();
    return words;
  }

  std::vector<line> lines;
  std::vector<line> previous;
  forebay::statement_event last_statement;  // its views are below
  std::string text, table, key_column, endpoint;

 private:
  void add(const forebay::event& e, std::string what) {
    lines.push_back(
        {std::move(what), e.where, e.session, e.operation, std::string(e.operation_name), std::string(e.session_name)});
  }
};

using words = std::vector<std::string>;

class Events : public testing::Test {
 protected:
  Events() {
    shop.users.insert(s, ann());
    shop.users.insert(s, bob());
    (void)db.query<int>(s, "select 1");  // there is a reading connection
    db.observe(seen);
  }

  // All that was told last belongs to one call, made at this line of this file.
  void expect_one_call(const char* name, int line) {
    ASSERT_FALSE(seen->previous.empty());
    for (const story::line& l : seen->previous) {
      EXPECT_EQ(l.operation_name, name) << l.what;
      EXPECT_EQ(l.operation, seen->previous.front().operation) << l.what;
      EXPECT_NE(l.operation, 0u) << l.what;
      EXPECT_EQ(l.session, s.session_id()) << l.what;
      EXPECT_EQ(l.session_name, "test") << l.what;
      EXPECT_TRUE(std::string_view(l.where.file).ends_with("sqlite/events_test.cpp")) << l.where.file;
      EXPECT_EQ(l.where.line, line) << l.what;
    }
  }

  temporary_folder folder;
  shop_database shop{folder.url("shop.db")};
  forebay::database& db = shop.db;
  forebay::session& s = shop.s;
  forebay::repository<User>& users = shop.users;
  std::shared_ptr<story> seen = std::make_shared<story>();
};

TEST_F(Events, AFindThatMissesAsksTheDatabaseAndFillsTheCache) {
  const int line = __LINE__ + 1;
  (void)users.find(s, 1);
  EXPECT_EQ(seen->told(), (words{"miss users", "route read", "connection", "query 1", "fill users"}));
  expect_one_call("find", line);
  EXPECT_EQ(seen->table, "users");
  EXPECT_EQ(seen->key_column, "id");
  EXPECT_EQ(seen->endpoint, folder.url("shop.db"));
  EXPECT_EQ(seen->text, "select \"id\", \"email\", \"name\", \"version\" from \"users\" where \"id\" = {}");
  EXPECT_EQ(seen->last_statement.fingerprint, fingerprint_of(forebay::sqlite_dialect, seen->text));
  EXPECT_EQ(seen->last_statement.bytes, ann().email.size() + ann().name->size());
  EXPECT_GT(seen->last_statement.execute.count(), 0);
  EXPECT_GE(seen->last_statement.fetch.count(), 0);
}

TEST_F(Events, AFindThatHitsTellsOnlyThat) {
  (void)users.find(s, 1);
  (void)seen->told();
  const int line = __LINE__ + 1;
  (void)users.find(s, 1);
  EXPECT_EQ(seen->told(), (words{"hit users"}));
  expect_one_call("find", line);
}

TEST_F(Events, AMissingRowIsFilledAndHitToo) {
  (void)users.find(s, 404);
  EXPECT_EQ(seen->told(), (words{"miss users", "route read", "connection", "query 0", "fill users"}));
  (void)users.find(s, 404);
  EXPECT_EQ(seen->told(), (words{"negative hit users"}));
}

TEST_F(Events, FindManyIsOneStatement) {
  (void)users.find(s, 1);
  (void)seen->told();
  const int line = __LINE__ + 1;
  (void)users.find_many(s, {1, 2, 404});
  EXPECT_EQ(seen->told(), (words{"hit users", "miss users", "miss users", "route read", "connection", "query 1",
                                 "fill users", "fill users"}));
  expect_one_call("find_many", line);
}

TEST_F(Events, AnEntityThatIsNotCachedTellsNothingOfACache) {
  (void)shop.orders.find(s, 1);
  EXPECT_EQ(seen->told(), (words{"route read", "connection", "query 0"}));
}

TEST_F(Events, AWriteInvalidatesAfterItsStatement) {
  const int line = __LINE__ + 1;
  users.insert(s, {.id = 3, .email = "c", .name = std::nullopt, .version = 1});
  EXPECT_EQ(seen->told(), (words{"route write", "connection", "change 1", "invalidate 1"}));
  expect_one_call("insert", line);
  const int raw = __LINE__ + 1;
  db.execute(s, "update users set name = 'x'");
  EXPECT_EQ(seen->told(), (words{"route write", "connection", "change 3", "invalidate 0"}));
  expect_one_call("execute", raw);
  EXPECT_TRUE(seen->table.empty());
}

TEST_F(Events, AStatementThatFailedSaysHow) {
  EXPECT_THROW(users.insert(s, ann()), forebay::duplicate_key);
  EXPECT_EQ(seen->told(), (words{"route write", "connection", "change 0 duplicate_key"}));
  const int line = __LINE__ + 1;
  EXPECT_THROW((void)db.query<int>(s, "select nonsense from users"), forebay::schema_mismatch);
  EXPECT_EQ(seen->told(), (words{"route read", "connection", "query 0 schema_mismatch"}));
  expect_one_call("query", line);
}

TEST_F(Events, ARowThatCannotBeReadFailsItsStatement) {
  EXPECT_THROW((void)db.query<std::int64_t>(s, "select email from users"), forebay::schema_mismatch);
  EXPECT_EQ(seen->told(), (words{"route read", "connection", "query 1 schema_mismatch"}));
}

TEST_F(Events, ATransactionIsOneConnectionAndEndsWithItsInvalidation) {
  db.transact(s, [&](forebay::transaction& tx) {
    User me = *users.find(tx, 1);
    users.update(tx, me);
    users.remove(tx, 2);
  });
  EXPECT_EQ(seen->told(),
            (words{"route write", "connection", "query 1", "change 1", "change 1", "invalidate 2", "committed"}));
  for (const story::line& l : seen->previous) EXPECT_EQ(l.session, s.session_id());
}

TEST_F(Events, ATransactionThatACallMakesForItselfBelongsToTheCall) {
  const std::vector<User> rows{{.id = 3, .email = "c", .name = std::nullopt, .version = 1},
                               {.id = 4, .email = "d", .name = std::nullopt, .version = 1}};
  const int line = __LINE__ + 1;
  users.insert_many(s, rows);
  EXPECT_EQ(seen->told(), (words{"route write", "connection", "change 2", "invalidate 2", "committed"}));
  for (const story::line& l : seen->previous) {
    EXPECT_EQ(l.operation, seen->previous.front().operation) << l.what;
    EXPECT_EQ(l.where.line, line) << l.what;
  }
}

TEST_F(Events, ARollbackInvalidatesNothing) {
  {
    forebay::transaction tx = db.begin(s);
    users.remove(tx, 2);
  }
  EXPECT_EQ(seen->told(), (words{"route write", "connection", "change 1", "rolled back"}));
}

TEST_F(Events, ARepositorysQueryHasTheLineOfItsCall) {
  const int line = __LINE__ + 1;
  auto query = users.query(s);
  (void)query.where(forebay::col<&User::id> > 1).all();
  EXPECT_EQ(seen->told(), (words{"route read", "connection", "query 1"}));
  expect_one_call("query", line);
}

TEST_F(Events, LoadForIsOneStatement) {
  const std::vector<User> batch = db.query<User>(s, "select * from users");
  (void)seen->told();
  const int line = __LINE__ + 1;
  (void)shop.orders.load_for<&Order::user_id>(s, batch);
  EXPECT_EQ(seen->told(), (words{"route read", "connection", "query 0"}));
  expect_one_call("load_for", line);
  EXPECT_EQ(seen->table, "orders");
}

TEST_F(Events, ACachedValueTellsItsName) {
  const int line = __LINE__ + 1;
  (void)db.cached<int>(s, "answer", {}, [](forebay::context&) { return 42; });
  EXPECT_EQ(seen->told(), (words{"miss answer", "fill answer"}));
  expect_one_call("cached", line);
}

TEST_F(Events, EqualParametersHaveEqualIdentitiesAndOthersOthers) {
  const auto identity = [&](const std::string& email) {
    (void)db.query<User>(s, "select * from users where email = {}", email);
    return seen->last_statement.parameters;
  };
  const std::uint64_t first = identity("a");
  EXPECT_NE(identity("b"), first);
  EXPECT_EQ(identity("a"), first);
}

TEST_F(Events, ASessionTellsItsEnd) {
  { const forebay::session other = db.session({.name = "short"}); }
  EXPECT_EQ(seen->told(), (words{"session ends"}));
  EXPECT_EQ(seen->previous[0].session_name, "short");
  EXPECT_NE(seen->previous[0].session, s.session_id());
}

TEST_F(Events, ATimeoutInThePoolIsTold) {
  forebay::transaction tx = db.begin(s);
  forebay::session hasty = db.session({.deadline = 5ms, .name = "hasty"});
  (void)seen->told();
  EXPECT_THROW(users.insert(hasty, bob()), forebay::pool_timeout);
  EXPECT_EQ(seen->told(), (words{"route write", "no connection"}));
}

TEST_F(Events, WhoStoppedObservingHearsNothing) {
  db.stop_observing(*seen);
  (void)users.find(s, 1);
  EXPECT_TRUE(seen->told().empty());
}

TEST_F(Events, ObserversOfTheOptionsHearFromTheStart) {
  const auto counters = std::make_shared<forebay::diagnostics::counters>();
  forebay::database_options o = options_for("sqlite::memory:");
  o.observers = {counters, seen};
  shop_database other(std::move(o));
  EXPECT_GE(counters->snapshot().statements, 3u);
  EXPECT_FALSE(seen->told().empty());
}

TEST_F(Events, AReadInALoopIsFoundWithItsLineAndItsCure) {
  const auto detector = std::make_shared<forebay::diagnostics::n_plus_one>();
  db.observe(detector);
  for (std::int64_t i = 1; i <= 6; ++i)
    shop.orders.insert(s, {.id = i, .user_id = 1, .courier_id = {}, .total_cents = i});
  int line = 0;
  for (std::int64_t i = 1; i <= 6; ++i) {
    line = __LINE__ + 1;
    (void)shop.orders.find(s, i);
  }
  const auto findings = detector->findings();
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].rule, "n-plus-one");
  EXPECT_EQ(findings[0].occurrences, 6u);
  EXPECT_EQ(findings[0].avoidable, 5u);
  EXPECT_EQ(findings[0].where.line, line);
  EXPECT_TRUE(std::string_view(findings[0].where.file).ends_with("events_test.cpp"));
  EXPECT_EQ(findings[0].session, "test");
  EXPECT_NE(findings[0].fix.find("orders.find_many"), std::string::npos) << findings[0].fix;
  EXPECT_NE(forebay::diagnostics::to_text(findings[0]).find("events_test.cpp:" + std::to_string(line)),
            std::string::npos);
}

TEST_F(Events, WhatTheCacheAnswersOrOneStatementReadsIsNoFinding) {
  const auto detector = std::make_shared<forebay::diagnostics::n_plus_one>();
  db.observe(detector);
  const std::vector<User> batch{ann(), bob()};
  for (int i = 0; i < 20; ++i) {
    (void)users.find(s, 1);                                         // hits
    (void)db.query<std::int64_t>(s, "select count(*) from users");  // equal parameters
  }
  (void)shop.orders.load_for<&Order::user_id>(s, batch);
  std::vector<std::int64_t> keys(9000);
  for (std::size_t i = 0; i < keys.size(); ++i) keys[i] = static_cast<std::int64_t>(i);
  (void)shop.orders.find_many(s, keys);  // three statements of one call
  EXPECT_TRUE(detector->findings().empty());
}

}  // namespace
