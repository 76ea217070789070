#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <forebay/forebay.hpp>
#include <forebay/soci/sqlite.hpp>

// What every page starts with: a shop with two users, three orders of four lines, and a session.

using namespace std::chrono_literals;
using forebay::col;

struct User {
  std::int64_t id{};
  std::string email{};
  std::optional<std::string> name{};
  std::int64_t visits{};
  std::int64_t version{};
};
FOREBAY_ENTITY(User, (.table = "users", .version = &User::version), id, email, name, visits, version);

struct Order {
  std::int64_t id{};
  std::int64_t user_id{};
  std::int64_t total_cents{};
};
FOREBAY_ENTITY(Order, "orders", id, user_id, total_cents);

struct Line {
  std::int64_t order_id{};
  std::string sku{};
  std::int64_t amount{};
};
FOREBAY_ENTITY(Line, (.table = "lines", .key = {&Line::order_id, &Line::sku}), order_id, sku, amount);

class Guide : public testing::Test {
 protected:
  Guide() {
    db.execute(s,
               "create table users(id integer primary key, email text not null unique, name text, "
               "visits integer not null, version integer not null)");
    db.execute(s,
               "create table orders(id integer primary key, user_id integer not null references users(id), "
               "total_cents integer not null)");
    db.execute(s,
               "create table lines(order_id integer not null references orders(id), sku text not null, "
               "amount integer not null, primary key(order_id, sku))");
    users.insert_many(s, std::vector<User>{{.id = 1, .email = "ann@example.org", .name = "Ann", .version = 1},
                                           {.id = 2, .email = "bob@example.org", .version = 1}});
    orders.insert_many(s, std::vector<Order>{{.id = 10, .user_id = 1, .total_cents = 1'500},
                                             {.id = 11, .user_id = 1, .total_cents = 700},
                                             {.id = 12, .user_id = 2, .total_cents = 9'900}});
    lines.insert_many(s, std::vector<Line>{{.order_id = 10, .sku = "apple", .amount = 3},
                                           {.order_id = 10, .sku = "pear", .amount = 1},
                                           {.order_id = 11, .sku = "apple", .amount = 2},
                                           {.order_id = 12, .sku = "lamp", .amount = 1}});
  }

  forebay::database db{{.shards = {{.primary = "sqlite::memory:"}},
                        .cache = {.entities = {forebay::cache_for<User>({.memory_ttl = 2s})}}}};
  forebay::repository<User> users{db};
  forebay::repository<Order> orders{db};
  forebay::repository<Line> lines{db};
  forebay::session s = db.session({.name = "guide"});
};
