#include <array>
#include <chrono>
#include <cstddef>
#include <string_view>

#include "shop.hpp"

namespace {

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
