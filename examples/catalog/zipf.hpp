#pragma once

#include <cstddef>
#include <random>
#include <vector>

namespace catalog {

// Draws ranks as visitors choose from a shop window: rank k, from 0, comes up in proportion to 1 / (k + 1)^skew. At
// skew 0 all are alike; at 1 the first of 1,000 gets every seventh visit.
//
// The same generator gives the same ranks on every platform, unlike the distributions of the standard library.
// Immutable and thread-safe; the generator is the caller's.
class zipf_distribution {
 public:
  // ranks > 0, skew >= 0.
  zipf_distribution(std::size_t ranks, double skew);

  [[nodiscard]] std::size_t operator()(std::mt19937_64& generator) const;
  [[nodiscard]] double probability(std::size_t rank) const;

 private:
  std::vector<double> cumulative_;  // of the ranks up to this one; the last is 1
};

// From 0 to below 1, each with 53 random bits.
[[nodiscard]] double draw_fraction(std::mt19937_64& generator);

}  // namespace catalog
