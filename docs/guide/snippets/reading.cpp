#include "shop.hpp"

namespace {

TEST_F(Guide, FindGivesAHandle) {
  std::string greeting;
  // [snippet
  const auto user = users.find(s, 1);
  if (user) greeting = "Hello " + user->name.value_or("stranger");
  // snippet]
  EXPECT_EQ(greeting, "Hello Ann");
  // [snippet
  User copy = *users.find(s, 1);  // not_found where there is none
  copy.name = "Anna";             // the cached row stays as it is
  const auto again = users.find(s, 1);
  const auto from = again.source();  // memory: the second find asked no database
  const std::chrono::milliseconds old = again.age();
  // snippet]
  EXPECT_EQ(copy.name, "Anna");
  EXPECT_EQ(again->name, "Ann");
  EXPECT_EQ(from, forebay::source::memory);
  EXPECT_LT(old, 2s);
  EXPECT_THROW((void)*users.find(s, 404), forebay::not_found);
}

TEST_F(Guide, FindManyKeepsTheOrder) {
  std::string names;
  // [snippet
  const std::vector<std::int64_t> wanted{2, 404, 1};
  const auto found = users.find_many(s, wanted);  // one statement for all that are not cached
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    names += found[i] ? found[i]->email + ' ' : "(none) ";
  }
  // snippet]
  EXPECT_EQ(names, "bob@example.org (none) ann@example.org ");
}

TEST_F(Guide, OtherReads) {
  // [snippet
  const bool there = users.exists(s, 1);                               // by key, through the cache
  const auto how_many = orders.count(s);                               // rows of the table, counted by the database
  const auto ann = users.find_by<&User::email>(s, "ann@example.org");  // by a unique column, not cached
  const auto line = lines.find(s, {10, "apple"});                      // a key of several columns
  // snippet]
  EXPECT_TRUE(there);
  EXPECT_EQ(how_many, 3u);
  EXPECT_EQ(ann->id, 1);
  EXPECT_EQ(line->amount, 3);
  EXPECT_THROW((void)orders.find_by<&Order::user_id>(s, 1), forebay::too_many_rows);
  EXPECT_FALSE(users.find_by<&User::email>(s, "nobody@example.org"));
}

}  // namespace
