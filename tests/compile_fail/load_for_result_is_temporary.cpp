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

std::size_t count(forebay::repository<Order>& orders, forebay::session& s, const std::vector<User>& users) {
#ifdef CORRECT
  const auto of = orders.load_for<&Order::user_id>(s, users);
  return of[users[0]].size();
#else
  const auto found = orders.load_for<&Order::user_id>(s, users)[users[0]];
  return found.size();
#endif
}
