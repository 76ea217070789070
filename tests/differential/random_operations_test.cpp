// Thousands of random operations of a repository against a map in memory: after each the two agree. The seed is
// printed; FOREBAY_SEED=n repeats a run, FOREBAY_OPERATIONS=n makes it longer.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <forebay/forebay.hpp>
#include <forebay/soci/sqlite.hpp>

namespace random_operations {

struct Item {
  std::int64_t id{};
  std::string name;
  std::optional<std::int64_t> score;
  std::int64_t bin{};
  std::int64_t version{};
  bool operator==(const Item&) const = default;
};
FOREBAY_ENTITY(Item, (.table = "items", .version = &Item::version), id, name, score, bin, version);

}  // namespace random_operations

namespace forebay {
namespace {

using random_operations::Item;
using model = std::map<std::int64_t, Item>;

std::uint64_t number_from(const char* variable, std::uint64_t otherwise) {
  const char* given = std::getenv(variable);
  return given == nullptr ? otherwise : std::strtoull(given, nullptr, 10);
}

// One world, seen twice. Every operation is done on both and compared.
class both_worlds {
 public:
  explicit both_worlds(std::uint64_t seed) : random_(seed) {
    session s = db_.session();
    db_.execute(s,
                "create table items(id integer primary key, name text not null, score integer, bin integer not null, "
                "version integer not null)");
  }

  void step() {
    session s = db_.session();
    if (one_in(8)) return in_transaction(s);
    operation(s);
  }

  void compare_everything() {
    session s = db_.session();
    const auto rows = db_.query<Item>(s, "select * from items order by id");
    ASSERT_EQ(rows.size(), model_.size());
    EXPECT_TRUE(
        std::ranges::equal(rows, model_, {}, {}, [](const auto& known) -> const Item& { return known.second; }));
    for (const auto& [id, item] : model_) EXPECT_EQ(*items_.find(s, id), item);
  }

  [[nodiscard]] cache_statistics cache() const { return db_.cache_statistics(); }
  [[nodiscard]] std::size_t writes() const { return writes_; }

 private:
  static constexpr std::int64_t ids = 400;
  static constexpr std::int64_t bins = 8;

  std::int64_t below(std::int64_t n) { return std::uniform_int_distribution<std::int64_t>(0, n - 1)(random_); }
  bool one_in(std::int64_t n) { return below(n) == 0; }
  std::int64_t some_id() { return 1 + below(ids); }
  Item some_item() {
    Item i{some_id(),
           std::string(static_cast<std::size_t>(below(300)), static_cast<char>('a' + below(26))),
           {},
           below(bins),
           1};
    if (!one_in(3)) i.score = below(100) - 50;
    return i;
  }

  // What it did counts only when it is committed.
  void in_transaction(session& s) {
    const model before = model_;
    transaction tx = db_.begin(s);
    for (std::int64_t n = below(6); n >= 0; --n) one_in(5) ? in_savepoint(tx) : operation(tx);
    if (one_in(3)) {
      tx.rollback();
      model_ = before;
    } else {
      tx.commit();
    }
  }

  void in_savepoint(transaction& tx) {
    struct give_up {};
    const model before = model_;
    const bool keep = one_in(2);
    try {
      tx.nested([&] {
        for (std::int64_t n = below(3); n >= 0; --n) operation(tx);
        if (!keep) throw give_up();
      });
    } catch (const give_up&) {
      model_ = before;
    }
  }

  void operation(context& in) {
    switch (below(12)) {
      case 0:
      case 1:
      case 2: return find(in, some_id());
      case 3: return find_many(in);
      case 4: return query(in);
      case 5: return count(in);
      case 6:
      case 7: return insert(in);
      case 8: return insert_many(in);
      case 9: return update(in);
      case 10: return remove(in);
      default: return change_by_sql(in);
    }
  }

  static void compare(const Item& found, const Item& known) { EXPECT_EQ(found, known) << "row " << known.id; }

  void find(context& in, std::int64_t id) {
    const handle<Item> found = items_.find(in, id);
    const auto known = model_.find(id);
    ASSERT_EQ(static_cast<bool>(found), known != model_.end()) << "find " << id;
    if (found) compare(*found, known->second);
  }

  void find_many(context& in) {
    std::vector<std::int64_t> wanted;
    for (std::int64_t n = below(40); n > 0; --n) wanted.push_back(some_id());
    const std::vector<handle<Item>> found = items_.find_many(in, wanted);
    ASSERT_EQ(found.size(), wanted.size());
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      const auto known = model_.find(wanted[i]);
      ASSERT_EQ(static_cast<bool>(found[i]), known != model_.end()) << "find_many " << wanted[i];
      if (found[i]) compare(*found[i], known->second);
    }
  }

  void query(context& in) {
    const std::int64_t bin = below(bins);
    const std::int64_t score = below(100) - 50;
    const std::int64_t last = some_id();
    const std::int64_t shape = below(4);
    const bool backwards = one_in(2);
    const std::size_t limit = static_cast<std::size_t>(1 + below(50));

    auto asked = items_.query(in);
    switch (shape) {
      case 0: asked.where(col<&Item::bin> == bin); break;
      case 1: asked.where(col<&Item::score> > score); break;
      case 2: asked.where(col<&Item::score>.is_null() || col<&Item::bin> == bin); break;
      default: asked.where(col<&Item::id> <= last && !(col<&Item::bin> == bin)); break;
    }
    if (backwards) {
      asked.order_by(col<&Item::id>.descending());
    } else {
      asked.order_by(col<&Item::id>);
    }
    std::vector<Item> known;
    for (const auto& [id, i] : model_) {
      const bool wanted = shape == 0   ? i.bin == bin
                          : shape == 1 ? i.score && *i.score > score
                          : shape == 2 ? !i.score || i.bin == bin
                                       : id <= last && i.bin != bin;
      if (wanted) known.push_back(i);
    }
    if (backwards) std::ranges::reverse(known);
    if (known.size() > limit) known.resize(limit);
    EXPECT_EQ(asked.limit(limit).all(), known) << "query of shape " << shape;
  }

  void count(context& in) {
    const std::int64_t bin = below(bins);
    EXPECT_EQ(db_.scalar<std::int64_t>(in, "select count(*) from items where bin = {}", bin),
              std::ranges::count_if(model_, [bin](const auto& known) { return known.second.bin == bin; }));
  }

  void insert(context& in) {
    const Item i = some_item();
    const bool is_new = !model_.contains(i.id);
    try {
      items_.insert(in, i);
      EXPECT_TRUE(is_new) << "insert " << i.id;
    } catch (const duplicate_key&) {
      EXPECT_FALSE(is_new) << "insert " << i.id;
    }
    if (is_new) write(i);
  }

  void insert_many(context& in) {
    std::vector<Item> rows;
    std::set<std::int64_t> new_ids;
    bool all_new = true;
    for (std::int64_t n = 1 + below(8); n > 0; --n) {
      rows.push_back(some_item());
      if (one_in(2)) {  // an id that is most likely new
        while (model_.contains(rows.back().id) && !one_in(50)) rows.back().id = some_id();
      }
      all_new = new_ids.insert(rows.back().id).second && !model_.contains(rows.back().id) && all_new;
    }
    try {
      items_.insert_many(in, rows);
      EXPECT_TRUE(all_new) << "insert_many";
    } catch (const duplicate_key&) {
      EXPECT_FALSE(all_new) << "insert_many";
    }
    if (!all_new) return;  // all or none
    for (const Item& i : rows) write(i);
  }

  void update(context& in) {
    Item i = some_item();
    const auto known = model_.find(i.id);
    const bool right = known != model_.end() && !one_in(4);
    i.version = known == model_.end() ? 1 : right ? known->second.version : known->second.version + 1 + below(3);
    const std::int64_t before = i.version;
    try {
      items_.update(in, i);
      EXPECT_TRUE(right) << "update " << i.id;
      EXPECT_EQ(i.version, before + 1);
    } catch (const conflict&) {
      EXPECT_FALSE(right) << "update " << i.id;
      EXPECT_EQ(i.version, before);
    }
    if (right) write(i);
  }

  void remove(context& in) {
    const std::int64_t id = some_id();
    EXPECT_EQ(items_.remove(in, id), model_.erase(id) == 1) << "remove " << id;
    ++writes_;
  }

  void change_by_sql(context& in) {
    const std::int64_t bin = below(bins);
    const std::int64_t first = some_id();
    std::uint64_t changed = 0;
    for (auto& [id, i] : model_) {
      if (i.bin != bin || id < first) continue;
      i.score = i.score.value_or(0) + 1;
      ++changed;
    }
    EXPECT_EQ(
        db_.execute(in, "update items set score = coalesce(score, 0) + 1 where bin = {} and id >= {}", bin, first),
        changed);
    ++writes_;
  }

  void write(const Item& i) {
    model_.insert_or_assign(i.id, i);
    ++writes_;
  }

  std::mt19937_64 random_;
  // As small as it may be: it evicts.
  database db_{{.shards = {{.primary = "sqlite::memory:"}},
                .cache = {.memory = 64_KiB, .entities = {cache_for<Item>({.negative_ttl = milliseconds(60'000)})}}}};
  repository<Item> items_{db_};
  model model_;
  std::size_t writes_ = 0;
};

TEST(RandomOperations, AgreeWithAMapInMemory) {
  const std::uint64_t seed = number_from("FOREBAY_SEED", std::random_device()());
  const std::uint64_t operations = number_from("FOREBAY_OPERATIONS", 5'000);
  std::cout << "FOREBAY_SEED=" << seed << "\n";
  both_worlds world(seed);
  for (std::uint64_t n = 0; n < operations && !::testing::Test::HasFailure(); ++n) {
    SCOPED_TRACE("step " + std::to_string(n));
    world.step();
  }
  world.compare_everything();
  EXPECT_GT(world.cache().evictions, 0u);
  EXPECT_GT(world.writes(), operations / 10);
}

}  // namespace
}  // namespace forebay
