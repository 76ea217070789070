#include "zipf.hpp"

#include <algorithm>
#include <cmath>

namespace catalog {

zipf_distribution::zipf_distribution(std::size_t ranks, double skew) {
  double sum = 0;
  cumulative_.reserve(ranks);
  for (std::size_t k = 1; k <= ranks; ++k) cumulative_.push_back(sum += std::pow(static_cast<double>(k), -skew));
  for (double& c : cumulative_) c /= sum;
}

std::size_t zipf_distribution::operator()(std::mt19937_64& generator) const {
  const auto found = std::ranges::upper_bound(cumulative_, draw_fraction(generator));
  return static_cast<std::size_t>(found - cumulative_.begin());
}

double zipf_distribution::probability(std::size_t rank) const {
  return rank == 0 ? cumulative_[0] : cumulative_[rank] - cumulative_[rank - 1];
}

double draw_fraction(std::mt19937_64& generator) { return static_cast<double>(generator() >> 11) * 0x1p-53; }

}  // namespace catalog
