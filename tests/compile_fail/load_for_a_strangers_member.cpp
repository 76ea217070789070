#include <cstdint>
#include <vector>

#include <forebay/forebay.hpp>

struct User {
  std::int64_t id{};
};
FOREBAY_ENTITY(User, "users", id);
struct Order {
  std::int64_t id{};
  std::int64_t user_id{};
};
FOREBAY_ENTITY(Order, "orders", id, user_id);
struct Invoice {
  std::int64_t id{};
  std::int64_t user_id{};
};
FOREBAY_ENTITY(Invoice, "invoices", id, user_id);

void load(forebay::repository<Order>& orders, forebay::session& s, const std::vector<User>& users) {
#ifdef CORRECT
  (void)orders.load_for<&Order::user_id>(s, users);
#else
  (void)orders.load_for<&Invoice::user_id>(s, users);
#endif
}
