#include <array>
#include <chrono>

#include <forebay/fields/decimal.hpp>
#include <forebay/fields/fixed_bytes.hpp>

#include "shop.hpp"

namespace {

// [snippet
struct Customer {
  std::int64_t id{};
  std::string email{};
  std::optional<std::string> name{};  // NULL is nullopt
  bool active{};
};
FOREBAY_ENTITY(Customer, "customers", id, email, name, active);
// snippet]

// [snippet
struct Account {
  std::int64_t tenant{};
  std::int64_t number{};
  std::string mail{};
  std::string secret{};
  std::int64_t version{};
};
FOREBAY_ENTITY(Account,
               (.table = "accounts", .key = {&Account::tenant, &Account::number}, .version = &Account::version,
                .sensitive = {&Account::secret}, .renamed = {{&Account::mail, "e_mail"}}),
               tenant, number, mail, secret, version);
// snippet]

// [snippet
struct Country {
  std::string code{};
  std::string name{};
};
consteval auto forebay_describe(forebay::type_tag<Country>) {
  return forebay::describe<Country>({.table = "COUNTRY"}, forebay::named(&Country::code, "ISO_CODE"),
                                    forebay::named(&Country::name, "FULL NAME"));
}
// snippet]

// [snippet
struct Spent {
  std::string email{};
  std::int64_t total{};
};
FOREBAY_ROW(Spent, email, total);
// snippet]

// [snippet
enum class state { open, paid };
consteval auto forebay_names(forebay::type_tag<state>) {
  return forebay::names<state>({{state::open, "open"}, {state::paid, "paid"}});
}

struct Invoice {
  std::array<std::byte, 16> id{};        // bytes; the text of a UUID can be read, too
  state status{};                        // its name
  forebay::decimal total{};              // text, digit for digit
  std::chrono::days due_in{};            // a number of days
  std::chrono::sys_seconds issued_at{};  // on SQLite text: "2026-11-24T10:30:00.000000Z"
};
FOREBAY_ENTITY(Invoice, "invoices", id, status, total, due_in, issued_at);
// snippet]

struct isbn {
  std::string digits{};
};

}  // namespace

// [snippet
template <>
struct forebay::field_codec<isbn> : forebay::stored_as<isbn, &isbn::digits> {
  static constexpr std::string_view name = "isbn";  // for messages
};
// snippet]

namespace {

struct Book {
  isbn number{};
  std::string title{};
};
FOREBAY_ENTITY(Book, "books", number, title);

TEST_F(Guide, AnEntityIsWrittenAndRead) {
  db.execute(s,
             "create table customers(active integer not null, name text, email text not null, id integer primary key)");
  const forebay::repository<Customer> customers{db};
  customers.insert(s, {.id = 7, .email = "cleo@example.org", .active = true});
  const auto cleo = customers.find(s, 7);
  EXPECT_EQ(cleo->email, "cleo@example.org");
  EXPECT_EQ(cleo->name, std::nullopt);
  EXPECT_TRUE(cleo->active);
}

TEST_F(Guide, AKeyOfSeveralColumnsIsATuple) {
  db.execute(
      s,
      "create table accounts(tenant integer, number integer, e_mail text not null, secret text not null, version "
      "integer not null, primary key(tenant, number))");
  const forebay::repository<Account> accounts{db};
  accounts.insert(s, {.tenant = 3, .number = 7, .mail = "ann@example.org", .secret = "geheim", .version = 1});
  std::string text;
  // [snippet
  const auto account = accounts.find(s, {3, 7});
  text = forebay::to_text(*account);
  // snippet]
  EXPECT_EQ(text, "Account{tenant: 3, number: 7, e_mail: \"ann@example.org\", secret: ***, version: 1}");
  EXPECT_EQ(testing::PrintToString(*account), text);
}

TEST_F(Guide, AnEntityWithoutAMacro) {
  db.execute(s, "create table COUNTRY(ISO_CODE text primary key, \"FULL NAME\" text not null)");
  const forebay::repository<Country> countries{db};
  countries.insert(s, {.code = "IS", .name = "Iceland"});
  EXPECT_EQ(countries.find(s, "IS").value().name, "Iceland");
}

TEST_F(Guide, ARowIsTheShapeOfAResult) {
  const auto rows = db.query<Spent>(s,
                                    "select sum(total_cents) as total, email from orders join users on users.id = "
                                    "orders.user_id group by email order by email");
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].email, "ann@example.org");
  EXPECT_EQ(rows[0].total, 2'200);
}

TEST_F(Guide, TypesBeyondNumbersAndTexts) {
  using namespace std::chrono;
  db.execute(s,
             "create table invoices(id blob primary key, status text not null, total text not null, due_in integer not "
             "null, issued_at text not null)");
  const forebay::repository<Invoice> invoices{db};
  Invoice i{.status = state::paid, .total = forebay::decimal("12.50"), .due_in = days(14)};
  i.issued_at = sys_days(year(2026) / 11 / 24) + hours(10) + minutes(30);
  invoices.insert(s, i);
  EXPECT_EQ(
      db.scalar<std::string>(s, "select status || ' ' || total || ' ' || due_in || ' ' || issued_at from invoices"),
      "paid 12.50 14 2026-11-24T10:30:00.000000Z");
  EXPECT_EQ(invoices.find(s, i.id).value().issued_at, i.issued_at);
  db.execute(s, "update invoices set status = 'lost'");
  EXPECT_THROW((void)invoices.find(s, i.id), forebay::schema_mismatch);
}

TEST_F(Guide, ATypeOfTheApplicationsOwn) {
  db.execute(s, "create table books(number text primary key, title text not null)");
  const forebay::repository<Book> books{db};
  books.insert(s, {.number = {"9780262033848"}, .title = "Introduction"});
  EXPECT_EQ(books.query(s).all().at(0).number.digits, "9780262033848");
  EXPECT_EQ(db.scalar<std::string>(s, "select title from books where number = {}", isbn{"9780262033848"}),
            "Introduction");
}

}  // namespace
