#include "sqlite/shop.hpp"

#include <cmath>
#include <limits>

using namespace shop;
using forebay::errc;

namespace {

using bytes = std::vector<std::byte>;
using microseconds_point = std::chrono::time_point<std::chrono::system_clock, std::chrono::microseconds>;

enum class colour : std::uint8_t { red = 1, green = 200 };

// One member of each kind; the columns have no declared type, so that SQLite keeps what is written.
struct Everything {
  std::int64_t id{};
  bool flag{};
  std::int8_t tiny{};
  std::uint32_t plain{};
  float single{};
  double real{};
  std::string text{};
  bytes blob{};
  colour paint{};
  microseconds_point at{};
  std::optional<bool> maybe_flag{};
  std::optional<std::int32_t> maybe_number{};
  std::optional<double> maybe_real{};
  std::optional<std::string> maybe_text{};
  std::optional<bytes> maybe_blob{};
  std::optional<colour> maybe_paint{};
  std::optional<microseconds_point> maybe_at{};
  friend bool operator==(const Everything&, const Everything&) = default;
};
FOREBAY_ENTITY(Everything, "everything", id, flag, tiny, plain, single, real, text, blob, paint, at, maybe_flag,
               maybe_number, maybe_real, maybe_text, maybe_blob, maybe_paint, maybe_at);

struct Narrow {
  std::int64_t id{};
  std::int32_t n{};
};
FOREBAY_ENTITY(Narrow, "numbers", id, n);

struct Wide {
  std::int64_t id{};
  std::int64_t n{};
};
FOREBAY_ENTITY(Wide, "numbers", id, n);

struct Real {
  std::int64_t id{};
  double n{};
};
FOREBAY_ENTITY(Real, "numbers", id, n);

struct Misspelt {
  std::int64_t id{};
  std::string emial;
  std::int64_t version{};
};
FOREBAY_ENTITY(Misspelt, (.table = "users", .version = &Misspelt::version), id, emial, version);

struct NowhereToBeFound {
  std::int64_t id{};
};
FOREBAY_ENTITY(NowhereToBeFound, "nowhere", id);

bytes bytes_of(std::string_view text) {
  bytes b;
  for (const char c : text) b.push_back(static_cast<std::byte>(c));
  return b;
}

class Values : public testing::Test {
 protected:
  Values() {
    db.execute(
        s,
        "create table everything(id integer primary key, flag, tiny, plain, single, real, text, blob, paint, at, "
        "maybe_flag, maybe_number, maybe_real, maybe_text, maybe_blob, maybe_paint, maybe_at)");
    db.execute(s, "create table numbers(id integer primary key, n integer)");
  }

  shop_database shop{"sqlite::memory:"};
  forebay::database& db = shop.db;
  forebay::session& s = shop.s;
  forebay::repository<Everything> everything{db};
  forebay::repository<Narrow> narrow{db};
  forebay::repository<Wide> wide{db};
};

TEST_F(Values, EveryKindOfMemberComesBackAsItWas) {
  Everything e{.id = 1,
               .flag = true,
               .tiny = -128,
               .plain = UINT32_MAX,
               .single = 0.1f,
               .real = 0.1,
               .text = "gr\xc3\xbc\xc3\x9f \"dich\" 'mal'",
               .blob = bytes_of(std::string_view("\0\x01\xff\0", 4)),
               .paint = colour::green,
               .at = microseconds_point(std::chrono::microseconds(1'795'516'200'123'456)),
               .maybe_flag = false,
               .maybe_number = INT32_MIN,
               .maybe_real = -1e308,
               .maybe_text = "",
               .maybe_blob = bytes(),
               .maybe_paint = colour::red,
               .maybe_at = microseconds_point(std::chrono::microseconds(-1))};
  everything.insert(s, e);
  EXPECT_EQ(*everything.find(s, 1), e);
}

TEST_F(Values, AnEmptyOptionalIsNullAndAnEmptyTextOrBlobIsNot) {
  everything.insert(s, {.id = 1, .paint = colour::red});
  const auto found = everything.find(s, 1);
  EXPECT_EQ(found->maybe_text, std::nullopt);
  EXPECT_EQ(found->maybe_blob, std::nullopt);
  EXPECT_EQ(found->maybe_at, std::nullopt);
  const auto kinds = db.query<std::tuple<std::string, std::string, std::string, std::string>>(
      s, "select typeof(text), typeof(blob), typeof(maybe_text), typeof(maybe_blob) from everything");
  EXPECT_EQ(kinds.at(0), std::tuple("text", "blob", "null", "null"));
}

TEST_F(Values, TextKeepsItsNulBytesAndWhatIsNotUtf8) {
  const std::string odd("a\0b\xff\xfe", 5);
  everything.insert(s, {.id = 1, .text = odd, .paint = colour::red});
  EXPECT_EQ(everything.find(s, 1).value().text, odd);
}

TEST_F(Values, IntegersBeyondADoublesPrecisionAreKept) {
  for (const std::int64_t n :
       {std::int64_t{9007199254740993}, INT64_MAX, INT64_MIN, std::int64_t{0}, std::int64_t{-1}}) {
    wide.insert(s, {.id = 1, .n = n});
    EXPECT_EQ(wide.find(s, 1).value().n, n);
    EXPECT_EQ(db.query<std::int64_t>(s, "select n from numbers where n = {}", n).at(0), n);
    wide.remove(s, 1);
  }
}

TEST_F(Values, ANumberTooLargeForItsMemberIsOutOfRangeAndNamesColumnMemberAndRow) {
  db.execute(s, "insert into numbers values(1, 5), (2, {})", secret_number);
  const caught e = error_of([&] { (void)narrow.query(s).order_by(forebay::col<&Narrow::id>).all(); });
  EXPECT_EQ(e.code, errc::value_out_of_range);
  EXPECT_TRUE(e.says("column n")) << e.what;
  EXPECT_TRUE(e.says("row 2")) << e.what;
  EXPECT_TRUE(e.says("Narrow::n")) << e.what;
  EXPECT_EQ(error_of([&] { (void)narrow.find(s, 2); }).code, errc::value_out_of_range);
  EXPECT_EQ(narrow.find(s, 1).value().n, 5);
}

TEST_F(Values, TextInAnIntegerColumnIsASchemaMismatch) {
  db.execute(s, "insert into numbers values(1, {})", secret_text);
  const caught e = error_of([&] { (void)wide.find(s, 1); });
  EXPECT_EQ(e.code, errc::schema_mismatch);
  EXPECT_TRUE(e.says("column n")) << e.what;
  EXPECT_TRUE(e.says("row 1")) << e.what;
  EXPECT_TRUE(e.says("Wide::n")) << e.what;
  EXPECT_TRUE(e.says("text")) << e.what;
}

TEST_F(Values, NullIntoAMemberThatIsNotOptionalNamesColumnAndRow) {
  db.execute(s, "insert into numbers values(1, 1), (2, 2), (3, null)");
  const caught e = error_of([&] { (void)wide.query(s).order_by(forebay::col<&Wide::id>).all(); });
  EXPECT_EQ(e.code, errc::schema_mismatch);
  EXPECT_TRUE(e.says("NULL")) << e.what;
  EXPECT_TRUE(e.says("column n")) << e.what;
  EXPECT_TRUE(e.says("row 3")) << e.what;
  EXPECT_TRUE(e.says("std::optional")) << e.what;
  EXPECT_TRUE(e.says("values_test.cpp:")) << e.what;
}

TEST_F(Values, AValueThatIsReadByPositionHasNoMemberToName) {
  const caught e = error_of([&] { (void)db.scalar<std::string>(s, "select null as n"); });
  EXPECT_EQ(e.code, errc::schema_mismatch);
  EXPECT_TRUE(e.says("column n, row 1: the cell is NULL, but the type that it is read into is std::string")) << e.what;
}

TEST_F(Values, AWrongColumnNameInAnEntityIsAnErrorAndNeverAShift) {
  shop.users.insert(s, ann());
  forebay::repository<Misspelt> misspelt{db};
  Misspelt row{.id = 9, .emial = secret_text, .version = 1};
  const auto check = [](const caught& e) {
    EXPECT_EQ(e.code, errc::schema_mismatch) << e.what;
    EXPECT_TRUE(e.says("emial")) << e.what;
    EXPECT_TRUE(e.says("values_test.cpp:")) << e.what;
  };
  check(error_of([&] { (void)misspelt.find(s, 1); }));
  check(error_of([&] { (void)misspelt.find_many(s, {1, 2}); }));
  check(error_of([&] { (void)misspelt.query(s).all(); }));
  check(error_of([&] { misspelt.insert(s, row); }));
  check(error_of([&] { misspelt.update(s, row); }));
  EXPECT_EQ(db.query<std::int64_t>(s, "select count(*) from users")[0], 1);
}

TEST_F(Values, AMisspeltNameInDoubleQuotesIsNoText) {
  shop.users.insert(s, ann());
  EXPECT_EQ(error_of([&] { (void)db.query<std::string>(s, "select \"emial\" from users"); }).code,
            errc::schema_mismatch);
  EXPECT_EQ(error_of([&] { db.execute(s, "update users set name = \"emial\""); }).code, errc::schema_mismatch);
  EXPECT_EQ(shop.users.find(s, 1).value().name, "Ann");
}

TEST_F(Values, AMissingTableIsNamed) {
  forebay::repository<NowhereToBeFound> nowhere{db};
  const caught e = error_of([&] { (void)nowhere.find(s, 1); });
  EXPECT_EQ(e.code, errc::schema_mismatch);
  EXPECT_TRUE(e.says("nowhere")) << e.what;
}

TEST_F(Values, ABooleanIsZeroOrOne) {
  db.execute(s, "insert into numbers values(1, {})", secret_number);
  EXPECT_EQ(error_of([&] { (void)db.query<bool>(s, "select n from numbers"); }).code, errc::value_out_of_range);
  EXPECT_TRUE(db.query<bool>(s, "select 1")[0]);
  EXPECT_FALSE(db.query<bool>(s, "select 0")[0]);
}

TEST_F(Values, AnIntegerIsReadIntoAFloatingPointMemberWhereItIsExact) {
  EXPECT_EQ(db.query<double>(s, "select 9007199254740992")[0], 9007199254740992.0);
  EXPECT_EQ(error_of([&] { (void)db.query<double>(s, "select 9007199254740993"); }).code, errc::value_out_of_range);
}

TEST_F(Values, AFloatingPointNumberIsNoInteger) {
  EXPECT_EQ(error_of([&] { (void)db.query<std::int64_t>(s, "select 1.5"); }).code, errc::schema_mismatch);
}

TEST_F(Values, InfinitiesAreKept) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(db.query<double>(s, "select {}", infinity)[0], infinity);
  EXPECT_EQ(db.query<double>(s, "select {}", -infinity)[0], -infinity);
}

// SQLite would store NULL: not what was written.
TEST_F(Values, NotANumberIsRefusedInsteadOfBecomingNull) {
  EXPECT_EQ(error_of([&] { (void)db.query<std::optional<double>>(s, "select {}", std::nan("")); }).code,
            errc::value_out_of_range);
}

TEST_F(Values, AnUnsignedNumberAboveTheDatabasesLargestIsRefused) {
  EXPECT_EQ(error_of([&] { (void)db.query<std::int64_t>(s, "select {}", UINT64_MAX); }).code, errc::value_out_of_range);
}

TEST_F(Values, TimePointsAreTextThatSortsByTime) {
  const microseconds_point at(std::chrono::microseconds(1'795'516'200'000'000));
  EXPECT_EQ(db.query<std::string>(s, "select {}", at)[0], "2026-11-24T10:30:00.000000Z");
  EXPECT_EQ(db.query<std::string>(s, "select {}", at - std::chrono::microseconds(1))[0], "2026-11-24T10:29:59.999999Z");
  EXPECT_EQ(db.query<microseconds_point>(s, "select '2026-11-24 10:30:00'")[0], at);
  EXPECT_EQ(db.query<microseconds_point>(s, "select '2026-11-24T10:30:00.5Z'")[0], at + std::chrono::milliseconds(500));
}

TEST_F(Values, ATimePointWithNanosecondsIsStoredWithMicroseconds) {
  const std::chrono::system_clock::time_point at(std::chrono::nanoseconds(1'795'516'200'000'000'999));
  EXPECT_EQ(db.query<std::chrono::system_clock::time_point>(s, "select {}", at)[0].time_since_epoch(),
            std::chrono::nanoseconds(1'795'516'200'000'000'000));
}

TEST_F(Values, ATimePointOutsideTheYearsThatSortIsRefused) {
  using namespace std::chrono;
  const microseconds_point too_late = sys_days(year(10000) / 1 / 1);
  const microseconds_point too_early = sys_days(year(-1) / 12 / 31);
  EXPECT_EQ(error_of([&] { (void)db.query<std::string>(s, "select {}", too_late); }).code, errc::value_out_of_range);
  EXPECT_EQ(error_of([&] { (void)db.query<std::string>(s, "select {}", too_early); }).code, errc::value_out_of_range);
  EXPECT_EQ(db.query<microseconds_point>(s, "select {}", too_late - microseconds(1))[0], too_late - microseconds(1));
}

TEST_F(Values, TextThatIsNoTimeIsASchemaMismatch) {
  EXPECT_EQ(error_of([&] { (void)db.query<microseconds_point>(s, "select 'tomorrow'"); }).code, errc::schema_mismatch);
  EXPECT_EQ(error_of([&] { (void)db.query<microseconds_point>(s, "select '2026-02-30 10:00:00'"); }).code,
            errc::schema_mismatch);
}

TEST_F(Values, AStrictTableRefusesAnotherTypeAsASchemaMismatch) {
  db.execute(s, "create table strictly(n integer) strict");
  EXPECT_EQ(error_of([&] { db.execute(s, "insert into strictly values({})", secret_text); }).code,
            errc::schema_mismatch);
}

TEST_F(Values, TextIntoARowIdIsASchemaMismatch) {
  EXPECT_EQ(error_of([&] { db.execute(s, "insert into numbers values({}, 1)", secret_text); }).code,
            errc::schema_mismatch);
}

TEST_F(Values, ALongTextAndALongBlobAreKept) {
  Everything e{.id = 1, .text = std::string(1 << 20, 'x'), .blob = bytes(1 << 20, std::byte{0}), .paint = colour::red};
  everything.insert(s, e);
  EXPECT_EQ(*everything.find(s, 1), e);
}

TEST_F(Values, ATimeThatAnotherProgramWroteOutOfRangeIsRefused) {
  using in_nanoseconds = std::chrono::time_point<std::chrono::system_clock, std::chrono::nanoseconds>;
  EXPECT_EQ(error_of([&] { (void)db.query<in_nanoseconds>(s, "select '9999-12-31 23:59:59'"); }).code,
            errc::value_out_of_range);
  EXPECT_EQ(error_of([&] { (void)db.query<microseconds_point>(s, "select '67562-01-01 00:00:00'"); }).code,
            errc::schema_mismatch);
  const microseconds_point far = std::chrono::sys_days(std::chrono::year(30000) / 1 / 1);
  EXPECT_EQ(error_of([&] { db.execute(s, "insert into numbers values(1, {})", far); }).code, errc::value_out_of_range);
}

}  // namespace
