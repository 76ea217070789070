#include "phase.hpp"

#include <utility>

namespace catalog {

phase_watch::phase_watch(forebay::database& db, std::string name)
    : db_(db),
      name_(std::move(name)),
      counters_(std::make_shared<forebay::diagnostics::counters>()),
      n_plus_one_(std::make_shared<forebay::diagnostics::n_plus_one>()) {
  db_.observe(counters_);
  db_.observe(n_plus_one_);
  began_ = std::chrono::steady_clock::now();
}

phase_watch::~phase_watch() {
  db_.stop_observing(*counters_);
  db_.stop_observing(*n_plus_one_);
}

phase phase_watch::finish() {
  return {std::move(name_), std::chrono::steady_clock::now() - began_, counters_->snapshot(), n_plus_one_->findings()};
}

}  // namespace catalog
