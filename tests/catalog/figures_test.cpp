#include "figures.hpp"

#include <gtest/gtest.h>

namespace catalog {
namespace {

using namespace std::chrono_literals;

TEST(Figures, LongNumbersHaveCommas) {
  EXPECT_EQ(with_commas(0), "0");
  EXPECT_EQ(with_commas(999), "999");
  EXPECT_EQ(with_commas(1'000), "1,000");
  EXPECT_EQ(with_commas(63'440), "63,440");
  EXPECT_EQ(with_commas(1'234'567), "1,234,567");
}

TEST(Figures, TimesAndRatiosHaveOneDigitBehindThePoint) {
  EXPECT_EQ(in_milliseconds(0ns), "0.0 ms");
  EXPECT_EQ(in_milliseconds(49'999ns), "0.0 ms");
  EXPECT_EQ(in_milliseconds(50us), "0.1 ms");
  EXPECT_EQ(in_milliseconds(1'204'460us), "1,204.5 ms");
  EXPECT_EQ(in_percent(0), "0.0%");
  EXPECT_EQ(in_percent(0.9996), "100.0%");
  EXPECT_EQ(in_percent(2.0 / 3), "66.7%");
}

}  // namespace
}  // namespace catalog
