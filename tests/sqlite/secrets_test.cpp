#include "sqlite/shop.hpp"

#include <functional>

#include <forebay/diagnostics/counters.hpp>
#include <forebay/diagnostics/n_plus_one.hpp>
#include <forebay/diagnostics/report.hpp>

using namespace shop;

namespace {

// error_of checks each of them; here are the errors in which SQLite itself would quote what was bound.
class Secrets : public testing::Test {
 protected:
  bool sqlite_has(const std::string& option) {
    return db.query<std::int64_t>(s, "select sqlite_compileoption_used({})", option)[0] == 1;
  }

  temporary_folder folder;
  shop_database shop{folder.url("shop.db")};
  forebay::database& db = shop.db;
  forebay::session& s = shop.s;
};

TEST_F(Secrets, AJsonPathThatIsBoundAndWrong) {
  const caught e = error_of([&] { (void)db.query<std::string>(s, "select json_extract('{{}}', {})", "canary-7f3a"); });
  EXPECT_EQ(e.code, forebay::errc::query_failed);
  EXPECT_TRUE(e.says("json_extract")) << "the statement is shown: " << e.what;
  error_of([&] { (void)db.query<std::string>(s, "select json_set({}, {}, 1)", "{\"canary\": 7f3a}", "$.x"); });
}

TEST_F(Secrets, AFullTextQueryThatIsBoundAndWrong) {
  if (!sqlite_has("ENABLE_FTS5")) GTEST_SKIP() << "SQLite without FTS5";
  db.execute(s, "create virtual table letters using fts5(body)");
  for (const char* bad : {"canary : 7", "\"canary", "canary AND", "(canary"}) {
    error_of([&] { (void)db.query<std::string>(s, "select body from letters where letters match {}", bad); });
  }
}

TEST_F(Secrets, AFileNameThatIsBoundAndWrong) {
  error_of([&] { db.execute(s, "attach {} as other", "/nowhere/canary-7f3a.db"); });
  error_of([&] { db.execute(s, "vacuum into {}", "/nowhere/canary-7f3a.db"); });
}

TEST_F(Secrets, NumbersAndFunctionsThatAreBoundAndWrong) {
  error_of([&] { (void)db.query<std::string>(s, "select cast(zeroblob({}) as text)", secret_number); });
  error_of([&] { (void)db.query<std::int64_t>(s, "select abs({})", INT64_MIN); });
  error_of([&] { (void)db.query<std::int64_t>(s, "select 'x' like 'y' escape {}", secret_text); });
}

TEST_F(Secrets, ACheckOrATriggerThatRefusesARow) {
  db.execute(s, "create table checked(a text, check (a <> 'canary-7f3a' or 1 = 1), check (length(a) < 5))");
  const caught e = error_of([&] { db.execute(s, "insert into checked values({})", "c-a-n-a-r-y"); });
  EXPECT_EQ(e.code, forebay::errc::constraint_violation);
  db.execute(s, "create trigger guard before insert on users begin select raise(abort, 'no users today'); end");
  const caught refused =
      error_of([&] { shop.users.insert(s, {.id = 1, .email = secret_text, .name = {}, .version = 1}); });
  EXPECT_EQ(refused.code, forebay::errc::constraint_violation);
  EXPECT_TRUE(refused.says("no users today")) << refused.what;
}

TEST_F(Secrets, ALongTextThatIsBoundWhereItDoesNotFit) {
  db.execute(s, "create table numbers(n integer) strict");
  error_of([&] { db.execute(s, "insert into numbers values({})", secret_text + std::string(10'000, 'x')); });
}

// Every text of every event.
class all_texts final : public forebay::observer {
 public:
  void on_statement(const forebay::statement_event& e) noexcept override {
    look_at(e);
    look(e.text);
    look(e.table);
    look(e.key_column);
    look(e.endpoint);
    if (e.failure != nullptr) look(e.failure->what());
    ++statements;
  }
  void on_cache(const forebay::cache_event& e) noexcept override {
    look_at(e);
    look(e.space);
  }
  void on_flight(const forebay::flight_event& e) noexcept override {
    look_at(e);
    look(e.space);
  }
  void on_pool(const forebay::pool_event& e) noexcept override {
    look_at(e);
    look(e.endpoint);
  }
  void on_routing(const forebay::routing_event& e) noexcept override {
    look_at(e);
    look(e.endpoint);
  }
  void on_transaction(const forebay::transaction_event& e) noexcept override {
    look_at(e);
    look(e.endpoint);
  }

  bool leaked = false;
  int statements = 0;

 private:
  void look_at(const forebay::event& e) noexcept {
    look(e.session_name);
    look(e.operation_name);
  }
  void look(std::string_view text) noexcept {
    leaked =
        leaked || text.find("canary") != std::string_view::npos || text.find("7341592648") != std::string_view::npos;
  }
};

TEST_F(Secrets, NoEventHoldsABoundValue) {
  const auto seen = std::make_shared<all_texts>();
  db.observe(seen);
  User row{.id = secret_number, .email = secret_text, .name = secret_text, .version = 1};
  shop.users.insert(s, row);
  (void)shop.users.find(s, secret_number);
  (void)shop.users.find_many(s, {secret_number, secret_number + 1});
  shop.users.update(s, row);
  (void)shop.users.query(s).where(forebay::col<&User::email> == secret_text).all();
  (void)db.query<User>(s, "select * from users where email in ({})", std::vector<std::string>{secret_text});
  error_of([&] { shop.users.insert(s, row); });
  error_of([&] { (void)db.query<std::string>(s, "select json_extract('{{}}', {})", secret_text); });
  db.transact(s, [&](forebay::transaction& tx) { shop.users.remove(tx, secret_number); });
  (void)db.cached<int>(
      s, "x", {}, [](forebay::context&, const std::string&) { return 1; }, secret_text);
  EXPECT_GE(seen->statements, 8);
  EXPECT_FALSE(seen->leaked);
}

// Whose every text is a secret, and the key too.
struct Credential {
  std::int64_t id{};
  std::string login{};
  std::string password{};
  std::optional<std::string> note{};
  std::int64_t version{};
};
FOREBAY_ENTITY(Credential,
               (.table = "credentials", .version = &Credential::version,
                .sensitive = {&Credential::id, &Credential::login, &Credential::password, &Credential::note}),
               id, login, password, note, version);

TEST_F(Secrets, NoSensitiveValueIsShownWhateverFails) {
  const auto seen = std::make_shared<all_texts>();
  const auto finder = std::make_shared<forebay::diagnostics::n_plus_one>();
  const auto counted = std::make_shared<forebay::diagnostics::counters>();
  db.execute(s,
             "create table credentials(id integer primary key, login text unique check (length(login) > 3), password "
             "text, note text references users(email), version integer)");
  db.observe(seen);
  db.observe(finder);
  db.observe(counted);
  forebay::repository<Credential> credentials{db};
  Credential row{.id = secret_number, .login = secret_text, .password = secret_text, .note = {}, .version = 1};
  credentials.insert(s, row);
  const auto fails_with = [](forebay::errc code, auto work) { EXPECT_EQ(error_of(work).code, code); };
  using forebay::errc;

  fails_with(errc::duplicate_key, [&] { credentials.insert(s, row); });
  fails_with(errc::duplicate_key, [&] {
    credentials.insert(s, {.id = 1, .login = secret_text, .password = secret_text, .note = {}, .version = 1});
  });
  fails_with(errc::constraint_violation, [&] {
    credentials.insert(s, {.id = 1, .login = "7f3", .password = secret_text, .note = {}, .version = 1});
  });
  fails_with(errc::constraint_violation, [&] {
    credentials.insert(s, {.id = 1, .login = "another", .password = "", .note = secret_text, .version = 1});
  });
  Credential old = row;
  credentials.update(s, row);
  fails_with(errc::conflict, [&] { credentials.update(s, old); });
  db.execute(s, "update credentials set password = null");
  fails_with(errc::schema_mismatch, [&] { (void)credentials.find(s, secret_number); });
  fails_with(errc::schema_mismatch, [&] { (void)credentials.find_many(s, {secret_number}); });
  db.execute(s, "update credentials set password = {}", std::vector<std::byte>(9, std::byte{'7'}));
  fails_with(errc::schema_mismatch, [&] { (void)credentials.query(s).all(); });
  db.execute(s, "update credentials set password = '', version = {}", secret_text);
  fails_with(errc::schema_mismatch, [&] { (void)db.query<Credential>(s, "select * from credentials"); });
  for (int i = 0; i < 20; ++i) (void)db.query<std::string>(s, "select login from credentials where id = {}", i);

  EXPECT_GE(seen->statements, 15);
  EXPECT_FALSE(seen->leaked);
  const std::string report = forebay::diagnostics::text_report(counted->snapshot(), finder->findings());
  EXPECT_EQ(report.find("canary"), std::string::npos) << report;
  EXPECT_EQ(report.find(std::to_string(secret_number)), std::string::npos) << report;
  EXPECT_EQ(testing::PrintToString(row), "Credential{id: ***, login: ***, password: ***, note: ***, version: 2}");
}

}  // namespace
