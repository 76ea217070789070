#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <forebay/entity/entity.hpp>
#include <forebay/export.hpp>
#include <forebay/value.hpp>

namespace forebay {

// Where each column of a shape stands in the rows of a result.
using column_map = std::vector<std::uint32_t>;

// Throws schema_mismatch, naming the column and the type, when a column of the shape is missing from the result or is
// there twice. Columns that the shape does not name are ignored.
FOREBAY_API column_map map_columns(const row_shape& shape, std::span<const std::string> result_columns);

// Fills the struct at `row` from one row of a result. Throws schema_mismatch or value_out_of_range, naming column, type
// and row number (from 1), never the value. The struct is then partly filled.
FOREBAY_API void read_row(const row_shape& shape, const column_map& map, std::span<const value> cells,
                          std::uint64_t row_number, void* row);

// The same where the cells stand in the order of the shape's columns.
FOREBAY_API void read_columns(const row_shape& shape, std::span<const value> cells, std::uint64_t row_number,
                              void* row);

// What read_row throws for a cell that could not be read.
[[noreturn]] FOREBAY_API void throw_unreadable(const row_shape& shape, const column& c, const value& cell,
                                               std::uint64_t row_number, read_status status);

// The value of one column; views into the struct.
[[nodiscard]] inline value read_member(const column& c, const void* row) {
  return c.field->write(static_cast<const std::byte*>(row) + c.offset);
}

// The values of all columns, in the order of the shape.
FOREBAY_API void write_row(const row_shape& shape, const void* row, std::vector<value>& out);

}  // namespace forebay
