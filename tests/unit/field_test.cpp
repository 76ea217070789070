#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

#include <forebay/error.hpp>
#include <forebay/field.hpp>

using forebay::field_codec;
using forebay::read_status;
using forebay::value;
using forebay::value_kind;

namespace {

using std::chrono::microseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;
template <class Duration>
using point = std::chrono::time_point<std::chrono::system_clock, Duration>;
using bytes = std::vector<std::byte>;

template <class T>
read_status status_of(const value& cell) {
  T out{};
  return field_codec<T>::read(cell, out);
}

template <class T>
T read(const value& cell) {
  T out{};
  EXPECT_EQ(field_codec<T>::read(cell, out), read_status::ok);
  return out;
}

template <class T>
T there_and_back(const T& v) {
  return read<T>(field_codec<T>::write(v));
}

template <class Work>
forebay::errc code_of(Work work) {
  try {
    work();
  } catch (const forebay::error& e) {
    return e.code();
  }
  return forebay::errc::not_found;
}

template <class T>
void check_range() {
  EXPECT_EQ(there_and_back(std::numeric_limits<T>::max()), std::numeric_limits<T>::max());
  EXPECT_EQ(there_and_back(std::numeric_limits<T>::min()), std::numeric_limits<T>::min());
  if constexpr (sizeof(T) < 8) {
    EXPECT_EQ(status_of<T>(value::integer(std::int64_t{std::numeric_limits<T>::max()} + 1)), read_status::out_of_range);
  }
  if constexpr (sizeof(T) < 8 || std::is_unsigned_v<T>) {
    EXPECT_EQ(status_of<T>(value::integer(static_cast<std::int64_t>(std::numeric_limits<T>::min()) - 1)),
              read_status::out_of_range);
  }
}

TEST(Field, AnIntegerHasTheRangeOfItsType) {
  check_range<std::int8_t>();
  check_range<std::uint8_t>();
  check_range<std::int16_t>();
  check_range<std::uint16_t>();
  check_range<std::int32_t>();
  check_range<std::uint32_t>();
  check_range<std::int64_t>();
  EXPECT_EQ(there_and_back(std::uint64_t{INT64_MAX}), std::uint64_t{INT64_MAX});
  EXPECT_EQ(status_of<std::uint64_t>(value::integer(-1)), read_status::out_of_range);
}

TEST(Field, AnUnsignedIntegerAboveInt64IsRefusedWhenItIsWritten) {
  EXPECT_EQ(code_of([] { (void)field_codec<std::uint64_t>::write(std::uint64_t{INT64_MAX} + 1); }),
            forebay::errc::value_out_of_range);
}

TEST(Field, EachTypeReadsItsOwnKindsOnly) {
  const value cells[]{value(),          value::boolean(true), value::integer(1),  value::real(1),
                      value::text("1"), value::bytes("1", 1), value::timestamp(1)};
  const auto kinds_of = [&]<class T>(std::type_identity<T>) {
    std::string read;
    for (const value& cell : cells) {
      const read_status s = status_of<T>(cell);
      read += s == read_status::ok ? 'y' : s == read_status::null ? 'n' : s == read_status::wrong_type ? '-' : 'r';
    }
    return read;
  };
  //                                                                          null bool int real text bytes timestamp
  EXPECT_EQ(kinds_of(std::type_identity<std::int32_t>()), "nyy----");
  EXPECT_EQ(kinds_of(std::type_identity<bool>()), "nyy----");
  EXPECT_EQ(kinds_of(std::type_identity<double>()), "n-yy---");
  EXPECT_EQ(kinds_of(std::type_identity<float>()), "n-yy---");
  EXPECT_EQ(kinds_of(std::type_identity<std::string>()), "n---y--");
  EXPECT_EQ(kinds_of(std::type_identity<bytes>()), "n----y-");
  EXPECT_EQ(kinds_of(std::type_identity<point<microseconds>>()), "n-----y");
  EXPECT_EQ(kinds_of(std::type_identity<std::optional<std::int32_t>>()), "yyy----");
}

TEST(Field, ABoolIsZeroOrOne) {
  EXPECT_TRUE(read<bool>(value::integer(1)));
  EXPECT_FALSE(read<bool>(value::integer(0)));
  EXPECT_EQ(status_of<bool>(value::integer(2)), read_status::out_of_range);
  EXPECT_EQ(status_of<bool>(value::integer(-1)), read_status::out_of_range);
  EXPECT_EQ(field_codec<bool>::write(true).kind(), value_kind::boolean);
}

TEST(Field, AnIntegerIsReadIntoADoubleWhereEveryNumberIsExact) {
  constexpr std::int64_t exact = std::int64_t{1} << 53;
  EXPECT_EQ(read<double>(value::integer(exact)), 9007199254740992.0);
  EXPECT_EQ(read<double>(value::integer(-exact)), -9007199254740992.0);
  EXPECT_EQ(status_of<double>(value::integer(exact + 1)), read_status::out_of_range);
  EXPECT_EQ(status_of<double>(value::integer(-exact - 1)), read_status::out_of_range);
}

TEST(Field, AFloatHasItsRangeAndKeepsInfinitiesAndNan) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(status_of<float>(value::real(1e39)), read_status::out_of_range);
  EXPECT_EQ(status_of<float>(value::real(-1e39)), read_status::out_of_range);
  EXPECT_EQ(read<float>(value::real(infinity)), std::numeric_limits<float>::infinity());
  EXPECT_EQ(read<float>(value::real(-infinity)), -std::numeric_limits<float>::infinity());
  EXPECT_TRUE(std::isnan(read<float>(value::real(std::nan("")))));
  EXPECT_EQ(read<float>(value::real(std::numeric_limits<float>::max())), std::numeric_limits<float>::max());
  EXPECT_EQ(there_and_back(0.1f), 0.1f);
  EXPECT_EQ(there_and_back(std::numeric_limits<double>::denorm_min()), std::numeric_limits<double>::denorm_min());
}

TEST(Field, TextAndBytesKeepEveryByte) {
  const std::string text("a\0\xff", 3);
  EXPECT_EQ(there_and_back(text), text);
  EXPECT_EQ(there_and_back(std::string()), "");
  const bytes some{std::byte{0}, std::byte{255}};
  EXPECT_EQ(there_and_back(some), some);
  EXPECT_EQ(there_and_back(bytes()), bytes());
  EXPECT_EQ(field_codec<bytes>::write({}).kind(), value_kind::bytes) << "empty, not NULL";
}

enum class small : std::uint8_t { one = 1, big = 200 };
enum plain { first = -3, last = 70'000 };

TEST(Field, AnEnumerationIsItsInteger) {
  EXPECT_EQ(field_codec<small>::write(small::big).as_integer(), 200);
  EXPECT_EQ(there_and_back(small::big), small::big);
  EXPECT_EQ(there_and_back(first), first);
  EXPECT_EQ(status_of<small>(value::integer(256)), read_status::out_of_range);
  EXPECT_EQ(status_of<small>(value::text("one")), read_status::wrong_type);
}

TEST(Field, AnOptionalIsNullOrItsValue) {
  using maybe = std::optional<std::int32_t>;
  EXPECT_TRUE(field_codec<maybe>::write(std::nullopt).is_null());
  EXPECT_EQ(there_and_back(maybe(7)), 7);
  maybe out = 5;
  EXPECT_EQ(field_codec<maybe>::read(value(), out), read_status::ok);
  EXPECT_EQ(out, std::nullopt);
  EXPECT_EQ(status_of<maybe>(value::integer(INT64_MAX)), read_status::out_of_range);
}

TEST(Field, ATimePointIsMicrosecondsRoundedDown) {
  EXPECT_EQ(field_codec<point<nanoseconds>>::write(point<nanoseconds>(nanoseconds(1999))).as_integer(), 1);
  EXPECT_EQ(field_codec<point<nanoseconds>>::write(point<nanoseconds>(nanoseconds(-1))).as_integer(), -1);
  EXPECT_EQ(field_codec<point<seconds>>::write(point<seconds>(seconds(2))).as_integer(), 2'000'000);
  EXPECT_EQ(read<point<seconds>>(value::timestamp(-1)).time_since_epoch(), seconds(-1));
  EXPECT_EQ(read<point<std::chrono::days>>(value::timestamp(86'400'000'000)).time_since_epoch(), std::chrono::days(1));
}

TEST(Field, ATimePointThatItsTypeCannotHoldIsOutOfRange) {
  const std::int64_t late = 253'402'300'799'000'000;  // the year 9999; nanoseconds end in 2262
  EXPECT_EQ(status_of<point<nanoseconds>>(value::timestamp(late)), read_status::out_of_range);
  EXPECT_EQ(status_of<point<nanoseconds>>(value::timestamp(-late)), read_status::out_of_range);
  EXPECT_EQ(status_of<point<microseconds>>(value::timestamp(late)), read_status::ok);
  EXPECT_EQ(status_of<point<microseconds>>(value::timestamp(INT64_MAX)), read_status::ok);
  EXPECT_EQ(status_of<point<microseconds>>(value::timestamp(INT64_MIN)), read_status::ok);
  EXPECT_EQ(status_of<point<nanoseconds>>(value::timestamp(INT64_MIN)), read_status::out_of_range);
}

TEST(Field, ATimePointBeyondMicrosecondsIsRefusedWhenItIsWritten) {
  EXPECT_EQ(code_of([] { (void)field_codec<point<seconds>>::write(point<seconds>::max()); }),
            forebay::errc::value_out_of_range);
  EXPECT_EQ(code_of([] { (void)field_codec<point<std::chrono::hours>>::write(point<std::chrono::hours>::min()); }),
            forebay::errc::value_out_of_range);
  EXPECT_EQ(there_and_back(point<microseconds>::max()), point<microseconds>::max());
}

TEST(Field, ATimeIsReadFromItsText) {
  const auto microseconds_of = [](std::string_view text) {
    return read<point<microseconds>>(value::text(text)).time_since_epoch().count();
  };
  EXPECT_EQ(microseconds_of("1970-01-01 00:00:00"), 0);
  EXPECT_EQ(microseconds_of("1970-01-01T00:00:01Z"), 1'000'000);
  EXPECT_EQ(microseconds_of("1969-12-31T23:59:59.999999Z"), -1);
  EXPECT_EQ(microseconds_of("2026-11-24 10:30:00"), 1'795'516'200'000'000);
  EXPECT_EQ(microseconds_of("2026-11-24 10:30:00.5"), 1'795'516'200'500'000);
  EXPECT_EQ(microseconds_of("2026-11-24 10:30:00.000001Z"), 1'795'516'200'000'001);
  EXPECT_EQ(microseconds_of("2024-02-29 00:00:00"), 1'709'164'800'000'000);
  EXPECT_EQ(microseconds_of("0000-01-01 00:00:00"), -62'167'219'200'000'000);
  EXPECT_EQ(microseconds_of("9999-12-31 23:59:59.999999"), 253'402'300'799'999'999);
}

TEST(Field, TextThatIsNoTimeIsOfTheWrongType) {
  for (const std::string text : {"",
                                 "now",
                                 "2026-11-24",
                                 "2026-11-24 10:30",
                                 "2026-11-24 10:30:0",
                                 "2026-11-24x10:30:00",
                                 "2026/11/24 10:30:00",
                                 "2026-13-01 00:00:00",
                                 "2026-00-01 00:00:00",
                                 "2026-02-29 00:00:00",
                                 "2026-11-31 00:00:00",
                                 "2026-11-00 00:00:00",
                                 "2026-11-24 24:00:00",
                                 "2026-11-24 10:60:00",
                                 "2026-11-24 10:30:60",
                                 "2026-11-24 10:30:00.",
                                 "2026-11-24 10:30:00.Z",
                                 "2026-11-24 10:30:00.1234567",
                                 "2026-11-24 10:30:00,5",
                                 "2026-11-24 10:30:00+01:00",
                                 "2026-11-24 10:30:00 Z",
                                 "2026-11-24 10:30:00ZZ",
                                 "-026-11-24 10:30:00",
                                 "+026-11-24 10:30:00",
                                 "2026-+1-24 10:30:00",
                                 " 2026-11-24 10:30:00",
                                 "2026-11-24 10:30:00.-1",
                                 "2026-11-24 1 :30:00",
                                 "20261-11-24 10:30:00",
                                 "2026-11-24 10:30:00\n"}) {
    EXPECT_EQ(status_of<point<microseconds>>(value::text(text)), read_status::wrong_type) << text;
  }
}

TEST(Field, AnyBytesAsATimeAreReadOrRefused) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  const std::string alphabet("0123456789-:.TZ +\0x", 19);
  for (int i = 0; i < 20'000; ++i) {
    std::string text = "2026-11-24 10:30:00.123456Z";
    text.resize(random() % (text.size() + 1));
    for (int n = 0; n < 2 && !text.empty(); ++n) text[random() % text.size()] = alphabet[random() % alphabet.size()];
    const read_status s = status_of<point<nanoseconds>>(value::text(text));
    ASSERT_TRUE(s == read_status::ok || s == read_status::wrong_type || s == read_status::out_of_range) << text;
  }
}

TEST(Field, CountsTheMemoryThatItOwns) {
  EXPECT_EQ(field_codec<std::string>::heap_bytes("short"), 0u);
  EXPECT_GE(field_codec<std::string>::heap_bytes(std::string(100, 'x')), 101u);
  EXPECT_GE(field_codec<bytes>::heap_bytes(bytes(100)), 100u);
  EXPECT_EQ(field_codec<std::optional<std::string>>::heap_bytes(std::nullopt), 0u);
  EXPECT_GE(field_codec<std::optional<std::string>>::heap_bytes(std::string(100, 'x')), 101u);
  const std::int64_t number = 7;
  EXPECT_EQ(forebay::detail::operations_of<std::int64_t>.heap_bytes(&number), 0u);
}

}  // namespace

// A type of the application's own.
namespace library {
struct isbn {
  std::string digits;
};
}  // namespace library

template <>
struct forebay::field_codec<library::isbn> {
  static constexpr std::string_view name = "isbn";
  static read_status read(const value& cell, library::isbn& out) {
    return field_codec<std::string>::read(cell, out.digits);
  }
  static value write(const library::isbn& in) { return value::text(in.digits); }
};

namespace {

using library::isbn;

static_assert(forebay::field<isbn> && forebay::field<std::optional<isbn>> && forebay::bindable<isbn>);
static_assert(!forebay::field<char> && !forebay::field<std::string_view> && !forebay::field<void*>);
static_assert(forebay::bindable<std::string_view>);

TEST(Field, MayBeATypeOfTheApplicationsOwn) {
  const isbn book{"978"};
  EXPECT_EQ(there_and_back(book).digits, "978");
  EXPECT_EQ(there_and_back(std::optional<isbn>(book))->digits, "978");
}

}  // namespace
