#include "sqlite/shop.hpp"

using namespace shop;

namespace {

// Columns that are named otherwise, a key of four members and of types beyond integers.
enum class kind : std::uint8_t { inside, outside };
consteval auto forebay_names(forebay::type_tag<kind>) {
  return forebay::names<kind>({{kind::inside, "in"}, {kind::outside, "out"}});
}

using device_id = std::array<std::byte, 16>;
using instant = std::chrono::sys_time<std::chrono::microseconds>;

struct Reading {
  device_id device{};
  instant at{};
  kind where{};
  std::string sensor;
  std::chrono::milliseconds took{};
  forebay::decimal amount;
  forebay::json_text details;
  std::optional<std::array<unsigned char, 4>> address;
  std::int64_t version{};
  friend bool operator==(const Reading&, const Reading&) = default;
};
consteval auto forebay_describe(forebay::type_tag<Reading>) {
  return forebay::describe<Reading>(
      {.table = "readings",
       .key = {&Reading::device, &Reading::at, &Reading::where, &Reading::sensor},
       .version = &Reading::version},
      forebay::named(&Reading::device, "DeviceId"), forebay::named(&Reading::at, "at"),
      forebay::named(&Reading::where, "where"),  // a keyword
      forebay::named(&Reading::sensor, "sensor name"), forebay::named(&Reading::took, "took_ms"),
      forebay::named(&Reading::amount, "amount"), forebay::named(&Reading::details, "details"),
      forebay::named(&Reading::address, "address"), forebay::named(&Reading::version, "v"));
}

struct Renamed {
  std::int64_t id{};
  std::string mail;
};
FOREBAY_ENTITY(Renamed, (.table = "users", .renamed = {{&Renamed::mail, "email"}}), id, mail);

Reading reading(int number) {
  Reading r{.at = instant(std::chrono::microseconds(1'795'516'200'000'001 + number)),
            .where = number % 2 == 0 ? kind::inside : kind::outside,
            .sensor = std::string("s\0\xff", 3),
            .took = 15ms,
            .amount = forebay::decimal("12.50"),
            .details = {R"({"a": 1})"},
            .address = std::array<unsigned char, 4>{10, 0, 0, 255},
            .version = 1};
  r.device[15] = static_cast<std::byte>(number);
  return r;
}

class Entities : public testing::Test {
 protected:
  void SetUp() override {
    db.execute(
        s,
        "create table readings(\"DeviceId\" blob, at text, \"where\" text, \"sensor name\" text, took_ms integer, "
        "amount text, details text, address blob, v integer, "
        "primary key(\"DeviceId\", at, \"where\", \"sensor name\"))");
  }

  temporary_folder folder;
  shop_database shop{folder.url("shop.db")};
  forebay::database& db = shop.db;
  forebay::session& s = shop.s;
  forebay::repository<Reading> readings{db};
};

TEST_F(Entities, DeclaredWithoutAMacroAreReadAndWritten) {
  for (int i = 0; i < 4; ++i) readings.insert(s, reading(i));
  EXPECT_EQ(*readings.find(s, forebay::key_of(reading(2))), reading(2));
  EXPECT_FALSE(readings.find(s, forebay::key_of(reading(5))));

  const std::vector<forebay::key_t<Reading>> keys{forebay::key_of(reading(3)), forebay::key_of(reading(9)),
                                                  forebay::key_of(reading(0))};
  const auto batch = readings.find_many(s, keys);
  ASSERT_EQ(batch.size(), 3u);
  EXPECT_EQ(*batch[0], reading(3));
  EXPECT_FALSE(batch[1]);
  EXPECT_EQ(*batch[2], reading(0));

  Reading changed = reading(1);
  changed.details.text = "[]";
  changed.address.reset();
  readings.update(s, changed);
  EXPECT_EQ(*readings.find(s, forebay::key_of(changed)), changed);
  EXPECT_EQ(changed.version, 2);
  readings.remove(s, forebay::key_of(reading(3)));
  EXPECT_EQ(db.query<std::int64_t>(s, "select count(*) from readings")[0], 3);
}

TEST_F(Entities, PredicatesNameTheColumnOfTheMember) {
  for (int i = 0; i < 4; ++i) readings.insert(s, reading(i));
  using forebay::col;
  EXPECT_EQ(readings.query(s).where(col<&Reading::where> == kind::inside).all().size(), 2u);
  EXPECT_EQ(readings.query(s).where(col<&Reading::at> > reading(2).at).all().size(), 1u);
  EXPECT_EQ(readings.query(s).where(col<&Reading::device> == reading(1).device).all().size(), 1u);
  EXPECT_EQ(readings.query(s).where(col<&Reading::took> >= 15ms).order_by(col<&Reading::device>).limit(1).all().size(),
            1u);
}

TEST_F(Entities, ValuesAreStoredAsTheGuideSays) {
  readings.insert(s, reading(1));
  EXPECT_EQ(db.query<std::string>(s,
                                  "select typeof(\"DeviceId\") || ' ' || \"where\" || ' ' || took_ms || ' ' || amount "
                                  "|| ' ' || typeof(amount) || ' ' || at from readings")[0],
            "blob out 15 12.50 text 2026-11-24T10:30:00.000002Z");
}

TEST_F(Entities, OneColumnMayBeRenamedInTheOptions) {
  forebay::repository<Renamed> users{db};
  shop.users.insert(s, ann());
  const Renamed found = *users.find(s, 1);
  EXPECT_EQ(found.mail, "ann@example.org");
  EXPECT_EQ(users.query(s).where(forebay::col<&Renamed::mail>.like("ann%")).all().size(), 1u);
}

TEST_F(Entities, ACellOfAnotherFormIsNamedWithoutItsValue) {
  readings.insert(s, reading(1));
  const auto broken = [&](forebay::sql_literal<std::string> statement) {
    db.execute(s, statement, secret_text);
    return error_of([&] { (void)readings.query(s).all(); });
  };
  const caught name = broken("update readings set \"where\" = {}");
  EXPECT_EQ(name.code, forebay::errc::schema_mismatch);
  EXPECT_TRUE(name.says("Reading::where")) << name.what;
  EXPECT_TRUE(name.says("of another form or length")) << name.what;
  db.execute(s, "update readings set \"where\" = 'in'");
  EXPECT_TRUE(broken("update readings set amount = {}").says("Reading::amount"));
  db.execute(s, "update readings set amount = '1'");
  EXPECT_TRUE(broken("update readings set address = cast({} as blob)").says("Reading::address"));
}

struct Name {
  std::int64_t id{};
  std::string name;
};
FOREBAY_ROW(Name, id, name);

TEST_F(Entities, AMissingColumnIsNoticedAlsoWhenThereIsNoRow) {
  const caught missing = error_of([&] { (void)db.query<Name>(s, "select id, email from users"); });
  EXPECT_EQ(missing.code, forebay::errc::schema_mismatch);
  EXPECT_TRUE(missing.says("Name::name")) << missing.what;
  EXPECT_TRUE(missing.says("select id, email from users")) << missing.what;
  const caught twice = error_of([&] { (void)db.query<Name>(s, "select id, name, email as name from users"); });
  EXPECT_EQ(twice.code, forebay::errc::schema_mismatch);
  EXPECT_TRUE(twice.says("two columns \"name\"")) << twice.what;
  EXPECT_EQ(error_of([&] { (void)db.query<std::int64_t>(s, "select id, email from users"); }).code,
            forebay::errc::schema_mismatch);
  EXPECT_EQ(error_of([&] { (void)(db.query<std::tuple<std::int64_t, std::string>>(s, "select id from users")); }).code,
            forebay::errc::schema_mismatch);
  EXPECT_EQ(db.query<Name>(s, "select id, name, email as \"NAME\" from users").size(), 0u) << "case matters";
}

TEST_F(Entities, AWriteWhoseRowsCannotBeReadIsUndone) {
  const caught e = error_of(
      [&] { (void)db.query<Name>(s, "insert into users(id, email, version) values (7, 'x', 1) returning id"); });
  EXPECT_EQ(e.code, forebay::errc::schema_mismatch);
  EXPECT_EQ(db.query<std::int64_t>(s, "select count(*) from users")[0], 0);
}

struct Unknown {
  std::int64_t id{};
  std::string emial;
};
FOREBAY_ENTITY(Unknown, "users", id, emial);

TEST_F(Entities, AColumnThatTheTableLacksIsNoticedByEveryRead) {
  forebay::repository<Unknown> wrong{db};
  for (const caught& e : {error_of([&] { (void)wrong.find(s, 1); }), error_of([&] {
                            (void)wrong.find_many(s, std::vector<std::int64_t>{1, 2});
                          }),
                          error_of([&] { (void)wrong.query(s).all(); })}) {
    EXPECT_TRUE(e.says("emial")) << e.what;
  }
}

}  // namespace
