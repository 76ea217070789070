#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <forebay/call_site.hpp>
#include <forebay/predicate.hpp>
#include <forebay/value.hpp>

namespace forebay::detail {

// A number for the query that a cursor belongs to: the same in every process and version.
[[nodiscard]] std::uint64_t cursor_identity(std::string_view query) noexcept;

// The place of a row in an order, as text; see page.hpp.
[[nodiscard]] std::string encode_cursor(std::uint64_t query, std::span<const owned_value> place);

// Throws invalid_cursor for what encode_cursor has not made for the same query, with as many values.
[[nodiscard]] std::vector<owned_value> decode_cursor(std::string_view cursor, std::uint64_t query, std::size_t values,
                                                     const call_site& where);

}  // namespace forebay::detail
