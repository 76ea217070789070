#include "shop.hpp"

#include <memory>
#include <regex>

#include <forebay/diagnostics/broad_invalidation.hpp>
#include <forebay/diagnostics/report.hpp>

namespace {

using forebay::source;

class Invalidation : public Guide {
 protected:
  Invalidation() { warm(); }
  void warm() { (void)users.find_many(s, {1, 2}); }
  bool cached(std::int64_t id) { return users.find(s, id).source() == source::memory; }
};

TEST_F(Invalidation, WhatTheStatementTells) {
  // [snippet
  db.execute(s, "update users set visits = visits + 1 where id = {}", 1);                   // user 1
  (void)db.query<User>(s, "update users set visits = 0 where visits > {} returning *", 0);  // those that it returns
  // snippet]
  EXPECT_FALSE(cached(1));
  EXPECT_TRUE(cached(2));
  // [snippet
  db.execute(s, "update users set visits = 0 where email like {}", "ann@%");  // all users
  // snippet]
  EXPECT_FALSE(cached(2));
}

TEST_F(Invalidation, WhatTheApplicationTells) {
  const std::vector<std::int64_t> ids{1};
  // [snippet
  using forebay::touches;
  using forebay::touches_all;
  db.execute(s, touches(users, 1), "update users set visits = 0 where email = {}", "ann@example.org");
  db.execute(s, touches(users, ids) | touches_all<Order>(), "update users set visits = 1 where name = 'Ann'");
  // snippet]
  EXPECT_FALSE(cached(1));
  EXPECT_TRUE(cached(2));
}

TEST_F(Invalidation, ALastingValueNamesItsTables) {
  // [snippet
  const auto turnover = [](forebay::context& in) {
    return in.database().scalar<std::int64_t>(in, "select sum(total_cents) from orders");
  };
  const auto cents = db.cached<std::int64_t>(s, "turnover", {.ttl = 60s, .tags = {forebay::table<Order>}}, turnover);
  // snippet]
  EXPECT_EQ(*cents, 12'100);
  orders.insert(s, {.id = 13, .user_id = 2, .total_cents = 1});
  const auto anew = db.cached<std::int64_t>(s, "turnover", {.ttl = 60s, .tags = {forebay::table<Order>}}, turnover);
  EXPECT_EQ(*anew, 12'101);
}

TEST_F(Invalidation, AFindingNamesTheLine) {
  // [snippet
  auto broad = std::make_shared<forebay::diagnostics::broad_invalidation>();
  db.observe(broad);
  // snippet]
  db.execute(s, "update users set visits = 0 where email = {}", "ann@example.org");
  ASSERT_EQ(broad->findings().size(), 1u);
  // [snippet
  const std::string report = to_text(broad->findings()[0]);
  // snippet]
  const std::string shown =
      std::regex_replace(report, std::regex(R"(at \S*invalidation\.cpp:\d+)"), "at app/counters.cpp:62");
  EXPECT_EQ(
      shown,
      "broad-invalidation at app/counters.cpp:62 (warning)\n"
      "  a raw write drops every cached row of users: it does not tell their keys\n"
      "  seen       1 statements in 1 session(s), for instance \"guide\"\n"
      "  statement  update users set visits = 0 where email = {}\n"
      "  fix        compare the whole key of users in its WHERE, or return it (\"returning key\"), or name the rows:\n"
      "             db.execute(s, touches(users, keys), \"...\");   // touches_all<Row>() where all are meant\n");
}

}  // namespace
