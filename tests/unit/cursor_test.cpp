#include "cursor.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include <forebay/error.hpp>

using forebay::owned_value;
using forebay::value;
using forebay::detail::decode_cursor;
using forebay::detail::encode_cursor;

namespace {

std::vector<owned_value> every_kind() {
  std::vector<owned_value> place;
  for (const value& v :
       {value(), value::boolean(true), value::integer(INT64_MIN), value::real(-0.1),
        value::text(std::string_view("a\0\xff", 3)), value::text(""), value::bytes("\1", 1), value::timestamp(-5)}) {
    place.emplace_back(v);
  }
  return place;
}

TEST(Cursor, GivesBackWhatItWasMadeOf) {
  const std::vector<owned_value> place = every_kind();
  const auto back = decode_cursor(encode_cursor(7, place), 7, place.size(), {});
  ASSERT_EQ(back.size(), place.size());
  for (std::size_t i = 0; i < place.size(); ++i) {
    const value a = place[i].view();
    const value b = back[i].view();
    ASSERT_EQ(a.kind(), b.kind()) << i;
    switch (a.kind()) {
      case forebay::value_kind::null: break;
      case forebay::value_kind::real: EXPECT_EQ(a.as_real(), b.as_real()); break;
      case forebay::value_kind::text:
      case forebay::value_kind::bytes: EXPECT_EQ(a.as_text(), b.as_text()); break;
      default: EXPECT_EQ(a.as_integer(), b.as_integer());
    }
  }
}

// It is handed to clients: what this version writes, the next one reads or refuses, but never misreads.
TEST(Cursor, KeepsItsForm) {
  EXPECT_EQ(encode_cursor(0x0102030405060708, std::vector{owned_value(value::integer(42))}),
            "AQgHBgUEAwIBAioAAAAAAAAASNpcS4wyExA");
}

TEST(Cursor, WithAnotherNumberOfValuesIsRefused) {
  const std::string cursor = encode_cursor(7, every_kind());
  EXPECT_THROW((void)decode_cursor(cursor, 7, 7, {}), forebay::invalid_cursor);
  EXPECT_THROW((void)decode_cursor(cursor, 7, 9, {}), forebay::invalid_cursor);
  EXPECT_THROW((void)decode_cursor(cursor, 8, 8, {}), forebay::invalid_cursor);
  EXPECT_THROW((void)decode_cursor("", 7, 8, {}), forebay::invalid_cursor);
}

}  // namespace
