#include <forebay/repository.hpp>

#include <algorithm>
#include <bit>
#include <numeric>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

#include "database_core.hpp"
#include "entity_statements.hpp"
#include "repository_statements.hpp"

namespace forebay {

namespace {

using detail::make_statement;
using detail::statement_text;

constexpr std::size_t longest_list = 4096;  // keys in one find_many statement

// The name of the one column that the key is made of; empty for a key of several.
std::string_view single_key_column(const entity_table& table) {
  return table.key.size() == 1 ? table.row.columns[static_cast<std::size_t>(table.key[0])].name : std::string_view();
}

block_ptr read_block(rows& from, const entity_table& table) {
  block_ptr b = block::make(*table.row.payload);
  from.read(table.row, b->payload());
  return b;
}

}  // namespace

// Loads the row of one key from the database.
class repository_base::row_loader final : public loader {
 public:
  row_loader(const repository_base& of, const operation& op, std::span<const value> key)
      : of_(of), op_(op), key_(key) {}

  block_ptr load() override {
    const std::vector<parameter> bound = of_.key_parameters(key_);
    const detail::borrowed_connection on = of_.core_->connect(op_, statement_intent::read);
    const position asof = on->asof();
    block_ptr b;
    {
      rows found = on->run(op_, make_statement(of_.statements_->find, bound, statement_intent::read, of_.table_->name,
                                               single_key_column(*of_.table_)));
      b = found.next() ? read_block(found, *of_.table_) : block::make_absent();
    }  // ends the statement, which has no second row
    if (!b->absent() && !has_key(*b)) b = block::make_absent();
    b->freshness = {asof, on->upto()};
    return b;
  }

 private:
  // A column's collation may take another text for the key.
  [[nodiscard]] bool has_key(const block& row) const {
    return key_bytes_of(*of_.table_, row.payload()).view() == key_bytes(key_).view();
  }

  const repository_base& of_;
  const operation& op_;
  std::span<const value> key_;
};

// Loads the rows of many keys, a statement for each few thousand.
class repository_base::batch_row_loader final : public batch_loader {
 public:
  batch_row_loader(const repository_base& of, const operation& op, std::span<const value> keys)
      : of_(of), op_(op), keys_(keys), width_(of.table_->key.size()) {}

  void load(std::span<const std::size_t> which, std::span<block_ptr> slots) override {
    const detail::borrowed_connection on = of_.core_->connect(op_, statement_intent::read);
    const position asof = on->asof();
    const std::size_t most = width_ == 1 ? longest_list : detail::entity_statements::most_rows;
    for (std::size_t done = 0; done < which.size(); done += most) {
      load_some(*on, which.subspan(done, std::min(most, which.size() - done)), slots);
    }
    const position upto = on->upto();
    for (const std::size_t i : which) {
      if (!slots[i]) slots[i] = block::make_absent();
      slots[i]->freshness = {asof, upto};
    }
  }

 private:
  void load_some(connection& on, std::span<const std::size_t> which, std::span<block_ptr> slots) const {
    std::vector<key_bytes> asked;
    std::unordered_multimap<std::string_view, std::size_t> slot_of;  // views into `asked`
    asked.reserve(which.size());
    slot_of.reserve(which.size());
    for (const std::size_t i : which) slot_of.emplace(asked.emplace_back(key_at(i)).view(), i);
    const std::vector<parameter> bound = bind(which);
    rows found = on.run(op_, make_statement(text_for(which.size()), bound, statement_intent::read, of_.table_->name));
    while (found.next()) {
      const block_ptr b = read_block(found, *of_.table_);
      const auto [first, last] = slot_of.equal_range(key_bytes_of(*of_.table_, b->payload()).view());
      for (auto i = first; i != last; ++i) slots[i->second] = b;
    }
  }

  [[nodiscard]] std::span<const value> key_at(std::size_t i) const { return keys_.subspan(i * width_, width_); }

  [[nodiscard]] const statement_text& text_for(std::size_t count) const {
    return width_ == 1 ? of_.statements_->find_list
                       : of_.statements_->find_tuples[static_cast<std::size_t>(std::bit_width(count - 1))];
  }

  // Filled up with the last key to a power of two, so that lists of all lengths share few prepared statements.
  [[nodiscard]] std::vector<parameter> bind(std::span<const std::size_t> which) const {
    const std::size_t count = std::bit_ceil(which.size());
    const auto key_of_place = [&](std::size_t place) { return key_at(which[std::min(place, which.size() - 1)]); };
    if (width_ > 1) {
      std::vector<parameter> tuples;
      for (std::size_t p = 0; p < count; ++p) {
        const auto key = key_of_place(p);
        tuples.emplace_back(std::vector<value>(key.begin(), key.end()));
      }
      return tuples;
    }
    std::vector<value> list;
    list.reserve(count);
    for (std::size_t p = 0; p < count; ++p) list.push_back(key_of_place(p)[0]);
    return {parameter(std::move(list))};
  }

  const repository_base& of_;
  const operation& op_;
  std::span<const value> keys_;
  const std::size_t width_;
};

repository_base::repository_base(database& on, const entity_table& table)
    : core_(on.core_.get()),
      table_(&table),
      statements_(&core_->statements_of(table)),
      space_(core_->cache.space_of(table.name, table.row.payload)) {}

bool repository_base::cached_for(const context& in) const noexcept {
  return space_ != write_set::no_space && in.in_transaction() == nullptr;
}

lookup repository_base::find(context& in, std::span<const value> key, call_site where) const {
  const operation op = core_->describe(in, "find", where);
  row_loader from(*this, op, key);
  if (!cached_for(in)) return {from.load(), source::primary, milliseconds(0)};
  const key_bytes bytes(key);
  return core_->cache.read_through(op, make_cache_key(space_, bytes.view()), core_->cache.rules_of(space_, position()),
                                   from);
}

std::vector<lookup> repository_base::find_many(context& in, std::span<const value> keys, call_site where) const {
  const operation op = core_->describe(in, "find_many", where);
  const std::size_t width = table_->key.size();
  const std::size_t count = keys.size() / width;
  if (count == 0) return {};
  batch_row_loader from(*this, op, keys);
  if (!cached_for(in)) {
    std::vector<std::size_t> all(count);
    std::iota(all.begin(), all.end(), std::size_t{0});
    std::vector<block_ptr> slots(count);
    from.load(all, slots);
    std::vector<lookup> found;
    for (block_ptr& b : slots) found.push_back({std::move(b), source::primary, milliseconds(0)});
    return found;
  }
  std::vector<key_bytes> bytes;
  bytes.reserve(count);
  std::vector<cache_key> cache_keys;
  for (std::size_t i = 0; i < count; ++i) {
    cache_keys.push_back(make_cache_key(space_, bytes.emplace_back(keys.subspan(i * width, width)).view()));
  }
  return core_->cache.read_through(op, cache_keys, core_->cache.rules_of(space_, position()), from);
}

void repository_base::find_related(context& in, int column, std::span<const value> values, detail::row_sink& sink,
                                   call_site where) const {
  const operation op = core_->describe(in, "load_for", where);
  if (values.empty()) return;
  const std::string name =
      quote_identifier(core_->router.sql_dialect(), table_->row.columns[static_cast<std::size_t>(column)].name);
  const statement_text text("select " + statements_->columns + " from " + statements_->from + " where " + name +
                            " in ({})");
  const detail::borrowed_connection on = core_->connect(op, statement_intent::read);
  for (std::size_t done = 0; done < values.size(); done += longest_list) {
    const auto some = values.subspan(done, std::min(longest_list, values.size() - done));
    std::vector<value> list(some.begin(), some.end());
    list.resize(std::bit_ceil(list.size()), list.back());
    const parameter bound(std::move(list));
    rows found = on->run(op, make_statement(text, {&bound, 1}, statement_intent::read, table_->name));
    while (found.next() && sink.take(found)) {}
  }
}

void repository_base::run(context& in, const detail::query_text& what, detail::row_sink& sink, call_site where) const {
  const operation op = core_->describe(in, "query", where);
  const statement_text text(detail::write_query(*table_, *statements_, core_->router.sql_dialect(), what));
  std::vector<parameter> bound;
  for (const condition& c : what.where) c.append_parameters(bound);
  if (what.limit) bound.push_back(make_parameter(*what.limit));
  const detail::borrowed_connection on = core_->connect(op, statement_intent::read);
  rows found = on->run(op, make_statement(text, bound, statement_intent::read, table_->name));
  while (found.next() && sink.take(found)) {}
}

std::vector<parameter> repository_base::key_parameters(std::span<const value> key) const {
  std::vector<parameter> bound;
  detail::bind_key(*table_, core_->router.sql_dialect(), key, bound);
  return bound;
}

}  // namespace forebay
