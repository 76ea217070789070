#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include <forebay/entity/entity.hpp>
#include <forebay/entity/key_codec.hpp>
#include <forebay/error.hpp>
#include <forebay/fields/decimal.hpp>
#include <forebay/fields/fixed_bytes.hpp>
#include <forebay/fields/json_text.hpp>
#include <forebay/sql/parameter.hpp>

using forebay::decimal;
using forebay::field_codec;
using forebay::json_text;
using forebay::read_status;
using forebay::value;
using forebay::value_kind;
using namespace std::chrono_literals;

namespace library {

enum class colour : std::uint8_t { red, green, unnamed };
consteval auto forebay_names(forebay::type_tag<colour>) {
  return forebay::names<colour>({{colour::red, "red"}, {colour::green, "green"}});
}

struct isbn {
  std::string digits;
};

// Checks what it is made from, and keeps it to itself.
class percent {
 public:
  percent() = default;
  static std::optional<percent> from(std::int64_t n) {
    if (n < 0 || n > 100) return std::nullopt;
    percent p;
    p.number_ = n;
    return p;
  }
  [[nodiscard]] std::int64_t number() const { return number_; }

 private:
  std::int64_t number_ = 0;
};

}  // namespace library

template <>
struct forebay::field_codec<library::isbn> : forebay::stored_as<library::isbn, &library::isbn::digits> {
  static constexpr std::string_view name = "isbn";
};
template <>
struct forebay::field_codec<library::percent>
    : forebay::stored_as<library::percent, &library::percent::number, &library::percent::from> {};

namespace {

using library::colour;
using uuid = std::array<std::byte, 16>;

template <class T>
read_status status_of(const value& cell) {
  T out{};
  return field_codec<T>::read(cell, out);
}

template <class T>
T there_and_back(const T& v) {
  T out{};
  EXPECT_EQ(field_codec<T>::read(field_codec<T>::write(v), out), read_status::ok);
  return out;
}

template <class Work>
std::string refusal(Work work) {
  try {
    work();
  } catch (const forebay::error& e) {
    EXPECT_EQ(e.code(), forebay::errc::value_out_of_range);
    return e.what();
  }
  return "accepted";
}

uuid counted() {
  uuid id;
  for (std::size_t i = 0; i < id.size(); ++i) id[i] = static_cast<std::byte>(i * 17);
  return id;
}

TEST(NamedEnumeration, IsStoredByItsName) {
  EXPECT_EQ(field_codec<colour>::write(colour::green).as_text(), "green");
  EXPECT_EQ(there_and_back(colour::green), colour::green);
  EXPECT_EQ(there_and_back(std::optional(colour::red)), colour::red);
  EXPECT_EQ(there_and_back(std::optional<colour>()), std::nullopt);
  EXPECT_FALSE(forebay::detail::operations_of<colour>.plain) << "a collation decides what is equal";
}

TEST(NamedEnumeration, NeitherReadsNorWritesWhatItDoesNotList) {
  EXPECT_EQ(status_of<colour>(value::text("blue")), read_status::malformed);
  EXPECT_EQ(status_of<colour>(value::text("Red")), read_status::malformed);
  EXPECT_EQ(status_of<colour>(value::text("")), read_status::malformed);
  EXPECT_EQ(status_of<colour>(value::integer(0)), read_status::wrong_type);
  EXPECT_EQ(status_of<colour>(value()), read_status::null);
  EXPECT_NE(refusal([] { (void)field_codec<colour>::write(colour::unnamed); }), "accepted");
}

TEST(Duration, IsANumberOfItsOwnUnit) {
  EXPECT_EQ(field_codec<std::chrono::seconds>::write(90s).as_integer(), 90);
  EXPECT_EQ(field_codec<std::chrono::milliseconds>::write(90s).as_integer(), 90'000);
  EXPECT_EQ(there_and_back(-5min), -5min);
  EXPECT_EQ(there_and_back(std::chrono::duration<double>(0.25)).count(), 0.25);
  using small = std::chrono::duration<std::int16_t>;
  EXPECT_EQ(status_of<small>(value::integer(40'000)), read_status::out_of_range);
  EXPECT_EQ(status_of<small>(value::text("1")), read_status::wrong_type);
  EXPECT_EQ(status_of<small>(value()), read_status::null);
}

TEST(FixedBytes, AreBytesOfThatLength) {
  EXPECT_EQ(there_and_back(counted()), counted());
  const std::array<unsigned char, 3> three{0, 255, 1};
  EXPECT_EQ(there_and_back(three), three);
  EXPECT_EQ(field_codec<uuid>::write(counted()).kind(), value_kind::bytes);
  EXPECT_EQ(status_of<uuid>(value::bytes("123456789012345", 15)), read_status::malformed);
  EXPECT_EQ(status_of<uuid>(value::bytes("12345678901234567", 17)), read_status::malformed);
  EXPECT_EQ(status_of<uuid>(value::bytes("", 0)), read_status::malformed);
  EXPECT_EQ(status_of<uuid>(value::integer(1)), read_status::wrong_type);
  EXPECT_EQ(status_of<uuid>(value()), read_status::null);
  EXPECT_EQ((status_of<std::array<std::byte, 8>>(value::text("12345678"))), read_status::wrong_type);
}

TEST(FixedBytes, SixteenAreReadFromTheTextOfAUuid) {
  uuid id{};
  ASSERT_EQ(field_codec<uuid>::read(value::text("00112233-4455-6677-8899-aAbBcCdDeEfF"), id), read_status::ok);
  EXPECT_EQ(id, counted());
  for (const char* text :
       {"", "00112233-4455-6677-8899-aabbccddeef", "00112233-4455-6677-8899-aabbccddeefff",
        "00112233-4455-6677-8899_aabbccddeeff", "0011223-34455-6677-8899-aabbccddeeff",
        "g0112233-4455-6677-8899-aabbccddeeff", "{0112233-4455-6677-8899-aabbccddeef}",
        "001122334455-6677-8899-aabbccddeeff-", "00112233445566778899aabbccddeeff1234", "1234567890123456"}) {
    EXPECT_EQ(status_of<uuid>(value::text(text)), read_status::malformed) << text;
  }
}

TEST(FixedBytes, AreOneParameterAndNoList) { EXPECT_FALSE(forebay::make_parameter(counted()).is_list()); }

TEST(Decimal, KeepsItsDigits) {
  for (const char* text : {"0", "12.50", "-3", "+3", ".5", "5.", "000", "-0", "123456789012345678901234567890.000"}) {
    EXPECT_EQ(there_and_back(decimal(text)).text(), text);
  }
  EXPECT_EQ(decimal().text(), "0");
  EXPECT_NE(decimal("1.5"), decimal("1.50"));
}

TEST(Decimal, IsNothingElse) {
  for (const char* text : {"", "-", "+", ".", "-.", "1e3", "1E3", "1.2.3", " 1", "1 ", "1,5", "--1", "1-", "inf", "nan",
                           "0x1", "1_000", "١"}) {
    EXPECT_FALSE(decimal::is_decimal(text)) << text;
    EXPECT_EQ(status_of<decimal>(value::text(text)), read_status::malformed) << text;
  }
  EXPECT_FALSE(decimal::is_decimal(std::string_view("1\0", 2)));
  const std::string said = refusal([] { decimal("canary-7f3a"); });
  EXPECT_NE(said, "accepted");
  EXPECT_EQ(said.find("canary"), std::string::npos) << said;
}

TEST(Decimal, ReadsWholeNumbersButNoFloatingPoint) {
  decimal d;
  ASSERT_EQ(field_codec<decimal>::read(value::integer(INT64_MIN), d), read_status::ok);
  EXPECT_EQ(d.text(), "-9223372036854775808");
  EXPECT_EQ(status_of<decimal>(value::real(0.5)), read_status::wrong_type);
  EXPECT_EQ(status_of<decimal>(value()), read_status::null);
}

TEST(JsonText, IsItsTextAsItIs) {
  const json_text j{"{ \"a\":1, }"};
  EXPECT_EQ(there_and_back(j), j);
  EXPECT_EQ(status_of<json_text>(value::bytes("{}", 2)), read_status::wrong_type);
  EXPECT_EQ(field_codec<json_text>::name, "JSON text");
}

TEST(Text, KeepsNulAndInvalidUtf8) {
  const std::string odd("a\0b\xff\xfe\xc3", 6);
  EXPECT_EQ(there_and_back(odd), odd);
  EXPECT_EQ(there_and_back(json_text{odd}).text, odd);
}

TEST(StoredAs, IsTheShortFormForATypeOfTheApplicationsOwn) {
  EXPECT_EQ(there_and_back(library::isbn{"978"}).digits, "978");
  EXPECT_EQ(field_codec<library::isbn>::name, "isbn");
  EXPECT_EQ(status_of<library::isbn>(value::integer(1)), read_status::wrong_type);
  EXPECT_GE(field_codec<library::isbn>::heap_bytes({std::string(100, 'x')}), 101u);
  static_assert(forebay::field<std::optional<library::isbn>>);
}

TEST(StoredAs, RefusesWhatItsTypeRefuses) {
  EXPECT_EQ(there_and_back(*library::percent::from(40)).number(), 40);
  EXPECT_EQ(status_of<library::percent>(value::integer(101)), read_status::malformed);
  EXPECT_EQ(field_codec<library::percent>::heap_bytes({}), 0u);
  EXPECT_EQ(field_codec<library::percent>::name, "signed integer");
}

struct Reading {
  uuid device{};
  std::chrono::system_clock::time_point at{};
  colour kind{};
  std::string place{};
  double number{};
};
FOREBAY_ENTITY(Reading, (.table = "readings", .key = {&Reading::device, &Reading::at, &Reading::kind, &Reading::place}),
               device, at, kind, place, number);

TEST(Key, MayBeOfEveryTypeThatIsEqualToItself) {
  const Reading row{counted(), std::chrono::system_clock::time_point(1s), colour::green, std::string("a\0b", 3), 0.5};
  const forebay::key_t<Reading> key = forebay::key_of(row);
  static_assert(std::tuple_size_v<forebay::key_t<Reading>> == 4);
  const auto from_key = forebay::key_values<Reading>(key);
  const auto from_row = forebay::key_values_of(forebay::table_of<Reading>, &row);
  EXPECT_EQ(forebay::key_bytes(from_key).view(), forebay::key_bytes(from_row).view());
}

TEST(Key, OfANamedEnumerationIsItsName) {
  const forebay::key_bytes bytes(std::array{field_codec<colour>::write(colour::red)});
  EXPECT_EQ(bytes.view(), std::string_view("\0\0\0\3red", 7));
}

}  // namespace
