#include <forebay/field.hpp>

#include <charconv>
#include <cmath>
#include <cstdio>

#include <forebay/error.hpp>

namespace forebay::detail {

read_status read_integer(const value& cell, std::int64_t& out) noexcept {
  if (cell.is_null()) return read_status::null;
  if (cell.kind() != value_kind::integer && cell.kind() != value_kind::boolean) return read_status::wrong_type;
  out = cell.as_integer();
  return read_status::ok;
}

read_status read_real(const value& cell, double& out) noexcept {
  if (cell.is_null()) return read_status::null;
  if (cell.kind() == value_kind::real) {
    out = cell.as_real();
    return read_status::ok;
  }
  if (cell.kind() != value_kind::integer) return read_status::wrong_type;
  constexpr std::int64_t exact = std::int64_t{1} << 53;
  if (cell.as_integer() > exact || cell.as_integer() < -exact) return read_status::out_of_range;
  out = static_cast<double>(cell.as_integer());
  return read_status::ok;
}

read_status read_text(const value& cell, std::string& out) {
  if (cell.is_null()) return read_status::null;
  if (cell.kind() != value_kind::text) return read_status::wrong_type;
  out.assign(cell.as_text());
  return read_status::ok;
}

read_status read_bytes(const value& cell, std::vector<std::byte>& out) {
  if (cell.is_null()) return read_status::null;
  if (cell.kind() != value_kind::bytes) return read_status::wrong_type;
  const auto* first = reinterpret_cast<const std::byte*>(cell.as_text().data());
  out.assign(first, first + cell.as_text().size());
  return read_status::ok;
}

namespace {

// Reads the digits of one part of a date or time, all of them.
bool read_digits(std::string_view text, std::size_t at, std::size_t count, int& out) noexcept {
  if (at + count > text.size()) return false;
  for (const char c : text.substr(at, count)) {
    if (c < '0' || c > '9') return false;
  }
  std::from_chars(text.data() + at, text.data() + at + count, out);
  return true;
}

// ".5" is half a second: the digits count from the left.
bool read_fraction(std::string_view text, std::int64_t& ticks) noexcept {
  if (text.size() < 2 || text.size() > 7 || text[0] != '.') return false;
  int digits = 0;
  if (!read_digits(text, 1, text.size() - 1, digits)) return false;
  ticks = digits;
  for (std::size_t n = text.size(); n < 7; ++n) ticks *= 10;
  return true;
}

bool parse_timestamp(std::string_view text, std::int64_t& out) noexcept {
  using namespace std::chrono;
  constexpr std::size_t whole_seconds = std::string_view("2026-11-24 10:30:00").size();
  if (text.ends_with('Z')) text.remove_suffix(1);
  int y = 0, mo = 0, d = 0, h = 0, mi = 0, s = 0;
  if (text.size() < whole_seconds) return false;
  if (text[4] != '-' || text[7] != '-' || (text[10] != ' ' && text[10] != 'T') || text[13] != ':' || text[16] != ':') {
    return false;
  }
  if (!read_digits(text, 0, 4, y) || !read_digits(text, 5, 2, mo) || !read_digits(text, 8, 2, d) ||
      !read_digits(text, 11, 2, h) || !read_digits(text, 14, 2, mi) || !read_digits(text, 17, 2, s)) {
    return false;
  }
  const year_month_day date{year(y), month(static_cast<unsigned>(mo)), day(static_cast<unsigned>(d))};
  if (!date.ok() || h > 23 || mi > 59 || s > 59) return false;
  std::int64_t fraction = 0;
  if (text.size() > whole_seconds && !read_fraction(text.substr(whole_seconds), fraction)) return false;
  const auto whole = sys_days(date) + hours(h) + minutes(mi) + seconds(s);
  out = duration_cast<microseconds>(whole.time_since_epoch()).count() + fraction;
  return true;
}

}  // namespace

read_status read_timestamp(const value& cell, std::int64_t& ticks) noexcept {
  if (cell.is_null()) return read_status::null;
  if (cell.kind() == value_kind::timestamp) {
    ticks = cell.as_integer();
    return read_status::ok;
  }
  if (cell.kind() != value_kind::text) return read_status::wrong_type;
  return parse_timestamp(cell.as_text(), ticks) ? read_status::ok : read_status::wrong_type;
}

std::string timestamp_text(std::int64_t ticks) {
  using namespace std::chrono;
  const sys_time<microseconds> at{microseconds(ticks)};
  const auto day = floor<days>(at);
  if (day < sys_days(year(0) / 1 / 1) || day > sys_days(year(9999) / 12 / 31)) {
    throw_error(errc::value_out_of_range, {.message = "a time point outside the years 0 to 9999 cannot be stored"});
  }
  const year_month_day date(day);
  const hh_mm_ss time(at - day);
  char text[40];
  const int length = std::snprintf(
      text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d.%06dZ", static_cast<int>(date.year()), unsigned{date.month()},
      unsigned{date.day()}, static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
      static_cast<int>(time.seconds().count()), static_cast<int>(time.subseconds().count()));
  return {text, static_cast<std::size_t>(length)};
}

void throw_unsigned_too_large() {
  throw_error(errc::value_out_of_range, {.message = "an unsigned integer above 9223372036854775807 cannot be bound: "
                                                    "databases have signed 64-bit integers"});
}

void throw_unnamed_enumerator() {
  throw_error(errc::value_out_of_range,
              {.message = "a value that forebay_names does not list was given for an enumeration "
                          "that is stored by name"});
}

void throw_time_point_too_far() {
  throw_error(errc::value_out_of_range,
              {.message = "a time point more than 292,000 years from 1970 cannot be bound: microseconds have 64 bits"});
}

}  // namespace forebay::detail
