#include "shop.hpp"

namespace {

std::vector<std::string> mailbox;
void send_mail(const std::string& to) { mailbox.push_back(to); }

TEST_F(Guide, AllOrNothing) {
  // [snippet
  const std::int64_t total = db.transact(s, [&](forebay::transaction& tx) {
    User buyer = *users.find(tx, 2);  // the transaction in the session's place; the cache is bypassed
    ++buyer.visits;
    users.update(tx, buyer);
    orders.insert(tx, {.id = 13, .user_id = 2, .total_cents = 400});
    return *orders.query(tx).where(col<&Order::user_id> == 2).sum(col<&Order::total_cents>);
  });  // committed, and the cached row dropped, before this returns; rolled back if anything throws
  // snippet]
  EXPECT_EQ(total, 10'300);
  EXPECT_EQ(users.find(s, 2).value().visits, 1);
}

TEST_F(Guide, BeginAndCommit) {
  const bool valid = false;
  // [snippet
  forebay::transaction tx = db.begin(s);
  orders.insert(tx, {.id = 13, .user_id = 1, .total_cents = 400});
  if (valid) tx.commit();
  // snippet]
  tx.rollback();
  EXPECT_FALSE(orders.find(s, 13));
}

TEST_F(Guide, APartThatIsUndoneAlone) {
  // [snippet
  db.transact(s, [&](forebay::transaction& tx) {
    orders.insert(tx, {.id = 13, .user_id = 1, .total_cents = 400});
    try {
      tx.nested([&] {
        lines.insert(tx, {.order_id = 13, .sku = "apple", .amount = 1});
        lines.insert(tx, {.order_id = 13, .sku = "apple", .amount = 1});
      });
    } catch (const forebay::duplicate_key&) {
      // neither line is there; the order is
    }
  });
  // snippet]
  EXPECT_TRUE(orders.find(s, 13));
  EXPECT_EQ(lines.count(s), 4u);
}

TEST_F(Guide, OnceItIsCommitted) {
  mailbox.clear();
  // [snippet
  db.transact(s, [&](forebay::transaction& tx) {
    const User buyer = *users.find(tx, 1);
    orders.insert(tx, {.id = 13, .user_id = buyer.id, .total_cents = 400});
    tx.after_commit([to = buyer.email] { send_mail(to); });  // once, whatever is tried again; never after a rollback
  });
  // snippet]
  EXPECT_EQ(mailbox, std::vector<std::string>{"ann@example.org"});
}

TEST_F(Guide, OneSnapshot) {
  // [snippet
  const auto report = db.transact(s,
                                  [&](forebay::transaction& tx) {
                                    return std::pair(orders.count(tx),
                                                     orders.query(tx).sum(col<&Order::total_cents>));  // of one moment
                                  },
                                  {.mode = forebay::transaction_mode::read_only, .deadline = 200ms});
  // snippet]
  EXPECT_EQ(report.first, 3u);
  EXPECT_EQ(report.second, 12'100);
  forebay::transaction tx = db.begin(s, {.mode = forebay::transaction_mode::read_only});
  EXPECT_THROW(orders.insert(tx, {.id = 13, .user_id = 1}), forebay::error);
}

TEST_F(Guide, PastTheOpenTransaction) {
  const auto known = users.find(s, 1);
  // [snippet
  forebay::transaction tx = db.begin(s);
  lines.remove(tx, {10, "pear"});
  // users.find(s, 1) would throw session_in_transaction here
  const auto committed = users.find(s.outside(tx), 1);  // meant: what is committed, by way of the cache
  tx.commit();
  // snippet]
  EXPECT_EQ(committed.source(), forebay::source::memory);
  forebay::transaction other = db.begin(s);
  EXPECT_THROW((void)users.find(s, 1), forebay::session_in_transaction);
}

}  // namespace
