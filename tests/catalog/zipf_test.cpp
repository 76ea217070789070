#include "zipf.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

namespace catalog {
namespace {

TEST(Zipf, TheProbabilitiesAreThoseOfTheDefinition) {
  const zipf_distribution d(4, 1.0);
  const double sum = 1 + 1.0 / 2 + 1.0 / 3 + 1.0 / 4;
  for (std::size_t k = 0; k < 4; ++k)
    EXPECT_NEAR(d.probability(k), 1.0 / (static_cast<double>(k) + 1) / sum, 1e-12) << k;
}

TEST(Zipf, WithoutSkewAllRanksAreAlike) {
  const zipf_distribution d(5, 0.0);
  for (std::size_t k = 0; k < 5; ++k) EXPECT_NEAR(d.probability(k), 0.2, 1e-12) << k;
}

TEST(Zipf, OneRankIsAlwaysDrawn) {
  const zipf_distribution d(1, 1.0);
  std::mt19937_64 generator(7);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(d(generator), 0U);
}

TEST(Zipf, RanksComeUpAsOftenAsTheirProbabilitySays) {
  constexpr int draws = 200'000;
  constexpr std::uint64_t seed = 20'251'124;
  const zipf_distribution d(1'000, 1.0);
  std::mt19937_64 generator(seed);
  std::vector<int> seen(1'000);
  for (int i = 0; i < draws; ++i) ++seen.at(d(generator));
  for (const std::size_t k : {0U, 1U, 9U, 99U, 999U}) {
    const double expected = draws * d.probability(k);
    EXPECT_NEAR(seen[k], expected, 5 * std::sqrt(expected)) << "rank " << k << ", seed " << seed;
  }
}

TEST(Zipf, TheSameSeedDrawsTheSameRanks) {
  const zipf_distribution d(100, 1.0);
  std::mt19937_64 one(42);
  std::mt19937_64 other(42);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(d(one), d(other));
}

TEST(DrawFraction, IsAtLeastZeroAndBelowOne) {
  std::mt19937_64 generator(1);
  for (int i = 0; i < 10'000; ++i) {
    const double f = draw_fraction(generator);
    EXPECT_GE(f, 0.0);
    EXPECT_LT(f, 1.0);
  }
}

}  // namespace
}  // namespace catalog
