#include "query_text.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace forebay::detail {

namespace {

constexpr std::uint64_t most = std::numeric_limits<std::int64_t>::max();

std::string_view function_of(aggregate a) {
  switch (a) {
    case aggregate::none: return "";
    case aggregate::count: return "count";
    case aggregate::sum: return "sum";
    case aggregate::min: return "min";
    case aggregate::max: return "max";
    case aggregate::avg: return "avg";
  }
  return "";
}

std::string call(aggregate function, const std::string& argument) {
  if (function == aggregate::none) return argument;
  return std::string(function_of(function)) + "(" + argument + ")";
}

}  // namespace

bool selects_groups(const query_text& what) {
  return std::ranges::any_of(what.selected,
                             [](const selected_column& s) { return s.what.function != aggregate::none; });
}

std::string lock_clause(const dialect& d, lock how, lock_wait wait, std::string_view of) {
  if (how == lock::none || !d.row_locks) return {};
  std::string text = how == lock::update ? " for update" : " for share";
  if (!of.empty()) text += " of " + std::string(of);
  if (wait == lock_wait::skip_locked) text += " skip locked";
  if (wait == lock_wait::no_wait) text += " nowait";
  return text;
}

query_writer::query_writer(const query_text& what, const dialect& d) : what_(what), dialect_(d) {
  // A bare name in ORDER BY may mean what is selected under that name instead of the column.
  if (what.joined.empty() && what.selected.empty()) return;
  tables_.push_back(what.table);
  for (const joined_table& j : what.joined) tables_.push_back(j.table);
}

std::string query_writer::expression_text(const expression& e) const {
  return call(e.function, e.column.table == nullptr ? "*" : name(e.column));
}

std::string query_writer::columns() const {
  std::string list;
  const auto add = [&](const std::string& item) { list += (list.empty() ? "" : ", ") + item; };
  for (const selected_column& s : what_.selected) {
    add(expression_text(s.what) + " as " + quote_identifier(dialect_, s.name));
  }
  if (!list.empty()) return list;
  const auto add_all = [&](const entity_table& table) {
    for (int i = 0; std::cmp_less(i, table.row.columns.size()); ++i) add(name({&table, i}));
  };
  add_all(*what_.table);
  for (const joined_table& j : what_.joined) add_all(*j.table);
  return list;
}

std::string query_writer::source(std::string_view also_holds) const {
  std::string text = " from " + quote_identifier(dialect_, what_.table->name);
  if (!tables_.empty()) text += " as t1";
  for (std::size_t i = 0; i < what_.joined.size(); ++i) {
    const joined_table& j = what_.joined[i];
    text += (j.optional ? " left join " : " join ") + quote_identifier(dialect_, j.table->name) + " as t" +
            std::to_string(i + 2) + " on " + j.on.text(dialect_, tables_);
  }
  const char* joint = " where ";
  for (const condition& c : what_.where) text += std::exchange(joint, " and ") + c.text(dialect_, tables_);
  if (!also_holds.empty()) text += joint + std::string(also_holds);
  if (!groups()) return text;
  joint = " group by ";
  for (const selected_column& s : what_.selected) {
    if (s.what.function == aggregate::none) text += std::exchange(joint, ", ") + name(s.what.column);
  }
  return text;
}

std::string query_writer::order(std::span<const ordering> by) const {
  std::string text;
  const char* joint = " order by ";
  for (const ordering& o : by) {
    text += std::exchange(joint, ", ") + expression_text(o.by) + (o.descending ? " desc" : "");
    if (o.nulls != null_order::server) text += o.nulls == null_order::first ? " nulls first" : " nulls last";
  }
  return text;
}

// An offset without a limit is not SQL everywhere.
std::string query_writer::limits() const {
  if (what_.offset > 0) return " limit {} offset {}";
  return what_.limit ? " limit {}" : "";
}

std::string query_writer::locks() const {
  return lock_clause(dialect_, what_.lock, what_.lock_wait, tables_.empty() ? "" : "t1");
}

std::string query_writer::all() const {
  return (what_.distinct ? "select distinct " : "select ") + columns() + source() + order(what_.order) + limits() +
         locks();
}

std::string query_writer::aggregated(const expression& e) const {
  if (!counts_rows_of_a_part()) return "select " + expression_text(e) + source();
  if (e.function == aggregate::count) {
    const bool only_rows = !what_.distinct && !groups();
    return "select count(*) from (" + (only_rows ? "select 1 as x" + source() + limits() : all()) + ") as part";
  }
  return "select " + call(e.function, "x") + " from (select " + name(e.column) + " as x" + source() +
         order(what_.order) + limits() + ") as part";
}

std::string query_writer::exists() const {
  if (counts_rows_of_a_part()) return "select 1 from (" + all() + ") as part limit 1";
  return "select 1" + source() + " limit 1";
}

void query_writer::bind_conditions(std::vector<parameter>& out) const {
  for (const joined_table& j : what_.joined) j.on.append_parameters(out);
  for (const condition& c : what_.where) c.append_parameters(out);
}

void query_writer::bind_limits(std::vector<parameter>& out) const {
  if (!what_.limit && what_.offset == 0) return;
  out.emplace_back(value::integer(static_cast<std::int64_t>(std::min(what_.limit.value_or(most), most))));
  if (what_.offset > 0) out.emplace_back(value::integer(static_cast<std::int64_t>(std::min(what_.offset, most))));
}

bool query_writer::groups() const { return selects_groups(what_); }

bool query_writer::counts_rows_of_a_part() const {
  return what_.limit || what_.offset > 0 || what_.distinct || groups();
}

}  // namespace forebay::detail
