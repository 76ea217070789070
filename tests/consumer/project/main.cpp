// A service in small: writes one row and reads it back. Exit code 0 when it is the same.
#include <cstdint>
#include <iostream>
#include <string>

#include <forebay/forebay.hpp>
#include <forebay/soci/sqlite.hpp>

struct Book {
  std::int64_t id{};
  std::string title;
};
FOREBAY_ENTITY(Book, "books", id, title);

int main() {
  forebay::database db{"sqlite::memory:"};
  forebay::session request = db.session();
  db.execute(request, "create table books (id integer primary key, title text not null)");

  forebay::repository<Book> books{db};
  books.insert(request, {.id = 1, .title = "Dams and forebays"});
  const auto found = books.find(request, 1);
  if (!found || found->title != "Dams and forebays") {
    std::cerr << "the row that was written is not the row that was read\n";
    return 1;
  }
  std::cout << found->title << '\n';
}
