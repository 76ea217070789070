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
struct Ticket {
  std::int64_t id{};
  std::string text{};
  std::string opened_by{};
  std::int64_t length{};
};
FOREBAY_ENTITY(Ticket,
               (.table = "tickets", .generated = &Ticket::id, .filled = {&Ticket::opened_by},
                .read_only = {&Ticket::length}),
               id, text, opened_by, length);
// snippet]

// [snippet
struct Spent {
  std::string email{};
  std::int64_t total{};
};
FOREBAY_ROW(Spent, email, total);
// snippet]

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

TEST_F(Guide, ColumnsThatTheDatabaseMakes) {
  db.execute(s,
             "create table tickets(id integer primary key, text text not null, opened_by text not null default 'web', "
             "length integer as (length(text)))");
  const forebay::repository<Ticket> tickets{db};
  // [snippet
  const std::int64_t id = tickets.insert(s, {.text = "no light"});                 // the key that the database made
  const Ticket stored = tickets.insert_returning(s, {.text = "no light at all"});  // and what it filled in
  // snippet]
  EXPECT_EQ(id, 1);
  EXPECT_EQ(stored.id, 2);
  EXPECT_EQ(stored.opened_by, "web");
  EXPECT_EQ(stored.length, 15);
}

TEST_F(Guide, ARowIsTheShapeOfAResult) {
  const auto rows = db.query<Spent>(s,
                                    "select sum(total_cents) as total, email from orders join users on users.id = "
                                    "orders.user_id group by email order by email");
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].email, "ann@example.org");
  EXPECT_EQ(rows[0].total, 2'200);
}

}  // namespace
