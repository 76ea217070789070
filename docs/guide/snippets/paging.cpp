#include "shop.hpp"

namespace {

TEST_F(Guide, PagesOfAList) {
  const std::string cursor;
  // [snippet
  const auto page = orders.query(s)
                        .order_by(col<&Order::total_cents>.descending())
                        .after(cursor)  // empty: from the start
                        .limit(2)
                        .page();
  const std::string link_to_next = page.has_more ? page.next : "";
  // snippet]
  ASSERT_EQ(page.rows.size(), 2u);
  EXPECT_EQ(page.rows[0].id, 12);
  EXPECT_EQ(page.rows[1].id, 10);
  EXPECT_EQ(link_to_next, page.next);
}

TEST_F(Guide, PagesBackwards) {
  auto query = orders.query(s).order_by(col<&Order::id>).limit(2);
  const auto second = query.after(query.page().next).page();
  const std::string previous = second.previous;
  ASSERT_EQ(second.rows.size(), 1u);
  // [snippet
  const auto before = orders.query(s).order_by(col<&Order::id>).before(previous).limit(2).page();
  const auto last = orders.query(s).order_by(col<&Order::id>).before("").limit(2).page();
  // snippet]
  ASSERT_EQ(before.rows.size(), 2u);
  EXPECT_EQ(before.rows[0].id, 10);
  EXPECT_FALSE(before.has_more);
  EXPECT_EQ(last.rows[0].id, 11);
  EXPECT_TRUE(last.has_more);
}

TEST_F(Guide, EveryRowInParts) {
  std::vector<std::int64_t> seen;
  // [snippet
  forebay::page<Order> part;
  do {
    part = orders.query(s).after(part.next).limit(2).page();
    for (const Order& o : part.rows) seen.push_back(o.id);
  } while (part.has_more);
  // snippet]
  EXPECT_EQ(seen, (std::vector<std::int64_t>{10, 11, 12}));
}

TEST_F(Guide, ACursorIsChecked) {
  int status = 200;
  const std::string cursor = "nonsense";
  // [snippet
  try {
    (void)orders.query(s).after(cursor).limit(50).page();
  } catch (const forebay::invalid_cursor&) {
    status = 400;  // damaged, or of another query: the client begins again
  }
  // snippet]
  EXPECT_EQ(status, 400);
}

}  // namespace
