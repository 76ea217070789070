#include "cache/tiered_cache.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "process_key.hpp"

namespace forebay {

tiered_cache::tiered_cache(std::size_t memory_bytes, std::vector<cache_space> spaces, runtime& time)
    : time_(time), spaces_(std::move(spaces)), memory_(memory_bytes), registers_(memory_) {}

std::uint32_t tiered_cache::space_of(std::string_view table, const payload_type* type) const noexcept {
  const auto found =
      std::ranges::find_if(spaces_, [&](const cache_space& s) { return s.table == table && s.type == type; });
  return found == spaces_.end() ? write_set::no_space : static_cast<std::uint32_t>(found - spaces_.begin());
}

read_rules tiered_cache::rules_of(std::uint32_t space, position need) const {
  return {.name = spaces_[space].table, .policy = spaces_[space].policy, .need = need, .slot = spaces_[space].slot};
}

lookup tiered_cache::read_through(const operation& op, const cache_key& key, const read_rules& rules, loader& from) {
  const read r = begin(op, key, rules);
  lookup found;
  if (answer(r, found)) return found;
  time_.reached("cache: missed");
  return load(r, from);
}

// The stamp is taken before anything is looked at: rule 9.
tiered_cache::read tiered_cache::begin(const operation& op, const cache_key& key, const read_rules& rules) const {
  const time_point now = time_.coarse_now();
  if (watch_ != nullptr) watch_->look(op, now);
  const std::uint64_t stamp = rules.computed ? stamps_.of_tables(rules.tables) : stamps_.of_row(rules.slot);
  return {op, key, rules, now, stamp};
}

bool tiered_cache::answer(const read& r, lookup& out) {
  if (!from_memory(r, out)) {
    report(r, cache_action::miss);
    return false;
  }
  report(r, out.block->absent() ? cache_action::negative_hit : cache_action::hit);
  return true;
}

// Here a read decides whether what is in memory will do.
bool tiered_cache::from_memory(const read& r, lookup& out) {
  std::optional<cache_entry> hit = memory_.find(r.key, r.began);
  if (!hit || hit->stamp != r.stamp || hit->value->freshness.asof < r.rules.need) return false;
  const milliseconds age = age_of(*hit->value, r.began);
  out = {std::move(hit->value), source::memory, age};
  return true;
}

// Tells equal keys from others, and not what they are.
std::uint64_t tiered_cache::event_key(const cache_key& key) noexcept {
  return (key.hash ^ process_key()) * 0x9e3779b97f4a7c15u;
}

void tiered_cache::report(const read& r, cache_action what) const {
  if (!r.op.events().active()) return;
  auto e = r.op.describe<cache_event>(r.began);
  e.action = what;
  e.space = r.rules.name;
  e.key = event_key(r.key);
  r.op.events().report(e);
}

milliseconds tiered_cache::age_of(const block& b, time_point now) noexcept {
  return std::max(milliseconds(0), std::chrono::duration_cast<milliseconds>(now - b.loaded_at));
}

bool tiered_cache::has_other_space(const write_set::row& written) const noexcept {
  for (std::size_t i = 0; i < spaces_.size(); ++i) {
    if (i != written.space && dependency_stamps::same_table(spaces_[i].table, written.table)) return true;
  }
  return false;
}

void tiered_cache::apply(const operation& op, const write_set& writes, position at) noexcept {
  if (writes.empty()) return;
  for (const write_set::row& r : writes.rows) {
    const std::size_t slot = dependency_stamps::slot_of(r.table);
    if (r.space != write_set::no_space) registers_.written(make_cache_key(r.space, r.key), at);
    stamps_.row_written(slot);
    // Another entity shows the same table: its keys may be others, so that all its rows go.
    if (!r.every_entity && has_other_space(r)) stamps_.table_written(slot);
  }
  for (const std::string& table : writes.tables) stamps_.table_written(dependency_stamps::slot_of(table));
  if (writes.everything) stamps_.everything_written();
  time_.reached("cache: invalidated");
  if (!op.events().active()) return;
  auto e = op.describe<invalidation_event>(time_.coarse_now());
  e.keys = writes.rows.size();
  e.tables = writes.tables.size();
  e.everything = writes.everything;
  e.wide = writes.wide;
  op.events().report(e);
}

}  // namespace forebay
