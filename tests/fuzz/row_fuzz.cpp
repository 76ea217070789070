// Cells of any kind read into a struct with members of every kind: refused with a typed error, or read so that writing
// and reading again gives the same; and the bytes of keys.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <forebay/entity/entity.hpp>
#include <forebay/entity/key_codec.hpp>
#include <forebay/entity/macros.hpp>
#include <forebay/entity/row_codec.hpp>
#include <forebay/error.hpp>

namespace fuzzed {

enum class color : std::int16_t { red, green };

struct row {
  std::int64_t id{};
  std::string name;
  bool flag{};
  std::int8_t small{};
  std::uint16_t medium{};
  std::uint64_t large{};
  float narrow{};
  double wide{};
  color paint{};
  std::vector<std::byte> bytes;
  std::chrono::sys_time<std::chrono::microseconds> at{};
  std::optional<std::string> maybe;
  std::optional<std::int32_t> number;
};

FOREBAY_ENTITY(row, (.table = "rows", .key = {&row::id, &row::name}), id, name, flag, small, medium, large, narrow,
               wide, paint, bytes, at, maybe, number);

}  // namespace fuzzed

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

class input {
 public:
  input(const std::uint8_t* data, std::size_t size) : rest_(reinterpret_cast<const char*>(data), size) {}
  template <class T>
  T take() {
    T out{};
    const std::size_t n = rest_.size() < sizeof(T) ? rest_.size() : sizeof(T);
    std::memcpy(&out, rest_.data(), n);
    rest_.remove_prefix(n);
    return out;
  }
  std::string_view take_text() {
    const std::string_view text = rest_.substr(0, take<std::uint8_t>() % 40);
    rest_.remove_prefix(text.size() < rest_.size() ? text.size() : rest_.size());
    return text;
  }

 private:
  std::string_view rest_;
};

forebay::value cell(input& in) {
  switch (in.take<std::uint8_t>() % 9) {
    case 0: return {};
    case 1: return forebay::value::boolean(in.take<std::uint8_t>() % 2 == 1);
    case 2: return forebay::value::integer(in.take<std::int64_t>());
    case 3: return forebay::value::integer(in.take<std::int8_t>());
    case 4: return forebay::value::real(in.take<double>());
    case 5: {
      const std::string_view b = in.take_text();
      return forebay::value::bytes(b.data(), b.size());
    }
    case 6: return forebay::value::timestamp(in.take<std::int64_t>());
    default: return forebay::value::text(in.take_text());
  }
}

bool same(const forebay::value& a, const forebay::value& b) {
  if (a.kind() != b.kind()) return false;
  switch (a.kind()) {
    case forebay::value_kind::null: return true;
    case forebay::value_kind::real: return a.as_real() == b.as_real() || a.as_real() != a.as_real();
    case forebay::value_kind::text:
    case forebay::value_kind::bytes: return a.as_text() == b.as_text();
    default: return a.as_integer() == b.as_integer();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const forebay::entity_table& table = forebay::table_of<fuzzed::row>;
  input in(data, size);
  std::vector<forebay::value> cells;
  for (std::size_t i = 0; i < table.row.columns.size(); ++i) cells.push_back(cell(in));
  forebay::column_map map;
  for (std::uint32_t i = 0; i < cells.size(); ++i) map.push_back(i);
  try {
    fuzzed::row once;
    forebay::read_row(table.row, map, cells, 1, &once);
    std::vector<forebay::value> written;
    forebay::write_row(table.row, &once, written);
    fuzzed::row twice;
    forebay::read_row(table.row, map, written, 1, &twice);
    std::vector<forebay::value> again;
    forebay::write_row(table.row, &twice, again);
    require(written.size() == again.size());
    for (std::size_t i = 0; i < written.size(); ++i) require(same(written[i], again[i]));
    const forebay::key_bytes first(forebay::key_values_of(table, &once));
    const forebay::key_bytes second(forebay::key_values_of(table, &twice));
    require(first.view() == second.view());
  } catch (const forebay::error& e) {
    require(e.code() == forebay::errc::schema_mismatch || e.code() == forebay::errc::value_out_of_range);
  }
  return 0;
}
