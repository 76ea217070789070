#include "shop.hpp"

#include <stdexcept>

namespace {

using forebay::increment;
using forebay::on;
using forebay::set;

struct Note {
  std::int64_t id{};
  std::string text{};
  std::string made_at{};
};
FOREBAY_ENTITY(Note, (.table = "notes", .generated = &Note::id, .filled = {&Note::made_at}), id, text, made_at);

class Writing : public Guide {
 protected:
  Writing() {
    db.execute(s,
               "create table notes(id integer primary key, text text not null unique, "
               "made_at text not null default 'today')");
  }
  forebay::repository<Note> notes{db};
};

TEST_F(Writing, InsertGivesTheKey) {
  // [snippet
  const std::int64_t id = notes.insert(s, {.text = "call Ann"});  // the key that the database made
  const Note stored = notes.insert_returning(s, {.text = "call Bob"});
  const auto ids = notes.insert_many(s, std::vector<Note>{{.text = "pay rent"}, {.text = "sleep"}});  // all or none
  // snippet]
  EXPECT_EQ(id, 1);
  EXPECT_EQ(stored.made_at, "today");
  EXPECT_EQ(ids, (std::vector<std::int64_t>{3, 4}));
}

TEST_F(Writing, AnUpdateThatLosesIsTold) {
  const std::string new_name = "Anne";
  // [snippet
  for (int attempt = 1;; ++attempt) {
    auto found = users.find(s, 1);
    if (!found) throw std::runtime_error("no such user");
    User me = *found;
    me.name = new_name;
    try {
      users.update(s, me);  // "... where id = 1 and version = 1"; me.version is 2 now
      break;
    } catch (const forebay::conflict&) {
      if (attempt == 3) throw;  // somebody else was faster: read the row again
    }
  }
  // snippet]
  EXPECT_EQ(users.find(s, 1).value().name, "Anne");
  EXPECT_EQ(users.find(s, 1).value().version, 2);
}

TEST_F(Writing, SomeColumnsAreSet) {
  // [snippet
  const bool there = users.set(s, 1, set<&User::name>("Anna"), increment<&User::visits>(1));
  const auto renamed = users.set_where(s, col<&User::name>.is_null(), set<&User::name>("somebody"));
  // snippet]
  EXPECT_TRUE(there);
  EXPECT_EQ(renamed, 1u);
  EXPECT_EQ(users.find(s, 1).value().name, "Anna");
  EXPECT_EQ(users.find(s, 1).value().visits, 1);
}

TEST_F(Writing, UpsertByKeyOrByAUniqueColumn) {
  // [snippet
  users.upsert(s, {.id = 2, .email = "bob@example.org", .name = "Bob", .version = 1});  // by the key
  const auto id = notes.upsert(s, {.text = "call Ann"}, on<&Note::text>);               // by a unique column
  // snippet]
  EXPECT_EQ(users.find(s, 2).value().name, "Bob");
  EXPECT_EQ(users.find(s, 2).value().version, 2);
  EXPECT_EQ(id, 1);
}

TEST_F(Writing, Remove) {
  // [snippet
  const bool was_there = lines.remove(s, {10, "pear"});
  const auto removed = lines.remove_many(s, {{10, "apple"}, {11, "apple"}, {99, "none"}});  // how many there were
  const auto cheap = orders.remove_where(s, col<&Order::total_cents> < 1'000);
  // snippet]
  EXPECT_TRUE(was_there);
  EXPECT_EQ(removed, 2u);
  EXPECT_EQ(cheap, 1u);
}

TEST_F(Writing, ADuplicateIsAnAnswer) {
  bool taken = false;
  // [snippet
  try {
    users.insert(s, {.id = 3, .email = "ann@example.org", .version = 1});
  } catch (const forebay::duplicate_key&) {
    taken = true;  // what() names users.email, and not the address
  }
  // snippet]
  EXPECT_TRUE(taken);
}

}  // namespace
