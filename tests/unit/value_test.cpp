#include <gtest/gtest.h>

#include <cstring>
#include <set>
#include <string>

#include <forebay/error.hpp>
#include <forebay/position.hpp>
#include <forebay/sizes.hpp>
#include <forebay/value.hpp>

using forebay::value;
using forebay::value_kind;

namespace {

static_assert(sizeof(value) == 16);

TEST(Value, IsNullByDefault) {
  EXPECT_TRUE(value().is_null());
  EXPECT_EQ(value().kind(), value_kind::null);
}

TEST(Value, KeepsWhatItWasMadeFrom) {
  EXPECT_EQ(value::boolean(true).as_integer(), 1);
  EXPECT_EQ(value::integer(INT64_MIN).as_integer(), INT64_MIN);
  EXPECT_EQ(value::real(0.5).as_real(), 0.5);
  EXPECT_EQ(value::timestamp(-1).as_integer(), -1);
  EXPECT_EQ(value::text("abc").as_text(), "abc");
  EXPECT_EQ(value::bytes("a\0c", 3).as_text(), std::string_view("a\0c", 3));
  EXPECT_EQ(value::text("").kind(), value_kind::text);
  EXPECT_FALSE(value::bytes(nullptr, 0).is_null());
}

TEST(Value, ViewsItsTextInsteadOfCopyingIt) {
  const std::string text = "long enough to be on the heap";
  EXPECT_EQ(value::text(text).as_text().data(), text.data());
}

TEST(Value, RefusesTextOfFourGibibytes) {
  const char one = 'x';
  const auto code_of = [](auto make) {
    try {
      (void)make();
    } catch (const forebay::error& e) {
      return e.code();
    }
    return forebay::errc::not_found;
  };
  const std::size_t too_much = std::size_t{1} << 32;  // never read
  EXPECT_EQ(code_of([&] { return value::bytes(&one, too_much); }), forebay::errc::value_out_of_range);
  EXPECT_EQ(value::bytes(&one, too_much - 1).as_text().size(), too_much - 1);
}

TEST(Value, EveryKindHasANameForMessages) {
  std::set<std::string_view> names;
  for (int k = 0; k <= static_cast<int>(value_kind::timestamp); ++k)
    names.insert(to_string(static_cast<value_kind>(k)));
  EXPECT_EQ(names.size(), 7u);
  EXPECT_FALSE(names.contains("unknown"));
}

TEST(Position, IsOrderedByTimelineFirst) {
  using forebay::position;
  EXPECT_LT(position(), position(1, 0));
  EXPECT_LT(position(1, 900), position(2, 1));
  EXPECT_LT(position(2, 1), position(2, 2));
  EXPECT_EQ(position(2, 2), position(2, 2));
}

TEST(Sizes, AreBinary) {
  using namespace forebay::literals;
  EXPECT_EQ(1_KiB, 1024u);
  EXPECT_EQ(3_MiB, 3u * 1024 * 1024);
  EXPECT_EQ(2_GiB, std::size_t{2} << 30);
}

}  // namespace
