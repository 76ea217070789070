#include <cstdint>

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

bool any(forebay::repository<Order>& orders, forebay::repository<User>& users, forebay::session& s) {
#ifdef CORRECT
  return orders.query(s).join<&Order::user_id>(users).where(forebay::col<&User::id> == 1).exists();
#else
  return orders.query(s).where(forebay::col<&User::id> == 1).exists();
#endif
}
