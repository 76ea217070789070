#include "shop.hpp"

#include <regex>
#include <sstream>

#include <forebay/testing/fault_plan.hpp>

namespace {

struct Contact {
  std::int64_t id{};
  std::string name{};
};
FOREBAY_ROW(Contact, id, name);

TEST_F(Guide, AtTheEdgeOfAService) {
  int status = 200;
  std::ostringstream log;
  // [snippet
  try {
    orders.insert(s, {.id = 10, .user_id = 1, .total_cents = 250});
  } catch (const forebay::duplicate_key&) {
    status = 409;  // an answer, not a failure
  } catch (const forebay::deadline_exceeded&) {
    status = 504;
  } catch (const forebay::error& e) {  // all others
    log << e.what() << '\n';
    status = e.retryable() ? 503 : 500;
  }
  // snippet]
  EXPECT_EQ(status, 409);
  EXPECT_TRUE(log.str().empty());
}

TEST_F(Guide, WhatAnErrorSays) {
  std::string text;
  try {
    (void)db.query<Contact>(s, "select id, name from users where visits < {}", 100);
  } catch (const forebay::error& e) {
    text = e.what();
  }
  text = std::regex_replace(text, std::regex(R"(\([^ ]*errors\.cpp:\d+\))"), "(app/users.cpp:41)");
  EXPECT_EQ(text,
            "forebay::schema_mismatch: column name, row 2: the cell is NULL, but Contact::name is std::string\n"
            "  statement  select id, name from users where visits < {}   (app/users.cpp:41)\n"
            "  session    \"guide\"\n"
            "  on         sqlite::memory:\n"
            "  fix        make the member std::optional, or the column NOT NULL");
}

TEST(GuideErrors, WhetherItHappened) {
  forebay::testing::fault_plan plan;
  forebay::database db{{.shards = {{.primary = plan.url("sqlite::memory:")}}}};
  forebay::session s = db.session();
  db.execute(s, "create table payments(id integer primary key, cents integer not null)");
  std::string said;
  const auto tell = [&](const char* what) { said = what; };
  plan.fail_nth(forebay::testing::driver_call::commit, 1, {.kind = forebay::testing::fault_kind::lost_after});
  // [snippet
  try {
    db.transact(
        s, [&](forebay::transaction& tx) { db.execute(tx, "insert into payments(id, cents) values({}, {})", 7, 990); });
  } catch (const forebay::error& e) {
    switch (e.outcome()) {
      case forebay::outcome::not_applied: tell("nothing was written"); break;
      case forebay::outcome::applied: tell("it is written; what came after it failed"); break;
      case forebay::outcome::unknown: tell("look whether payment 7 is there"); break;
    }
  }
  // snippet]
  EXPECT_EQ(said, "look whether payment 7 is there");
}

TEST_F(Guide, ACodeWithoutAClass) {
  bool full = false;
  const auto work = [] { forebay::throw_error(forebay::errc::storage_full, {.message = "the disk is full"}); };
  // [snippet
  try {
    work();
  } catch (const forebay::error& e) {
    if (e.code() != forebay::errc::storage_full) throw;
    full = true;  // e.sqlstate() holds the database's own code
  }
  // snippet]
  EXPECT_TRUE(full);
}

}  // namespace
