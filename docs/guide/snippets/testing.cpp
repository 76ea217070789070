#include "shop.hpp"

#include <thread>

#include <forebay/testing/driver_conformance.hpp>
#include <forebay/testing/fake_server.hpp>
#include <forebay/testing/fault_plan.hpp>
#include <forebay/testing/manual_clock.hpp>

namespace {

using forebay::testing::fault_kind;
using forebay::testing::manual_clock;

const forebay::sql_text<> create_users =
    "create table users(id integer primary key, email text not null unique, name text, "
    "visits integer not null, version integer not null)";

TEST(GuideTesting, TimeIsMovedByHand) {
  // [snippet
  forebay::testing::manual_clock clock;  // before the database, so that it goes after it
  forebay::database db{{.shards = {{.primary = "sqlite::memory:"}},
                        .cache = {.entities = {forebay::cache_for<User>({.memory_ttl = 2s})}},
                        .time = &clock}};
  // snippet]
  const forebay::repository<User> users{db};
  forebay::session s = db.session({.deadline = 1min});
  db.execute(s, create_users);
  users.insert(s, {.id = 1, .email = "ann@example.org", .version = 1});
  // [snippet
  (void)users.find(s, 1);
  EXPECT_EQ(users.find(s, 1).source(), forebay::source::memory);
  clock.advance(3s);
  EXPECT_EQ(users.find(s, 1).source(), forebay::source::primary);
  // snippet]
}

TEST(GuideTesting, AnInterleavingIsWrittenDown) {
  forebay::testing::manual_clock clock;
  forebay::database db{{.shards = {{.primary = "sqlite::memory:"}},
                        .cache = {.entities = {forebay::cache_for<User>()}},
                        .time = &clock}};
  const forebay::repository<User> users{db};
  forebay::session s = db.session({.deadline = 1min});
  db.execute(s, create_users);
  users.insert(s, {.id = 1, .email = "ann@example.org", .name = "old", .version = 1});
  // [snippet
  clock.stop_at("flight: loaded");  // the row has been read from the database and is not yet in the cache
  std::jthread reader([&] {
    forebay::session own = db.session();
    EXPECT_EQ(users.find(own, 1).value().name, "old");  // it began before the write
  });
  clock.wait_until_stopped("flight: loaded");
  users.set(s, 1, forebay::set<&User::name>("new"));
  clock.resume("flight: loaded");
  reader.join();
  EXPECT_EQ(users.find(s, 1).value().name, "new");  // what it loaded was not kept
  // snippet]
}

void place_order(forebay::database& db) {
  forebay::session s = db.session();
  db.transact(s, [&](forebay::transaction& tx) {
    const forebay::repository<Order> orders{db};
    const forebay::repository<Line> lines{db};
    orders.insert(tx, {.id = 1, .user_id = 1, .total_cents = 250});
    lines.insert(tx, {.order_id = 1, .sku = "apple", .amount = 1});
  });
}

TEST(GuideTesting, EveryCallFailsOnce) {
  // [snippet
  forebay::testing::fault_plan plan;
  forebay::database db{{.shards = {{.primary = plan.url("sqlite::memory:")}}}};  // leads through the plan
  // snippet]
  forebay::session s = db.session();
  db.execute(s, "create table orders(id integer primary key, user_id integer not null, total_cents integer not null)");
  db.execute(s,
             "create table lines(order_id integer not null, sku text not null, amount integer not null, "
             "primary key(order_id, sku))");
  int failures = 0;
  // [snippet
  for (std::uint64_t n = 1;; ++n) {
    db.execute(s, "delete from lines");
    db.execute(s, "delete from orders");
    plan.fail_nth(n, {.kind = fault_kind::lost_before});
    try {
      place_order(db);
    } catch (const forebay::error&) {
      ++failures;
    }
    if (!plan.failed()) break;  // it needs fewer than n calls of the driver
    plan.heal();
    const auto halves =
        db.scalar<std::int64_t>(s, "select (select count(*) from orders) - (select count(*) from lines)");
    EXPECT_EQ(halves, 0) << "call " << n;
  }
  // snippet]
  EXPECT_GT(failures, 3);
}

TEST(GuideTesting, ADatabaseThatIsAFunction) {
  // [snippet
  forebay::testing::fake_server server("billing");
  server.answer([](std::string_view text, const auto& bound) -> forebay::testing::fake_rows {
    EXPECT_EQ(text, "select cents from payments where id = {}");
    EXPECT_EQ(bound.at(0).view().as_integer(), 7);
    return {.columns = {"cents"}, .rows = {{forebay::owned_value(forebay::value::integer(990))}}};
  });
  forebay::database db{{.shards = {{.primary = server.url()}}}};
  forebay::session s = db.session();
  EXPECT_EQ(db.scalar<std::int64_t>(s, "select cents from payments where id = {}", 7), 990);
  server.answer_commits(forebay::testing::fake_server::commit_answer::lost);
  EXPECT_THROW(db.transact(s, [](forebay::transaction&) {}), forebay::commit_unknown);
  // snippet]
}

// [snippet
[[maybe_unused]] const bool registered = [] {
  forebay::testing::register_driver_conformance(
      {.name = "MyDriver",
       .fresh_url = [] { return std::string("sqlite::memory:"); },
       .create_table =
           [](const std::string& table) {
             return "create table " + table +
                    "(id integer primary key, flag boolean, whole integer, number real, word text, raw blob, "
                    "moment text)";
           },
       .endless_statement = "with recursive numbers(n) as (select 1 union all select n + 1 from numbers "
                            "where n < 1000000000) select count(*) from numbers",
       .during_a_write = forebay::testing::reads_during_a_write::wait});  // go_on: readers see the last commit
  return true;
}();
// snippet]

}  // namespace
