#pragma once

#include <atomic>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include <forebay/context.hpp>
#include <forebay/session.hpp>
#include <forebay/testing/manual_clock.hpp>

#include "cache/tiered_cache.hpp"

namespace forebay {

// A tiered cache over a table of texts that stands in for the database, with a manual clock: readers run as jobs that
// stop at pause points.
class cache_fixture {
 public:
  explicit cache_fixture(cache_policy policy = {.memory_ttl = seconds(10), .negative_ttl = seconds(2)})
      : cache(std::size_t{1} << 20, {{"items", &detail::payload_type_of<std::string>, policy}}, clock) {}

  [[nodiscard]] session request(nanoseconds time = seconds(60)) {
    return {nullptr, clock, events, ++sessions_, "test", deadline(clock.now() + time)};
  }

  static cache_key key(std::string_view id) { return make_cache_key(0, id); }

  // What the "database" holds now; an empty text stands for "no such row".
  block_ptr load(const std::string& id) {
    ++loads;
    std::string text;
    {
      const std::lock_guard guard(mutex_);
      text = rows_[id];
      ++position_;
    }
    block_ptr b = text.empty() ? block::make_absent() : block::make(text);
    b->freshness = {position(1, position_), position(1, position_)};
    return b;
  }

  void commit(const std::string& id, const std::string& text) {
    const std::lock_guard guard(mutex_);
    rows_[id] = text;
    ++position_;
  }

  // A write as the layers above do it: COMMIT, then the cache.
  void write(const std::string& id, const std::string& text) {
    commit(id, text);
    write_set writes;
    writes.rows.push_back({"items", 0, id});
    apply(writes);
  }

  void apply(const write_set& writes) {
    const session s = request();
    cache.apply({s, "write", {}}, writes, position(1, position_));
  }

  struct answer {
    std::string text;  // empty: absent
    source from = source::primary;
    milliseconds age{};
  };

  answer read(const std::string& id, nanoseconds time = seconds(60), position need = {}) {
    return read_with([this, id] { return load(id); }, id, time, need);
  }

  answer read_with(std::function<block_ptr()> load, const std::string& id, nanoseconds time = seconds(60),
                   position need = {}) {
    struct from_function final : loader {
      explicit from_function(std::function<block_ptr()> f) : function(std::move(f)) {}
      block_ptr load() override { return function(); }
      std::function<block_ptr()> function;
    } from(std::move(load));
    const session s = request(time);
    const lookup found = cache.read_through({s, "read", {}}, key(id), cache.rules_of(0, need), from);
    return to_answer(found);
  }

  std::vector<answer> read_many(const std::vector<std::string>& ids, nanoseconds time = seconds(60)) {
    struct many final : batch_loader {
      many(cache_fixture& f, const std::vector<std::string>& i) : fixture(f), ids(i) {}
      void load(std::span<const std::size_t> which, std::span<block_ptr> slots) override {
        ++fixture.batches;
        for (const std::size_t i : which) slots[i] = fixture.load(ids[i]);
      }
      cache_fixture& fixture;
      const std::vector<std::string>& ids;
    } from(*this, ids);
    std::vector<cache_key> keys;
    for (const std::string& id : ids) keys.push_back(key(id));
    const session s = request(time);
    std::vector<answer> all;
    for (const lookup& l : cache.read_through({s, "read_many", {}}, keys, cache.rules_of(0, {}), from)) {
      all.push_back(to_answer(l));
    }
    return all;
  }

  // On a thread of its own.
  template <class Work>
  auto async(Work work) {
    return std::async(std::launch::async, std::move(work));
  }

  // Whether the next read would be answered from memory.
  bool memory_holds(const std::string& id) {
    bool loaded = false;
    const answer a = read_with(
        [&] {
          loaded = true;
          return load(id);
        },
        id);
    if (loaded) write(id, a.text);  // leaves no trace
    return !loaded;
  }

  testing::manual_clock clock;
  event_stream events;
  tiered_cache cache;
  std::atomic<int> loads{0};
  std::atomic<int> batches{0};

 private:
  static answer to_answer(const lookup& l) {
    return {l.block->absent() ? std::string() : *static_cast<const std::string*>(l.block->payload()), l.from, l.age};
  }

  std::mutex mutex_;
  std::map<std::string, std::string> rows_;
  std::atomic<std::uint64_t> position_{0};
  std::atomic<std::uint64_t> sessions_{0};
};

}  // namespace forebay
