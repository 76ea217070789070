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
#include "query_text.hpp"
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

// A parameter for each tuple of `width` values, or one list for tuples of one; filled up with the last one to a power
// of two, so that batches of all lengths share few prepared statements.
std::vector<parameter> tuples_of(std::span<const value> values, std::size_t width) {
  const std::size_t count = std::bit_ceil(values.size() / width);
  const auto tuple = [&](std::size_t i) {
    return values.subspan(std::min(i, values.size() / width - 1) * width, width);
  };
  std::vector<parameter> tuples;
  if (width == 1) {
    std::vector<value> list(values.begin(), values.end());
    list.resize(count, values.back());
    tuples.emplace_back(std::move(list));
    return tuples;
  }
  for (std::size_t i = 0; i < count; ++i) tuples.emplace_back(std::vector<value>(tuple(i).begin(), tuple(i).end()));
  return tuples;
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
  row_loader(const repository_base& of, const operation& op, std::span<const value> key, const statement_text& text)
      : of_(of), op_(op), key_(key), text_(text) {}

  block_ptr load() override {
    const std::vector<parameter> bound = of_.key_parameters(key_);
    const detail::borrowed_connection on = of_.core_->connect(op_, statement_intent::read);
    const position asof = on->asof();
    block_ptr b;
    {
      rows found = on->run(
          op_, make_statement(text_, bound, statement_intent::read, of_.table_->name, single_key_column(*of_.table_)));
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
  const statement_text& text_;
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
  row_loader from(*this, op, key, statements_->find);
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

lookup repository_base::find_locked(transaction& in, std::span<const value> key, lock how, lock_wait wait,
                                    call_site where) const {
  const operation op = core_->describe(in, "find", where);
  check_lock(in, how, wait, where);
  const std::string clause = detail::lock_clause(sql_dialect(), how, wait);
  if (clause.empty()) return {row_loader(*this, op, key, statements_->find).load(), source::primary, milliseconds(0)};
  const statement_text locking(statements_->find.text + clause);
  return {row_loader(*this, op, key, locking).load(), source::primary, milliseconds(0)};
}

lookup repository_base::find_by(context& in, const condition& unique, call_site where) const {
  const operation op = core_->describe(in, "find_by", where);
  const statement_text text("select " + statements_->columns + " from " + statements_->from + " where " +
                            unique.text(sql_dialect()) + " limit 2");
  std::vector<parameter> bound;
  unique.append_parameters(bound);
  const detail::borrowed_connection on = core_->connect(op, statement_intent::read);
  rows found = on->run(op, make_statement(text, bound, statement_intent::read, table_->name));
  if (!found.next()) return {block::make_absent(), source::primary, milliseconds(0)};
  block_ptr row = read_block(found, *table_);
  if (found.next()) {
    found.fail(errc::too_many_rows,
               {.message = "find_by: more than one row of " + std::string(table_->row.type_name) + " has this value",
                .fix = "name a column with a unique index, or ask with query()"});
  }
  return {std::move(row), source::primary, milliseconds(0)};
}

bool repository_base::exists(context& in, std::span<const value> key, call_site where) const {
  if (cached_for(in)) return !find(in, key, where).block->absent();
  const operation op = core_->describe(in, "exists", where);
  const std::vector<parameter> bound = key_parameters(key);
  const detail::borrowed_connection on = core_->connect(op, statement_intent::read);
  return on
      ->run(op, make_statement(statements_->exists, bound, statement_intent::read, table_->name,
                               single_key_column(*table_)))
      .next();
}

void repository_base::find_related(context& in, std::span<const int> columns, std::span<const value> values,
                                   detail::row_sink& sink, call_site where) const {
  const operation op = core_->describe(in, "load_for", where);
  if (values.empty()) return;
  const std::size_t width = columns.size();
  const std::size_t most = (width == 1 ? longest_list : detail::entity_statements::most_rows) * width;
  const detail::borrowed_connection on = core_->connect(op, statement_intent::read);
  for (std::size_t done = 0; done < values.size(); done += most) {
    const std::vector<parameter> bound = tuples_of(values.subspan(done, std::min(most, values.size() - done)), width);
    const statement_text text("select " + statements_->columns + " from " + statements_->from + " where " +
                              detail::in_tuples(*table_, sql_dialect(), columns, bound.size()));
    rows found = on->run(op, make_statement(text, bound, statement_intent::read, table_->name));
    while (found.next() && sink.take(found)) {}
  }
}

const dialect& repository_base::sql_dialect() const noexcept { return core_->router.sql_dialect(); }

void repository_base::check_lock(const context& in, lock how, lock_wait wait, const call_site& where) const {
  const auto refuse = [&](errc code, std::string message, const char* fix) {
    throw_error(code, {.message = std::move(message), .where = where, .session = in.name(), .fix = fix});
  };
  const transaction* tx = in.in_transaction();
  if (tx == nullptr) {
    refuse(errc::invalid_option, "rows are locked until the end of a transaction, and there is none",
           "read with the transaction in the session's place");
  } else if (tx->mode() == transaction_mode::read_only) {
    refuse(errc::read_only, "a read-only transaction cannot lock rows", "begin one that may write");
  }
  if (wait == lock_wait::wait) return;
  if (how == lock::none) {
    refuse(errc::invalid_option, "skip_locked and no_wait say nothing without a lock", "lock the rows: for_update()");
  }
  if (!sql_dialect().row_locks) {
    refuse(errc::invalid_option,
           std::string(sql_dialect().name) + " has no row locks that could be skipped or not waited for",
           "leave it out: a transaction that writes has the whole database");
  }
}

std::vector<parameter> repository_base::key_parameters(std::span<const value> key) const {
  std::vector<parameter> bound;
  detail::bind_key(*table_, core_->router.sql_dialect(), key, bound);
  return bound;
}

}  // namespace forebay
