#include <forebay/query_base.hpp>

#include <algorithm>
#include <utility>

#include <forebay/error.hpp>

#include "cursor.hpp"
#include "database_core.hpp"
#include "keyset.hpp"
#include "query_text.hpp"
#include "repository_statements.hpp"

namespace forebay::detail {

namespace {

[[noreturn]] void refuse(const char* message, const char* fix, const call_site& where) {
  throw invalid_option({.message = message, .where = where, .fix = fix});
}

// Takes as many rows as the page has, and sees whether there is one more. The place of a row stands behind its columns.
class page_sink final : public row_sink {
 public:
  page_sink(row_sink& rows, std::uint64_t most, std::size_t place_size)
      : rows_(rows), most_(most), place_size_(place_size) {}

  bool take(rows& current) override {
    has_more = taken_ == most_;
    if (has_more) return false;
    const auto cells = current.cells().last(place_size_);
    last.clear();
    for (const value& v : cells) last.emplace_back(v);
    if (taken_++ == 0) first = last;
    return rows_.take(current);
  }

  std::vector<owned_value> first;
  std::vector<owned_value> last;
  bool has_more = false;

 private:
  row_sink& rows_;
  const std::uint64_t most_;
  const std::size_t place_size_;
  std::uint64_t taken_ = 0;
};

// A cursor stands for a place, whatever columns of it are selected.
std::uint64_t identity_of(const query_text& what, const dialect& d, std::span<const ordering> order) {
  query_text all_columns = what;
  all_columns.selected.clear();
  const query_writer writer(all_columns, d);
  return cursor_identity(writer.source() + writer.order(order));
}

class any_row final : public row_sink {
 public:
  bool take(rows&) override {
    found = true;
    return false;
  }
  bool found = false;
};

}  // namespace

query_base::query_base(const repository_base& runner, const entity_table& table, context& in, call_site where)
    : runner_(runner), in_(&in), where_(where) {
  text_.table = &table;
}

void query_base::add_join(const repository_base& other, joined_table how) {
  if (other.core_ != runner_.core_) {
    refuse("join: the other repository is of another database", "join repositories of one database", where_);
  }
  text_.joined.push_back(std::move(how));
}

void query_base::select_by_name(const row_shape& row) {
  const auto find_in = [](const entity_table& table, std::string_view name) {
    return static_cast<int>(std::ranges::find(table.row.columns, name, &column::name) - table.row.columns.begin());
  };
  for (const column& c : row.columns) {
    column_ref from{text_.table, find_in(*text_.table, c.name)};
    for (std::size_t i = 0; std::cmp_equal(from.index, from.table->row.columns.size()); ++i) {
      from.table = text_.joined[i].table;
      from.index = find_in(*from.table, c.name);
    }
    text_.selected.push_back({{from}, c.name});
  }
}

void query_base::select_each(const row_shape& row, std::span<const expression> what) {
  for (std::size_t i = 0; i < what.size(); ++i) text_.selected.push_back({what[i], row.columns[i].name});
}

void query_base::lock_rows(lock how) {
  runner_.check_lock(*in_, how, text_.lock_wait, where_);
  text_.lock = how;
}

void query_base::wait_for_locks(lock_wait how) {
  runner_.check_lock(*in_, text_.lock, how, where_);
  text_.lock_wait = how;
}

void query_base::run_text(const char* name, const std::string& text, const std::vector<parameter>& bound,
                          row_sink& sink) const {
  const operation op = runner_.core_->describe(*in_, name, where_);
  const statement_text written(text);
  const borrowed_connection on = runner_.core_->connect(op, statement_intent::read);
  rows found = on->run(op, make_statement(written, bound, statement_intent::read, text_.table->name));
  while (found.next() && sink.take(found)) {}
}

void query_base::run(const char* name, row_sink& sink) const {
  const query_writer writer(text_, runner_.sql_dialect());
  std::vector<parameter> bound;
  writer.bind_conditions(bound);
  writer.bind_limits(bound);
  run_text(name, writer.all(), bound, sink);
}

void query_base::run_limited(const char* name, std::uint64_t most, row_sink& sink) const {
  query_base limited = *this;
  limited.text_.limit = std::min(text_.limit.value_or(most), most);
  limited.run(name, sink);
}

void query_base::throw_no_row(const char* name) const {
  throw not_found({.message = std::string(name) + ": the query gives no row",
                   .statement = query_writer(text_, runner_.sql_dialect()).all(),
                   .where = where_,
                   .session = in_->name(),
                   .fix = "ask for first(), which may be empty"});
}

std::uint64_t query_base::run_count() const {
  only_row<std::int64_t> number;
  run_aggregate("count", {.function = aggregate::count}, number);
  return static_cast<std::uint64_t>(number.found.value_or(0));
}

void query_base::run_aggregate(const char* name, const expression& what, row_sink& sink) const {
  const query_writer writer(text_, runner_.sql_dialect());
  std::vector<parameter> bound;
  writer.bind_conditions(bound);
  writer.bind_limits(bound);
  run_text(name, writer.aggregated(what), bound, sink);
}

bool query_base::run_exists() const {
  const query_writer writer(text_, runner_.sql_dialect());
  std::vector<parameter> bound;
  writer.bind_conditions(bound);
  writer.bind_limits(bound);
  any_row any;
  run_text("exists", writer.exists(), bound, any);
  return any.found;
}

void query_base::check_page() const {
  if (!text_.limit || *text_.limit == 0) refuse("page: the query has no limit", "say how long a page is", where_);
  if (text_.offset > 0) refuse("page: the query has an offset", "go on from a cursor instead", where_);
  if (text_.distinct || selects_groups(text_)) {
    refuse("page: distinct rows and groups have no key to stand in order by", "use limit and offset", where_);
  }
  for (const ordering& o : total_order(text_)) {
    if (o.by.function != aggregate::none) refuse("page: the order is by an aggregate", "order by columns", where_);
    if (o.by.column.meant().sensitive) {
      refuse("page: the order is by a sensitive column, whose values the cursors would show", "order by another one",
             where_);
    }
  }
}

page_ends query_base::run_page(row_sink& sink) const {
  check_page();
  const dialect& d = runner_.sql_dialect();
  const query_writer writer(text_, d);
  std::vector<ordering> order = total_order(text_);
  const std::uint64_t query = identity_of(text_, d, order);
  if (backward_) order = reversed(order);

  std::vector<parameter> bound;
  writer.bind_conditions(bound);
  place_condition behind_cursor;
  std::vector<owned_value> place;
  if (!cursor_.empty()) {
    place = decode_cursor(cursor_, query, order.size(), where_);
    behind_cursor = behind(text_, writer, d, order, place);
    bound.insert(bound.end(), behind_cursor.bound.begin(), behind_cursor.bound.end());
  }
  const std::uint64_t most = std::min(*text_.limit, static_cast<std::uint64_t>(INT64_MAX - 1));
  bound.emplace_back(value::integer(static_cast<std::int64_t>(most + 1)));

  std::string text = "select " + writer.columns();
  for (std::size_t i = 0; i < order.size(); ++i) {
    text += ", " + writer.name(order[i].by.column) + " as forebay_" + std::to_string(i + 1);
  }
  text += writer.source(behind_cursor.text) + writer.order(order) + " limit {}" + writer.locks();
  page_sink rows(sink, most, order.size());
  run_text("page", text, bound, rows);

  page_ends ends{.has_more = rows.has_more, .backward = backward_};
  std::string& far_end = backward_ ? ends.previous : ends.next;
  std::string& near_end = backward_ ? ends.next : ends.previous;
  far_end = rows.last.empty() ? cursor_ : encode_cursor(query, rows.last);
  if (!rows.first.empty()) near_end = encode_cursor(query, rows.first);
  return ends;
}

}  // namespace forebay::detail
