#include "shop.hpp"

#include <sstream>
#include <stdexcept>

#include <forebay/schema_check.hpp>
#include <forebay/testing/schema.hpp>

namespace {

struct Customer {
  std::int64_t id{};
  std::string email{};
  std::string city{};
};
FOREBAY_ENTITY(Customer, "customers", id, email, city);

TEST_F(Guide, AtTheStart) {
  std::ostringstream log;
  // [snippet
  bool fits = true;
  for (const forebay::schema_difference& d : forebay::check_schema<User, Order, Line>(db, s)) {
    log << to_text(d);
    if (d.severity == forebay::schema_severity::error) fits = false;
  }
  if (!fits) throw std::runtime_error("the database is not the one that this program was written for");
  // snippet]
  SUCCEED() << log.str();
}

TEST_F(Guide, InATest) {
  // [snippet
  EXPECT_EQ((forebay::testing::schema_differences<User, Order, Line>(db, s)), "");
  // snippet]
}

TEST_F(Guide, WhatItSays) {
  db.execute(s, "create table customers(id integer primary key, email text)");
  EXPECT_EQ((forebay::testing::schema_differences<Customer>(db, s)),
            "error: customers.city of Customer: there is no such column\n"
            "  fix  add it, or take the member out of the declaration\n"
            "warning: customers.email of Customer: the column may be NULL, the member not\n"
            "  fix  make the column NOT NULL, or the member std::optional\n");
}

}  // namespace
