#include "shop.hpp"

namespace {

TEST_F(Guide, AnOrderThatIsTheSameEverywhere) {
  // [snippet
  const auto by_name = users.query(s).order_by(col<&User::name>.nulls_last(), col<&User::id>).all();
  // snippet]
  ASSERT_EQ(by_name.size(), 2u);
  EXPECT_EQ(by_name[1].id, 2);
}

TEST_F(Guide, ACollationIsTheColumns) {
  db.execute(s, "create table tags(id integer primary key, name text not null collate nocase unique)");
  db.execute(s, "insert into tags values(1, 'Blue')");
  EXPECT_EQ(db.scalar<std::int64_t>(s, "select count(*) from tags where name = {}", "blue"), 1);
  EXPECT_EQ(users.query(s).where(col<&User::email> == "ANN@example.org").count(), 0u);
  EXPECT_EQ(users.query(s).where(col<&User::email>.like("ANN@%")).count(), 1u);
}

}  // namespace
