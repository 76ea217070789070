#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "cache/tiered_cache.hpp"

namespace forebay {

namespace {

// One key of a batch, loaded without the others.
class one_of_batch final : public loader {
 public:
  one_of_batch(batch_loader& from, std::size_t index, std::size_t size) : from_(from), index_(index), slots_(size) {}
  block_ptr load() override {
    from_.load({&index_, 1}, slots_);
    return std::move(slots_[index_]);
  }

 private:
  batch_loader& from_;
  std::size_t index_;
  std::vector<block_ptr> slots_;
};

}  // namespace

// One look-up of many keys. Own flights are loaded and landed before anybody else's is waited for, so that two batches
// that overlap cannot wait for each other.
class tiered_cache::batch {
 public:
  batch(tiered_cache& cache, const operation& op, std::span<const cache_key> keys, const read_rules& rules,
        batch_loader& from)
      : cache_(cache), op_(op), keys_(keys), from_(from), found_(keys.size()) {
    reads_.reserve(keys.size());
    for (const cache_key& k : keys) reads_.push_back(cache.begin(op, k, rules));
  }

  std::vector<lookup> run() {
    for (std::size_t i = 0; i < keys_.size(); ++i) board(i);
    if (!own_.empty()) load_own();
    for (const auto& [index, first] : repeats_) found_[index] = found_[first];
    for (const auto& [index, joined] : joined_) wait_for_other(index, *joined);
    return std::move(found_);
  }

 private:
  struct own_flight {
    std::size_t index;
    fill_lease lease;
  };

  void board(std::size_t i) {
    const read& r = reads_[i];
    // A key that is there again is loaded once, whatever happens to its flight meanwhile.
    if (const auto mine = own_index_.find(r.key.bytes); mine != own_index_.end()) {
      repeats_.emplace_back(i, mine->second);
      return;
    }
    if (cache_.answer(r, found_[i])) return;
    registers::boarding b = cache_.registers_.join_or_start(r.key, r.stamp, r.rules.need);
    if (b.joined) {
      joined_.emplace_back(i, std::move(b.joined));
      return;
    }
    // A flight that landed since the first look has left its value behind.
    if (cache_.from_memory(r, found_[i])) return;
    own_index_.emplace(r.key.bytes, i);
    own_.push_back({i, std::move(b.lease)});
  }

  void load_own() {
    std::vector<std::size_t> which;
    which.reserve(own_.size());
    for (const own_flight& o : own_) which.push_back(o.index);
    std::vector<block_ptr> slots(keys_.size());
    cache_.time_.reached("flight: started");
    try {
      from_.load(which, slots);
    } catch (...) {
      for (own_flight& o : own_) cache_.give_up(op_, std::move(o.lease));
      throw;
    }
    cache_.time_.reached("flight: loaded");
    for (own_flight& o : own_) {
      found_[o.index] = cache_.land(reads_[o.index], std::move(o.lease), std::move(slots[o.index]));
    }
  }

  void wait_for_other(std::size_t i, flight& joined) {
    if (cache_.wait_for(reads_[i], joined, found_[i])) return;
    one_of_batch alone(from_, i, keys_.size());
    found_[i] = cache_.load(cache_.begin(op_, keys_[i], reads_[i].rules), alone);
  }

  tiered_cache& cache_;
  const operation& op_;
  std::span<const cache_key> keys_;
  batch_loader& from_;
  std::vector<read> reads_;
  std::vector<lookup> found_;
  std::vector<own_flight> own_;
  std::unordered_map<std::string_view, std::size_t> own_index_;  // by the key's bytes: one space, one batch
  std::vector<std::pair<std::size_t, std::size_t>> repeats_;     // the same key again: its index, and the first one's
  std::vector<std::pair<std::size_t, std::shared_ptr<flight>>> joined_;
};

std::vector<lookup> tiered_cache::read_through(const operation& op, std::span<const cache_key> keys,
                                               const read_rules& rules, batch_loader& from) {
  return batch(*this, op, keys, rules, from).run();
}

}  // namespace forebay
