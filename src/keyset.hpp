#pragma once

#include <span>
#include <string>
#include <vector>

#include <forebay/query_base.hpp>
#include <forebay/sql/dialect.hpp>

#include "query_text.hpp"

namespace forebay::detail {

// The query's order with the keys of its entities appended: no two rows stand in one place.
[[nodiscard]] std::vector<ordering> total_order(const query_text& what);
// The opposite order.
[[nodiscard]] std::vector<ordering> reversed(std::span<const ordering> order);

// A condition that holds for the rows behind a place in an order; see after().
struct place_condition {
  std::string text;
  std::vector<parameter> bound;  // views into the place
};
[[nodiscard]] place_condition behind(const query_text& what, const query_writer& writer, const dialect& d,
                                     std::span<const ordering> order, std::span<const owned_value> place);

}  // namespace forebay::detail
