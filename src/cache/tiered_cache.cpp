#include "cache/tiered_cache.hpp"

#include <algorithm>
#include <exception>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include <forebay/error.hpp>

namespace forebay {

namespace {

void report(const operation& op, cache_action what, const cache_key& key, const read_rules& rules, time_point at) {
  if (!op.events().active()) return;
  auto e = op.describe<cache_event>(at);
  e.action = what;
  e.space = rules.name;
  e.key = key.hash;
  op.events().report(e);
}

milliseconds age_of(const block& b, time_point now) {
  return std::max(milliseconds(0), std::chrono::duration_cast<milliseconds>(now - b.loaded_at));
}

}  // namespace

tiered_cache::tiered_cache(std::size_t memory_bytes, std::vector<cache_space> spaces, runtime& time)
    : time_(time), spaces_(std::move(spaces)), memory_(memory_bytes), registers_(memory_) {}

std::uint32_t tiered_cache::space_of(std::string_view table, const payload_type* type) const noexcept {
  const auto found = std::ranges::find_if(
      spaces_, [&](const cache_space& s) { return s.table == table && s.type == type; });
  return found == spaces_.end() ? write_set::no_space : static_cast<std::uint32_t>(found - spaces_.begin());
}

read_rules tiered_cache::rules_of(std::uint32_t space, position need) const {
  return {.name = spaces_[space].table, .policy = spaces_[space].policy, .need = need};
}

lookup tiered_cache::read_through(const operation& op, const cache_key& key, const read_rules& rules, loader& from) {
  const moment began = begin(rules);
  lookup found;
  if (answer(op, key, rules, began, found)) return found;
  time_.reached("cache: missed");
  return load(op, key, rules, began, from);
}

// The stamp is taken before anything is looked at: rule 9.
tiered_cache::moment tiered_cache::begin(const read_rules& rules) const {
  const std::uint64_t stamp =
      rules.computed ? stamps_.of_tables(rules.tables) : stamps_.of_row(dependency_stamps::slot_of(rules.name));
  return {time_.coarse_now(), stamp};
}

bool tiered_cache::from_memory(const cache_key& key, const read_rules& rules, const moment& began, lookup& out) {
  std::optional<cache_entry> hit = memory_.find(key, began.at);
  if (!hit || hit->stamp != began.stamp || hit->value->freshness.asof < rules.need) return false;
  if (rules.type != nullptr && hit->value->type() != rules.type) return false;
  const milliseconds age = age_of(*hit->value, began.at);
  out = {std::move(hit->value), source::memory, age};
  return true;
}

bool tiered_cache::answer(const operation& op, const cache_key& key, const read_rules& rules, const moment& began,
                          lookup& out) {
  const bool hit = from_memory(key, rules, began, out);
  const cache_action kind = !hit                  ? cache_action::miss
                            : out.block->absent() ? cache_action::negative_hit
                                                  : cache_action::hit;
  report(op, kind, key, rules, began.at);
  return hit;
}

lookup tiered_cache::load(const operation& op, const cache_key& key, const read_rules& rules, moment began,
                          loader& from) {
  lookup found;
  for (;; began = begin(rules)) {
    registers::boarding b = registers_.join_or_start(key, began.stamp, rules.need);
    if (!b.joined) {
      // A flight that landed since the first look has left its value behind.
      if (from_memory(key, rules, began, found)) return found;
      return lead(op, rules, began, std::move(b.lease), from);
    }
    if (wait_for(op, rules, began, *b.joined, found)) return found;
  }
}

lookup tiered_cache::lead(const operation& op, const read_rules& rules, const moment& began, fill_lease lease,
                          loader& from) {
  time_.reached("flight: started");
  block_ptr value;
  try {
    value = from.load();
  } catch (...) {
    give_up(op, std::move(lease));
    throw;
  }
  time_.reached("flight: loaded");
  return land(op, rules, began, std::move(lease), std::move(value));
}

lookup tiered_cache::land(const operation& op, const read_rules& rules, const moment& began, fill_lease lease,
                          block_ptr value) {
  value->loaded_at = began.at;
  const milliseconds ttl = value->absent() ? rules.policy.negative_ttl : rules.policy.memory_ttl;
  const std::shared_ptr<flight> f = lease.led();
  const bool stored = registers_.land(std::move(lease), {value, began.at + ttl, began.stamp}, ttl > milliseconds(0));
  report(op, stored ? cache_action::fill : cache_action::fill_refused, f->key(), rules, began.at);
  return {std::move(value), rules.computed ? source::loader : source::primary, milliseconds(0)};
}

// Within a catch. A failure reaches everybody who waits; but that this caller ran out of time is its own affair.
void tiered_cache::give_up(const operation& op, fill_lease lease) noexcept {
  if (op.until().passed(time_.now())) return;  // the lease abandons the flight
  registers_.fail(std::move(lease), std::current_exception());
}

// False when the flight's leader gave up: the caller asks again, and may lead.
bool tiered_cache::wait_for(const operation& op, const read_rules& rules, const moment& began, flight& joined,
                            lookup& out) {
  const flight::state ended = joined.wait(time_, op.until());
  if (op.events().active()) {
    auto e = op.describe<flight_event>(began.at);
    e.space = rules.name;
    e.key = joined.key().hash;
    e.joined = true;
    e.failed = ended != flight::state::landed;
    e.took = time_.coarse_now() - began.at;
    op.events().report(e);
  }
  switch (ended) {
    case flight::state::landed:
      out = {joined.value(), rules.computed ? source::loader : source::primary, age_of(*joined.value(), time_.coarse_now())};
      return true;
    case flight::state::failed: std::rethrow_exception(joined.failure());
    case flight::state::abandoned: return false;
    case flight::state::under_way: break;
  }
  throw deadline_exceeded({.message = std::string(op.name) + " of session \"" + op.in.name() +
                                      "\": another call's load of the same key was still under way at the deadline",
                           .where = op.where});
}

bool tiered_cache::has_other_space(const write_set::row& written) const noexcept {
  for (std::size_t i = 0; i < spaces_.size(); ++i) {
    if (spaces_[i].table == written.table && i != written.space) return true;
  }
  return false;
}

void tiered_cache::apply(const operation& op, const write_set& writes, position at) {
  if (writes.empty()) return;
  std::set<std::string_view> written;
  for (const write_set::row& r : writes.rows) {
    written.insert(r.table);
    if (r.space != write_set::no_space) registers_.written(make_cache_key(r.space, r.key), at);
    // Another entity shows the same table: its keys may be others, so that all its rows go.
    if (has_other_space(r)) stamps_.table_written(dependency_stamps::slot_of(r.table));
  }
  for (const std::string_view table : written) stamps_.row_written(dependency_stamps::slot_of(table));
  for (const std::string& table : writes.tables) stamps_.table_written(dependency_stamps::slot_of(table));
  if (writes.everything) stamps_.everything_written();
  time_.reached("cache: invalidated");
  if (!op.events().active()) return;
  auto e = op.describe<invalidation_event>(time_.coarse_now());
  e.keys = writes.rows.size();
  e.tables = writes.tables.size();
  e.everything = writes.everything;
  op.events().report(e);
}

}  // namespace forebay
