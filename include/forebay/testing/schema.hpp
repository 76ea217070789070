#pragma once

#include <string>

#include <forebay/schema_check.hpp>

namespace forebay::testing {

// The warnings and errors of check_schema as text; empty when there are none. For any test framework:
//
//   EXPECT_EQ((forebay::testing::schema_differences<User, Order>(db, s)), "");
template <entity... T>
[[nodiscard]] std::string schema_differences(database& db, context& in, call_site where = call_site::here()) {
  std::string text;
  for (const schema_difference& d : check_schema<T...>(db, in, where)) {
    if (d.severity != schema_severity::info) text += to_text(d);
  }
  return text;
}

}  // namespace forebay::testing
