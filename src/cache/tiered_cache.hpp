#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <forebay/cache/lookup.hpp>
#include <forebay/cache/policy.hpp>
#include <forebay/context.hpp>
#include <forebay/event.hpp>
#include <forebay/position.hpp>

#include "cache/dependency_stamps.hpp"
#include "cache/memory_cache.hpp"
#include "cache/registers.hpp"
#include "cache/write_set.hpp"

namespace forebay {

// The cached rows of one entity: keys of different spaces never meet.
struct cache_space {
  std::string table;
  const payload_type* type = nullptr;
  cache_policy policy;
  std::size_t slot = dependency_stamps::slot_of(table);
};

// Gets the value of a key from where it really is.
class loader {
 public:
  // Never null; a block without payload where there is nothing. Called under no lock.
  virtual block_ptr load() = 0;

 protected:
  ~loader() = default;
};

// The same for several keys in one go: fills a slot for each of the asked indexes.
class batch_loader {
 public:
  virtual void load(std::span<const std::size_t> which, std::span<block_ptr> slots) = 0;

 protected:
  ~batch_loader() = default;
};

// How one read wants its value.
struct read_rules {
  std::string_view name;  // the table of a row, the name of a computed value
  cache_policy policy;
  position need;                          // an older value is not taken (rule 7)
  std::size_t slot = 0;                   // of a row's table
  std::span<const std::size_t> tables{};  // of a computed value: slots of the tables that it depends on
  bool computed = false;
};

// Told of every read before it looks at anything: notices what other processes have written to the database.
class outside_writes {
 public:
  virtual void look(const operation& op, time_point now) noexcept = 0;

 protected:
  ~outside_writes() = default;
};

// Cache-aside: answers from memory, or loads once for all who ask at the same time, and keeps what it may keep.
// Thread-safe.
class tiered_cache {
 public:
  tiered_cache(std::size_t memory_bytes, std::vector<cache_space> spaces, runtime& time);

  // A read's second step. Throws what the loader throws, and deadline_exceeded.
  [[nodiscard]] lookup read_through(const operation& op, const cache_key& key, const read_rules& rules, loader& from);
  // One lookup for each key, in their order; what is missing is loaded by one call. Keys may repeat.
  [[nodiscard]] std::vector<lookup> read_through(const operation& op, std::span<const cache_key> keys,
                                                 const read_rules& rules, batch_loader& from);

  // A write's last step, between its COMMIT and its return (rule 2). `at` is below every other position where the
  // commit may have happened and its position is not known. Allocates nothing: it must not fail after a commit.
  void apply(const operation& op, const write_set& writes, position at) noexcept;

  // Makes everything that is there worthless, and tells nobody.
  void forget_everything() noexcept { stamps_.everything_written(); }
  // Before the first read.
  void watch(outside_writes& by) noexcept { watch_ = &by; }

  // How often everything has become worthless.
  [[nodiscard]] std::uint64_t generation() const noexcept { return stamps_.of_tables({}); }
  // The space of an entity's rows; write_set::no_space where they are not cached.
  [[nodiscard]] std::uint32_t space_of(std::string_view table, const payload_type* type) const noexcept;
  [[nodiscard]] read_rules rules_of(std::uint32_t space, position need) const;
  [[nodiscard]] memory_statistics statistics() const { return memory_.statistics(); }
  [[nodiscard]] position position_of(const cache_key& key) { return registers_.position_of(key); }

  // The space of values that are no rows.
  static constexpr std::uint32_t computed_space = UINT32_MAX - 1;

 private:
  // A look-up of one key: what it wants, when it began, and from what state of things.
  struct read {
    const operation& op;
    const cache_key& key;
    const read_rules& rules;
    time_point began{};
    std::uint64_t stamp = 0;
  };
  class batch;

  [[nodiscard]] read begin(const operation& op, const cache_key& key, const read_rules& rules) const;
  [[nodiscard]] bool answer(const read& r, lookup& out);
  [[nodiscard]] bool from_memory(const read& r, lookup& out);
  void report(const read& r, cache_action what) const;
  [[nodiscard]] static std::uint64_t event_key(const cache_key& key) noexcept;
  [[nodiscard]] static milliseconds age_of(const block& b, time_point now) noexcept;

  // load_and_fill.cpp
  [[nodiscard]] lookup load(read r, loader& from);
  [[nodiscard]] lookup lead(const read& r, fill_lease lease, loader& from);
  lookup land(const read& r, fill_lease lease, block_ptr value);
  void give_up(const operation& op, fill_lease lease) noexcept;
  [[nodiscard]] bool wait_for(const read& r, flight& joined, lookup& out);

  [[nodiscard]] bool has_other_space(const write_set::row& written) const noexcept;

  runtime& time_;
  outside_writes* watch_ = nullptr;
  std::vector<cache_space> spaces_;
  dependency_stamps stamps_;
  memory_cache memory_;
  registers registers_;
};

}  // namespace forebay
