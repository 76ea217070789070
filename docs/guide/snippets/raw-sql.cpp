#include "shop.hpp"

#include <map>
#include <sstream>
#include <tuple>

namespace {

// [snippet
struct Revenue {
  std::int64_t user_id{};
  std::optional<std::int64_t> cents{};
};
FOREBAY_ROW(Revenue, user_id, cents);
// snippet]

TEST_F(Guide, RowsOfAQuery) {
  const std::int64_t at_least = 1'000;
  // [snippet
  const std::vector<Revenue> rows = db.query<Revenue>(
      s, "select user_id, sum(total_cents) as cents from orders where total_cents >= {} group by user_id", at_least);
  // snippet]
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].cents, 1'500);
}

TEST_F(Guide, TheOtherCalls) {
  // [snippet
  const auto ann = db.query_one<User>(s, "select * from users where email = {}", "ann@example.org");  // an optional
  const auto average = db.scalar<double>(s, "select avg(total_cents) from orders");
  const auto pairs = db.query<std::tuple<std::int64_t, std::string>>(s, "select id, email from users order by id");
  const std::vector<std::int64_t> ids{10, 11, 12};
  const auto raised = db.execute(s, "update orders set total_cents = total_cents + 100 where id in ({})", ids);
  // snippet]
  EXPECT_EQ(ann->id, 1);
  EXPECT_GT(average, 4'000);
  EXPECT_EQ(std::get<1>(pairs.at(1)), "bob@example.org");
  EXPECT_EQ(raised, 3u);
}

TEST_F(Guide, RowAfterRow) {
  std::ostringstream out;
  // [snippet
  db.for_each<Order>(
      s, [&](const Order& o) { out << o.id << ';' << o.total_cents << '\n'; }, "select * from orders order by id");
  // snippet]
  EXPECT_EQ(out.str(), "10;1500\n11;700\n12;9900\n");
}

TEST_F(Guide, PiecesOfAStatement) {
  const std::optional<std::string> name;
  const bool only_buyers = true;
  // [snippet
  auto search = forebay::sql("select * from users where id > {}", 0)
                    .add_if(name, " and name = {}")  // a std::optional: added, and bound, when it holds a value
                    .add_if(only_buyers, " and exists (select 1 from orders where user_id = users.id)");
  const auto found = db.query<User>(s, search.add(" order by id limit {}", 20));
  // snippet]
  EXPECT_EQ(found.size(), 2u);
}

TEST_F(Guide, ATextThatNoCompilerHasSeen) {
  const std::string wanted = "newest";
  // [snippet
  static const std::map<std::string, std::string> orders_of{{"newest", "id desc"}, {"largest", "total_cents desc"}};
  const auto sorted = db.query<Order>(
      s, forebay::unsafe_sql("select * from orders where user_id = {} order by " + orders_of.at(wanted), 1));
  // snippet]
  EXPECT_EQ(sorted.at(0).id, 11);
}

TEST_F(Guide, AScript) {
  const std::string text =
      "create table notes(id integer primary key, body text);\ninsert into notes values(1, 'a;b');";
  // [snippet
  db.run_script(s, forebay::unsafe_script(text, "migrations/7.sql"));  // all of it or nothing
  // snippet]
  EXPECT_EQ(db.scalar<std::string>(s, "select body from notes"), "a;b");
}

}  // namespace
