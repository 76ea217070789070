#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string>

#include <forebay/entity/entity.hpp>
#include <forebay/entity/key_codec.hpp>
#include <forebay/entity/row_codec.hpp>
#include <forebay/error.hpp>
#include <forebay/predicate.hpp>

using forebay::value;

namespace {

struct User {
  std::int64_t id{};
  std::string email{};
  std::optional<std::string> name{};
  std::int32_t version{};
};
FOREBAY_ENTITY(User, (.table = "users", .version = &User::version), id, email, name, version);

struct Order {
  std::int64_t id{};
  std::int64_t user_id{};
};
FOREBAY_ENTITY(Order, "shop.orders", id, user_id);

struct Line {
  double price{};
  std::int64_t order_id{};
  std::string sku{};
  std::int32_t place{};
};
FOREBAY_ENTITY(Line, (.table = "lines", .key = {&Line::order_id, &Line::sku, &Line::place}), price, order_id, sku,
               place);

struct ByEmail {
  std::int64_t id{};
  std::string email{};
};
FOREBAY_ENTITY(ByEmail, (.table = "users", .key = &ByEmail::email), id, email);

struct Account {
  std::int64_t tenant{};
  std::int64_t id{};
  std::string secret{};
  std::int64_t created_at{};
  std::int64_t length{};
  std::int64_t version{};
};
FOREBAY_ENTITY(Account,
               (.table = "accounts", .key = {&Account::tenant, &Account::id}, .generated = &Account::id,
                .version = &Account::version, .filled = {&Account::created_at}, .read_only = {&Account::length},
                .sensitive = {&Account::secret, &Account::length}),
               tenant, id, secret, created_at, length, version);

struct Renamed {
  std::int64_t id{};
  std::string email{};
};
FOREBAY_ENTITY(Renamed, (.table = "users", .renamed = {{&Renamed::email, "e_mail"}}), id, email);

// Members and columns in different orders, one member that is no column, and types of every alignment.
struct ByFunction {
  bool flag{};
  std::string skipped{};
  std::int64_t tenant{};
  char scratch = 'x';
  std::int16_t place{};
  std::optional<std::string> note{};
  std::int64_t version{};
  friend bool operator==(const ByFunction&, const ByFunction&) = default;
};
consteval auto forebay_describe(forebay::type_tag<ByFunction>) {
  return forebay::describe<ByFunction>(
      {.table = "by_function", .key = {&ByFunction::tenant, &ByFunction::place}, .version = &ByFunction::version},
      forebay::named(&ByFunction::note, "NOTE"), forebay::named(&ByFunction::tenant, "tenant id"),
      forebay::named(&ByFunction::place, "place"), forebay::named(&ByFunction::flag, "flag"),
      forebay::named(&ByFunction::version, "v"));
}

struct RowByFunction {
  std::int64_t sum{};
};
consteval auto forebay_describe(forebay::type_tag<RowByFunction>) {
  return forebay::describe<RowByFunction>({}, forebay::named(&RowByFunction::sum, "SUM"));
}

// Neither standard-layout nor trivially destructible, with a base and a virtual function.
struct Base {
  virtual ~Base() = default;
  int of_base = 0;
};
class Derived final : public Base {
 public:
  std::int64_t id{};
  std::string text{};

 private:
  int hidden_ = 0;

 public:
  double last{};
  [[nodiscard]] int hidden() const { return hidden_; }
};
consteval auto forebay_describe(forebay::type_tag<Derived>) {
  return forebay::describe<Derived>({.table = "derived"}, forebay::named(&Derived::id, "id"),
                                    forebay::named(&Derived::text, "text"), forebay::named(&Derived::last, "last"));
}

struct Revenue {
  std::int64_t tenant{};
  std::int64_t sum{};
};
FOREBAY_ROW(Revenue, tenant, sum);

struct One {
  int only{};
};
FOREBAY_ROW(One, only);

// A member that is no column, and columns in another order than the members.
struct Partial {
  int scratch = 5;
  std::string b{};
  int a{};
};
FOREBAY_ENTITY(Partial, "partial", a, b);

struct NotDeclared {
  int x{};
};

struct Wide {
  int a1{}, a2{}, a3{}, a4{}, a5{}, a6{}, a7{}, a8{}, b1{}, b2{}, b3{}, b4{}, b5{}, b6{}, b7{}, b8{}, c1{}, c2{}, c3{},
      c4{}, c5{}, c6{}, c7{}, c8{}, d1{}, d2{}, d3{}, d4{}, d5{}, d6{}, d7{}, d8{}, e1{}, e2{}, e3{}, e4{}, e5{}, e6{},
      e7{}, e8{}, f1{}, f2{}, f3{}, f4{}, f5{}, f6{}, f7{}, f8{}, g1{}, g2{}, g3{}, g4{}, g5{}, g6{}, g7{}, g8{}, h1{},
      h2{}, h3{}, h4{}, h5{}, h6{}, h7{}, h8{};
};
FOREBAY_ENTITY(Wide, "wide", a1, a2, a3, a4, a5, a6, a7, a8, b1, b2, b3, b4, b5, b6, b7, b8, c1, c2, c3, c4, c5, c6, c7,
               c8, d1, d2, d3, d4, d5, d6, d7, d8, e1, e2, e3, e4, e5, e6, e7, e8, f1, f2, f3, f4, f5, f6, f7, f8, g1,
               g2, g3, g4, g5, g6, g7, g8, h1, h2, h3, h4, h5, h6, h7, h8);

}  // namespace

namespace nested::deeper {
struct Inner {
  std::int64_t id{};
};
FOREBAY_ENTITY(Inner, "inners", id);
}  // namespace nested::deeper

namespace {

static_assert(forebay::entity<User> && forebay::row_type<User>);
static_assert(forebay::entity<nested::deeper::Inner>);
static_assert(forebay::row_type<Revenue> && !forebay::entity<Revenue>);
static_assert(!forebay::row_type<NotDeclared> && !forebay::row_type<int>);

static_assert(std::is_same_v<forebay::key_t<User>, std::int64_t>);
static_assert(std::is_same_v<forebay::key_t<ByEmail>, std::string>);
static_assert(std::is_same_v<forebay::key_t<Line>, std::tuple<std::int64_t, std::string, std::int32_t>>);
static_assert(forebay::key_size<Line> == 3);

TEST(Entity, IsATableOfNamedColumns) {
  constexpr const forebay::entity_table& t = forebay::table_of<User>;
  EXPECT_EQ(t.name, "users");
  EXPECT_EQ(t.row.type_name, "User");
  ASSERT_EQ(t.row.columns.size(), 4u);
  EXPECT_EQ(t.row.columns[0].name, "id");
  EXPECT_EQ(t.row.columns[3].name, "version");
  EXPECT_TRUE(t.row.columns[0].field->plain);
  EXPECT_FALSE(t.row.columns[1].field->plain) << "a collation decides what is equal";
  EXPECT_EQ(t.row.columns[1].field->type_name, "std::string");
}

TEST(Entity, ItsKeyIsTheFirstColumnUnlessItSaysOtherwise) {
  EXPECT_EQ(forebay::table_of<User>.key.size(), 1u);
  EXPECT_EQ(forebay::table_of<User>.key[0], 0);
  EXPECT_EQ(forebay::table_of<ByEmail>.key[0], 1);
  ASSERT_EQ(forebay::table_of<Line>.key.size(), 3u);
  EXPECT_EQ(forebay::table_of<Line>.key[0], 1);
  EXPECT_EQ(forebay::table_of<Line>.key[1], 2);
  EXPECT_EQ(forebay::table_of<Line>.key[2], 3);
}

TEST(Entity, HasAVersionOnlyWhenItSaysSo) {
  EXPECT_EQ(forebay::table_of<User>.version, 3);
  EXPECT_EQ(forebay::table_of<Order>.version, -1);
}

TEST(Entity, SaysWhichColumnsTheDatabaseMakesAndWhichAreSensitive) {
  const forebay::entity_table& t = forebay::table_of<Account>;
  const auto which = [&](bool forebay::column::*flag) {
    std::string names;
    for (const forebay::column& c : t.row.columns) names += c.*flag ? std::string(c.name) + " " : "";
    return names;
  };
  EXPECT_EQ(which(&forebay::column::generated), "id ");
  EXPECT_EQ(which(&forebay::column::filled), "created_at ");
  EXPECT_EQ(which(&forebay::column::read_only), "length ");
  EXPECT_EQ(which(&forebay::column::sensitive), "secret length ");
  EXPECT_EQ(t.generated, 1);
  EXPECT_EQ(forebay::table_of<User>.generated, -1);
}

TEST(Entity, RenamesAColumnInItsOptions) {
  const auto columns = forebay::table_of<Renamed>.row.columns;
  EXPECT_EQ(columns[0].name, "id");
  EXPECT_EQ(columns[1].name, "e_mail");
  EXPECT_EQ(forebay::detail::column_index<&Renamed::email>(), 1);
}

static_assert(forebay::entity<ByFunction> && forebay::row_type<RowByFunction> && !forebay::entity<RowByFunction>);
static_assert(std::is_same_v<forebay::key_t<ByFunction>, std::tuple<std::int64_t, std::int16_t>>);

TEST(Entity, IsDeclaredWithoutAMacro) {
  const forebay::entity_table& t = forebay::table_of<ByFunction>;
  EXPECT_EQ(t.name, "by_function");
  EXPECT_EQ(t.row.type_name, "ByFunction");
  EXPECT_EQ(t.version, 4);
  EXPECT_EQ(forebay::detail::column_index<&ByFunction::place>(), 2);
  EXPECT_EQ(forebay::shape_of<RowByFunction>.columns[0].name, "SUM");

  const ByFunction row{.flag = true, .tenant = 7, .place = 3, .note = "n", .version = 9};
  EXPECT_EQ(forebay::key_of(row), std::tuple(7, 3));
  std::vector<value> values;
  forebay::write_row(t.row, &row, values);
  ByFunction again;
  forebay::read_row(t.row,
                    forebay::map_columns(t.row, std::vector<std::string>{"NOTE", "tenant id", "place", "flag", "v"}),
                    values, 1, &again);
  EXPECT_EQ(again, row);
}

TEST(Entity, DeclaredWithoutAMacroMayHaveBasesAndPrivateMembers) {
  Derived row;
  row.id = 4;
  row.text = "four";
  row.last = 0.25;
  std::vector<value> values;
  forebay::write_row(forebay::shape_of<Derived>, &row, values);
  EXPECT_EQ(values[0].as_integer(), 4);
  EXPECT_EQ(values[1].as_text(), "four");
  EXPECT_EQ(values[2].as_real(), 0.25);
  EXPECT_EQ(row.hidden(), 0);
}

TEST(Entity, ItsAddressIdentifiesIt) {
  EXPECT_NE(&forebay::table_of<User>, &forebay::table_of<ByEmail>);
  EXPECT_NE(forebay::table_of<User>.row.payload, forebay::table_of<ByEmail>.row.payload);
}

TEST(Entity, EachColumnStandsWhereItsMemberIs) {
  const User u{.id = 7, .email = "ann", .name = std::nullopt, .version = 3};
  const auto columns = forebay::table_of<User>.row.columns;
  EXPECT_EQ(forebay::read_member(columns[0], &u).as_integer(), 7);
  EXPECT_EQ(forebay::read_member(columns[1], &u).as_text(), "ann");
  EXPECT_TRUE(forebay::read_member(columns[2], &u).is_null());
  EXPECT_EQ(forebay::read_member(columns[3], &u).as_integer(), 3);
}

TEST(Entity, MayListSomeMembersInAnyOrder) {
  Partial p;
  p.a = 1;
  p.b = "two";
  std::vector<value> values;
  forebay::write_row(forebay::shape_of<Partial>, &p, values);
  ASSERT_EQ(values.size(), 2u);
  EXPECT_EQ(values[0].as_integer(), 1);
  EXPECT_EQ(values[1].as_text(), "two");
}

TEST(Entity, MayHaveSixtyFourMembers) {
  const auto columns = forebay::table_of<Wide>.row.columns;
  ASSERT_EQ(columns.size(), 64u);
  EXPECT_EQ(columns[0].name, "a1");
  EXPECT_EQ(columns[63].name, "h8");
  Wide w;
  w.h8 = 88;
  w.a1 = 11;
  EXPECT_EQ(forebay::read_member(columns[63], &w).as_integer(), 88);
  EXPECT_EQ(forebay::read_member(columns[0], &w).as_integer(), 11);
  EXPECT_EQ(forebay::detail::column_index<&Wide::h8>(), 63);
}

TEST(Entity, CountsTheMemoryThatARowOwns) {
  User u{.id = 1, .email = "short", .name = std::nullopt, .version = 1};
  EXPECT_EQ(forebay::heap_bytes(forebay::shape_of<User>, &u), 0u);
  u.email = std::string(200, 'x');
  u.name = std::string(300, 'x');
  EXPECT_GE(forebay::heap_bytes(forebay::shape_of<User>, &u), 502u);
}

TEST(Row, IsAShapeWithoutATable) {
  EXPECT_EQ(forebay::shape_of<Revenue>.type_name, "Revenue");
  EXPECT_EQ(forebay::shape_of<Revenue>.columns.size(), 2u);
  EXPECT_EQ(forebay::shape_of<One>.columns.size(), 1u);
}

TEST(Key, OfARowIsItsKeysMembers) {
  EXPECT_EQ(forebay::key_of(User{.id = 7}), 7);
  EXPECT_EQ(forebay::key_of(ByEmail{.id = 7, .email = "ann"}), "ann");
  EXPECT_EQ(forebay::key_of(Line{.price = 1, .order_id = 2, .sku = "x", .place = 3}),
            std::tuple(2, std::string("x"), 3));
}

TEST(Key, ValuesComeFromTheKeyAndFromTheRowAlike) {
  const Line row{.price = 1, .order_id = 2, .sku = "a long sku that is on the heap", .place = 3};
  const forebay::key_t<Line> key = forebay::key_of(row);
  const auto from_key = forebay::key_values<Line>(key);
  const auto from_row = forebay::key_values_of(forebay::table_of<Line>, &row);
  ASSERT_EQ(from_row.size(), 3u);
  EXPECT_EQ(forebay::key_bytes(from_key).view(), forebay::key_bytes(from_row).view());
  EXPECT_EQ(from_key[1].as_text().data(), std::get<1>(key).data()) << "a view, not a copy";
}

std::string bytes_of(std::initializer_list<value> parts) {
  return std::string(forebay::key_bytes(std::vector<value>(parts)).view());
}

TEST(KeyBytes, AreCanonical) {
  EXPECT_EQ(bytes_of({value::integer(1)}), std::string("\0\0\0\0\0\0\0\x01", 8));
  EXPECT_EQ(bytes_of({value::integer(-1)}), std::string(8, '\xff'));
  EXPECT_EQ(bytes_of({value::text("ab")}), std::string("\0\0\0\x02"
                                                       "ab",
                                                       6));
  EXPECT_EQ(bytes_of({}), "");
}

TEST(KeyBytes, OfDifferentKeysDiffer) {
  EXPECT_NE(bytes_of({value::text("a"), value::text("bc")}), bytes_of({value::text("ab"), value::text("c")}));
  EXPECT_NE(bytes_of({value::text(""), value::text("a")}), bytes_of({value::text("a"), value::text("")}));
  EXPECT_NE(bytes_of({value::integer(1), value::integer(2)}), bytes_of({value::integer(2), value::integer(1)}));
  EXPECT_NE(bytes_of({value::real(1.5)}), bytes_of({value::real(-1.5)}));
}

TEST(KeyBytes, OfEqualNumbersAreEqual) { EXPECT_EQ(bytes_of({value::real(0.0)}), bytes_of({value::real(-0.0)})); }

TEST(KeyBytes, OfLongKeysAreWhole) {
  const std::string half(30, 'a');
  const std::string whole(200, 'b');
  const std::string bytes = bytes_of({value::text(half), value::integer(7), value::text(whole), value::integer(8)});
  EXPECT_EQ(bytes.size(), 4u + 30 + 8 + 4 + 200 + 8);
  EXPECT_EQ(bytes.substr(4, 30), half);
  EXPECT_EQ(bytes.substr(46, 200), whole);
  EXPECT_EQ(bytes.back(), '\x08');
  for (std::size_t n = 40; n < 50; ++n) {  // around what fits without the heap
    const std::string text(n, 'c');
    EXPECT_EQ(bytes_of({value::text(text), value::text("")}).size(), n + 8) << n;
  }
}

TEST(KeyBytes, OfNullAreRefused) {
  try {
    (void)bytes_of({value()});
    FAIL();
  } catch (const forebay::error& e) {
    EXPECT_EQ(e.code(), forebay::errc::value_out_of_range);
  }
}

class RowCodec : public testing::Test {
 protected:
  // What goes wrong when these cells are read as a user.
  static forebay::error reading(std::vector<value> cells, std::uint64_t row = 7) {
    User u;
    try {
      forebay::read_row(forebay::shape_of<User>, {0, 1, 2, 3}, cells, row, &u);
    } catch (const forebay::error& e) {
      return e;
    }
    ADD_FAILURE() << "nothing was thrown";
    return {forebay::errc::not_found, {}};
  }
  static forebay::error mapping(const std::vector<std::string>& columns) {
    try {
      (void)forebay::map_columns(forebay::shape_of<User>, columns);
    } catch (const forebay::error& e) {
      return e;
    }
    ADD_FAILURE() << "nothing was thrown";
    return {forebay::errc::not_found, {}};
  }
  static bool says(const forebay::error& e, std::string_view part) {
    return std::string_view(e.what()).find(part) != std::string_view::npos;
  }
};

TEST_F(RowCodec, ColumnsAreFoundByNameWhereverTheyStand) {
  const std::vector<std::string> columns{"more", "version", "email", "id", "name"};
  EXPECT_EQ(forebay::map_columns(forebay::shape_of<User>, columns), (forebay::column_map{3, 2, 4, 1}));
}

TEST_F(RowCodec, AMissingColumnIsNamedAndThoseThatAreThere) {
  const forebay::error e = mapping({"id", "mail", "name", "version"});
  EXPECT_EQ(e.code(), forebay::errc::schema_mismatch);
  EXPECT_TRUE(says(e, "\"email\"")) << e.what();
  EXPECT_TRUE(says(e, "User::email")) << e.what();
  EXPECT_TRUE(says(e, "id, mail, name, version")) << e.what();
  EXPECT_TRUE(says(e, "as email")) << e.what();
  EXPECT_EQ(mapping({}).code(), forebay::errc::schema_mismatch);
}

TEST_F(RowCodec, ColumnNamesAreComparedWithTheirCase) {
  EXPECT_EQ(mapping({"ID", "email", "name", "version"}).code(), forebay::errc::schema_mismatch);
}

TEST_F(RowCodec, AColumnThatIsThereTwiceIsAmbiguousAndOthersMayBe) {
  const forebay::error e = mapping({"id", "email", "name", "version", "email"});
  EXPECT_EQ(e.code(), forebay::errc::schema_mismatch);
  EXPECT_TRUE(says(e, "two columns \"email\"")) << e.what();
  const std::vector<std::string> others{"id", "email", "name", "version", "x", "x"};
  EXPECT_EQ(forebay::map_columns(forebay::shape_of<User>, others).size(), 4u);
}

TEST_F(RowCodec, ARowFillsItsStruct) {
  User u;
  const value cells[]{value::integer(3), value(), value::text("ann"), value::integer(7)};
  forebay::read_row(forebay::shape_of<User>, {3, 2, 1, 0}, cells, 1, &u);
  EXPECT_EQ(u.id, 7);
  EXPECT_EQ(u.email, "ann");
  EXPECT_EQ(u.name, std::nullopt);
  EXPECT_EQ(u.version, 3);
}

TEST_F(RowCodec, NullNamesColumnRowMemberAndCure) {
  const forebay::error e = reading({value::integer(1), value(), value(), value::integer(1)});
  EXPECT_EQ(e.code(), forebay::errc::schema_mismatch);
  EXPECT_TRUE(says(e, "column email, row 7")) << e.what();
  EXPECT_TRUE(says(e, "NULL")) << e.what();
  EXPECT_TRUE(says(e, "User::email is std::string")) << e.what();
  EXPECT_TRUE(says(e, "std::optional")) << e.what();
}

TEST_F(RowCodec, AWrongTypeNamesColumnRowMemberAndKindButNoValue) {
  const forebay::error e = reading({value::text("canary"), value::text("x"), value(), value::integer(1)});
  EXPECT_EQ(e.code(), forebay::errc::schema_mismatch);
  EXPECT_TRUE(says(e, "column id, row 7")) << e.what();
  EXPECT_TRUE(says(e, "User::id")) << e.what();
  EXPECT_TRUE(says(e, "text")) << e.what();
  EXPECT_FALSE(says(e, "canary")) << e.what();
}

TEST_F(RowCodec, ANumberThatDoesNotFitIsOutOfRangeAndNotShown) {
  const forebay::error e = reading({value::integer(1), value::text("x"), value(), value::integer(7'341'592'648)});
  EXPECT_EQ(e.code(), forebay::errc::value_out_of_range);
  EXPECT_TRUE(says(e, "column version, row 7")) << e.what();
  EXPECT_TRUE(says(e, "User::version")) << e.what();
  EXPECT_FALSE(says(e, "7341592648")) << e.what();
}

TEST_F(RowCodec, ARowBecomesItsValuesInOrder) {
  const User u{.id = 7, .email = "ann", .name = "Ann", .version = 3};
  std::vector<value> values{value::integer(99)};
  forebay::write_row(forebay::shape_of<User>, &u, values);
  ASSERT_EQ(values.size(), 5u) << "appends";
  EXPECT_EQ(values[1].as_integer(), 7);
  EXPECT_EQ(values[3].as_text(), "Ann");
}

}  // namespace
