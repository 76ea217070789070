#include <cstdint>
#include <iostream>
#include <optional>
#include <string>

#include <forebay/forebay.hpp>
#include <forebay/soci/sqlite.hpp>

struct User {
  std::int64_t id{};
  std::string email{};
  std::optional<std::string> name{};
  std::int64_t version{};
};
FOREBAY_ENTITY(User, (.table = "users", .version = &User::version), id, email, name, version);

int main() {
  using namespace std::chrono_literals;
  forebay::database db{{.shards = {{.primary = "sqlite::memory:"}},
                        .cache = {.entities = {forebay::cache_for<User>({.memory_ttl = 2s})}}}};
  forebay::repository<User> users{db};
  forebay::session s = db.session({.deadline = 500ms, .name = "GET /users"});

  db.execute(s, "create table users(id integer primary key, email text not null, name text, version integer not null)");
  users.insert(s, {.id = 42, .email = "ann@example.org", .name = "Ann", .version = 1});

  for (int i = 0; i < 2; ++i) {
    const auto u = users.find(s, 42);  // like an optional; shares the cached row
    if (u) std::cout << *u->name << " from " << forebay::to_string(u.source()) << '\n';
  }

  db.transact(s, [&](forebay::transaction& tx) {
    User me = *users.find(tx, 42);  // inside a transaction the cache is bypassed
    me.name = "Bob";
    users.update(tx, me);  // ... where version = 1, or forebay::conflict
  });                      // the cached row is dropped before this returns

  const auto u = users.find(s, 42);
  std::cout << *u->name << " from " << forebay::to_string(u.source()) << '\n';

  using forebay::col;
  const auto found = users.query(s).where(col<&User::email>.like("%@example.org")).order_by(col<&User::id>).all();
  std::cout << found.size() << " user, " << db.query<std::int64_t>(s, "select count(*) from users where id > {}", 40)[0]
            << " counted\n";
}
