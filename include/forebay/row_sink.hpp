#pragma once

#include <concepts>
#include <cstddef>
#include <optional>
#include <span>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <forebay/db/connection.hpp>
#include <forebay/entity/entity.hpp>
#include <forebay/error.hpp>
#include <forebay/export.hpp>

// What becomes of the rows of a query: the typed ends of the untyped code that runs it.

namespace forebay::detail {

// Takes the rows of a query one by one.
class FOREBAY_API row_sink {
 public:
  virtual ~row_sink();
  // Once, before the first row, where the application wrote the statement: what the rows are read from.
  virtual void begin(rows&) {}
  // False: enough.
  virtual bool take(rows& current) = 0;
};

// Whether one of them is not NULL.
FOREBAY_API bool any_value(std::span<const value> cells) noexcept;

template <class>
inline constexpr bool is_tuple_of_fields = false;
template <class... M>
inline constexpr bool is_tuple_of_fields<std::tuple<M...>> = (field<M> && ...);
template <class Row>
inline constexpr bool readable_row = row_type<Row> || field<Row> || is_tuple_of_fields<Row>;

template <class Row>
constexpr bool check_readable() {
  static_assert(
      readable_row<Row>,
      "forebay: rows are read into a FOREBAY_ROW or FOREBAY_ENTITY, a type with a field_codec, or a std::tuple "
      "of those");
  return readable_row<Row>;
}

template <class Row>
void read_by_position(rows& from, Row& out) {
  if constexpr (field<Row>) {
    from.read_cell(0, operations_of<Row>, &out);
  } else {
    std::size_t index = 0;
    std::apply([&]<class... M>(M&... member) { (from.read_cell(index++, operations_of<M>, &member), ...); }, out);
  }
}

// Of a row of several entities: an entity, or std::optional of one whose columns are all NULL where a left join found
// none.
template <class Part>
struct joined_part {
  using type = Part;
  static bool fits(std::span<const value>) { return true; }
  static Part& make(Part& p) { return p; }
  static void clear(Part&) {}
};
template <class T>
struct joined_part<std::optional<T>> {
  using type = T;
  static bool fits(std::span<const value> cells) { return any_value(cells); }
  static T& make(std::optional<T>& p) { return p.emplace(); }
  static void clear(std::optional<T>& p) { p.reset(); }
};

template <class>
inline constexpr bool is_joined_row = false;
template <class... Part>
inline constexpr bool is_joined_row<std::tuple<Part...>> = (entity<typename joined_part<Part>::type> && ...);

template <class Part>
void read_part(rows& from, std::size_t& first, Part& out) {
  using which = joined_part<Part>;
  constexpr const row_shape& shape = shape_of<typename which::type>;
  if (which::fits(from.cells().subspan(first, shape.columns.size()))) {
    from.read_at(shape, first, &which::make(out));
  } else {
    which::clear(out);
  }
  first += shape.columns.size();
}

template <class... Part>
void read_joined(rows& from, std::tuple<Part...>& out) {
  std::size_t first = 0;
  std::apply([&](Part&... part) { (read_part(from, first, part), ...); }, out);
}

template <class Row>
void read_current(rows& from, Row& out) {
  if constexpr (row_type<Row>) {
    from.read(shape_of<Row>, &out);
  } else if constexpr (is_joined_row<Row>) {
    read_joined(from, out);
  } else if constexpr (readable_row<Row>) {  // otherwise check_readable has said so, once
    read_by_position(from, out);
  }
}

template <class Row>
class typed_sink : public row_sink {
 public:
  void begin(rows& result) override {
    if constexpr (row_type<Row>) {
      result.expect(shape_of<Row>);
    } else if constexpr (field<Row>) {
      result.expect_columns(1);
    } else if constexpr (is_tuple_of_fields<Row>) {
      result.expect_columns(std::tuple_size_v<Row>);
    }
  }
};

template <class Row>
class collector final : public typed_sink<Row> {
 public:
  bool take(rows& current) override {
    Row row{};
    read_current(current, row);
    collected.push_back(std::move(row));
    return true;
  }
  std::vector<Row> collected;
};

// At most one row. A second one is refused while the statement is under way, so that a write that returned it is
// undone.
template <class Row>
class only_row final : public typed_sink<Row> {
 public:
  bool take(rows& current) override {
    if (found) {
      current.fail(errc::too_many_rows,
                   {.message = "the statement gives more than one row where at most one is asked for",
                    .fix = "name a unique column in its condition, add \"limit 1\", or ask for all rows"});
    }
    read_current(current, found.emplace());
    return true;
  }
  std::optional<Row> found;
};

// Hands each row to a function of the application, which may stop by giving false.
template <class Row, class Function>
class row_by_row final : public typed_sink<Row> {
 public:
  explicit row_by_row(Function& function) : function_(function) {}
  bool take(rows& current) override {
    current.check_time();
    read_current(current, row_);
    if constexpr (std::same_as<std::invoke_result_t<Function&, Row&>, bool>) {
      return function_(row_);
    } else {
      function_(row_);
      return true;
    }
  }

 private:
  Function& function_;
  Row row_{};  // one for all: its texts keep their memory
};

}  // namespace forebay::detail
