#include <forebay/entity/row_codec.hpp>

#include <algorithm>
#include <string>

#include <forebay/error.hpp>

namespace forebay {

namespace {

std::string member_name(const row_shape& shape, const column& c) {
  if (shape.type_name.empty()) return "the type that it is read into";
  return std::string(shape.type_name) + "::" + std::string(c.name);
}

std::string joined(std::span<const std::string> names) {
  std::string text;
  for (const std::string& n : names) text += (text.empty() ? "" : ", ") + n;
  return text;
}

}  // namespace

void throw_unreadable(const row_shape& shape, const column& c, const value& cell, std::uint64_t row_number,
                      read_status status) {
  const std::string member = member_name(shape, c) + " is " + std::string(c.field->type_name);
  const std::string cell_name = "column " + std::string(c.name) + ", row " + std::to_string(row_number) + ": ";
  if (status == read_status::null) {
    throw schema_mismatch({.message = cell_name + "the cell is NULL, but " + member,
                           .fix = "make the member std::optional, or the column NOT NULL"});
  }
  if (status == read_status::out_of_range) {
    throw_error(errc::value_out_of_range,
                {.message = cell_name + "the number does not fit: " + member + " of a smaller range",
                 .fix = "give the member a wider type"});
  }
  if (status == read_status::malformed) {
    throw schema_mismatch({.message = cell_name + "the cell holds " + std::string(to_string(cell.kind())) +
                                      " of another form or length: " + member,
                           .fix = "correct the row, or give the member a type that takes it"});
  }
  throw schema_mismatch(
      {.message =
           cell_name + "the cell holds " + std::string(to_string(cell.kind())) + " that cannot be read: " + member,
       .fix = "make member and column agree; SQLite keeps what was written, whatever the column says"});
}

column_map map_columns(const row_shape& shape, std::span<const std::string> result_columns) {
  column_map map;
  map.reserve(shape.columns.size());
  for (const column& c : shape.columns) {
    const auto found = std::ranges::find(result_columns, c.name);
    if (found == result_columns.end()) {
      throw schema_mismatch({.message = "the result has no column \"" + std::string(c.name) + "\" for " +
                                        member_name(shape, c) + "; it has: " + joined(result_columns),
                             .fix = "select it, or name it with \"as " + std::string(c.name) + "\""});
    }
    if (std::find(found + 1, result_columns.end(), c.name) != result_columns.end()) {
      throw schema_mismatch({.message = "the result has two columns \"" + std::string(c.name) + "\", so that " +
                                        member_name(shape, c) + " is ambiguous",
                             .fix = "give one of them another name with \"as\""});
    }
    map.push_back(static_cast<std::uint32_t>(found - result_columns.begin()));
  }
  return map;
}

namespace {

void read_cell(const row_shape& shape, const column& c, const value& cell, std::uint64_t row_number, void* row) {
  const read_status status = c.field->read(cell, static_cast<std::byte*>(row) + c.offset);
  if (status != read_status::ok) throw_unreadable(shape, c, cell, row_number, status);
}

}  // namespace

void read_row(const row_shape& shape, const column_map& map, std::span<const value> cells, std::uint64_t row_number,
              void* row) {
  for (std::size_t i = 0; i < shape.columns.size(); ++i)
    read_cell(shape, shape.columns[i], cells[map[i]], row_number, row);
}

void read_columns(const row_shape& shape, std::span<const value> cells, std::uint64_t row_number, void* row) {
  for (std::size_t i = 0; i < shape.columns.size(); ++i) read_cell(shape, shape.columns[i], cells[i], row_number, row);
}

void write_row(const row_shape& shape, const void* row, std::vector<value>& out) {
  for (const column& c : shape.columns) out.push_back(read_member(c, row));
}

}  // namespace forebay
