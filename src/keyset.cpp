#include "keyset.hpp"

#include <algorithm>

namespace forebay::detail {

namespace {

bool joined_optionally(const query_text& what, const entity_table* table) {
  return std::ranges::any_of(what.joined, [&](const joined_table& j) { return j.table == table && j.optional; });
}

bool can_be_null(const query_text& what, const ordering& o) {
  return o.by.column.meant().field->nullable || joined_optionally(what, o.by.column.table);
}

bool nulls_come_last(const dialect& d, const ordering& o) {
  if (o.nulls != null_order::server) return o.nulls == null_order::last;
  return d.null_is_smallest == o.descending;
}

// Writes "behind the place" from the last column of the order to the first: behind in this column, or equal in it and
// behind in the rest.
class place_writer {
 public:
  place_writer(const query_text& what, const query_writer& writer, const dialect& d)
      : what_(what), writer_(writer), dialect_(d) {}

  place_condition write(std::span<const ordering> order, std::span<const owned_value> place) {
    if (compares_as_one(order, place)) return as_one(order, place);
    place_condition c;
    c.text = from(order, place, c.bound);
    return c;
  }

 private:
  // (a, b) > ({}, {}), which an index on (a, b) serves best.
  bool compares_as_one(std::span<const ordering> order, std::span<const owned_value> place) const {
    for (std::size_t i = 0; i < order.size(); ++i) {
      if (order[i].descending != order[0].descending || place[i].view().is_null() || nulls_follow(order[i]))
        return false;
    }
    return true;
  }
  place_condition as_one(std::span<const ordering> order, std::span<const owned_value> place) const {
    place_condition c;
    std::string names;
    std::string marks;
    for (std::size_t i = 0; i < order.size(); ++i) {
      names += (i > 0 ? ", " : "") + writer_.name(order[i].by.column);
      marks += i > 0 ? ", {}" : "{}";
      c.bound.emplace_back(place[i].view());
    }
    const char* sign = order[0].descending ? " < " : " > ";
    c.text = order.size() == 1 ? names + sign + marks : "(" + names + ")" + sign + "(" + marks + ")";
    return c;
  }

  std::string from(std::span<const ordering> order, std::span<const owned_value> place,
                   std::vector<parameter>& bound) const {
    const ordering& o = order[0];
    const std::string name = writer_.name(o.by.column);
    const value at = place[0].view();
    const bool more = order.size() > 1;
    if (at.is_null()) {
      const std::string rest = more ? from(order.subspan(1), place.subspan(1), bound) : "false";
      const std::string equal = "(" + name + " is null and " + rest + ")";
      return nulls_come_last(dialect_, o) ? equal : "(" + name + " is not null or " + equal + ")";
    }
    const std::string beyond = name + (o.descending ? " < {}" : " > {}");
    if (nulls_follow(o)) {
      bound.emplace_back(at);
      if (!more) return "(" + beyond + " or " + name + " is null)";
      bound.emplace_back(at);
      return "(" + beyond + " or " + name + " is null or (" + name + " = {} and " +
             from(order.subspan(1), place.subspan(1), bound) + "))";
    }
    bound.emplace_back(at);
    if (!more) return beyond;
    bound.emplace_back(at);
    // Not "or (equal and ...)": what holds for all of it is a range that an index can serve.
    return "(" + name + (o.descending ? " <= {}" : " >= {}") + " and (" + beyond + " or " +
           from(order.subspan(1), place.subspan(1), bound) + "))";
  }

  [[nodiscard]] bool nulls_follow(const ordering& o) const {
    return can_be_null(what_, o) && nulls_come_last(dialect_, o);
  }

  const query_text& what_;
  const query_writer& writer_;
  const dialect& dialect_;
};

}  // namespace

std::vector<ordering> total_order(const query_text& what) {
  std::vector<ordering> order = what.order;
  const auto append_key = [&](const entity_table& table) {
    for (const int k : table.key) {
      const column_ref c{&table, k};
      const bool there = std::ranges::any_of(order, [&](const ordering& o) { return o.by.column == c; });
      if (!there) order.push_back({.by = {c}, .descending = !order.empty() && order.back().descending});
    }
  };
  append_key(*what.table);
  for (const joined_table& j : what.joined) append_key(*j.table);
  return order;
}

std::vector<ordering> reversed(std::span<const ordering> order) {
  std::vector<ordering> other(order.begin(), order.end());
  for (ordering& o : other) {
    o.descending = !o.descending;
    if (o.nulls != null_order::server) o.nulls = o.nulls == null_order::first ? null_order::last : null_order::first;
  }
  return other;
}

place_condition behind(const query_text& what, const query_writer& writer, const dialect& d,
                       std::span<const ordering> order, std::span<const owned_value> place) {
  return place_writer(what, writer, d).write(order, place);
}

}  // namespace forebay::detail
