#include <cstdint>
#include <string>
#include <vector>

#include <forebay/forebay.hpp>

struct User {
  std::int64_t id{};
  std::string email;
};
FOREBAY_ENTITY(User, "users", id, email);

struct Order {
  std::int64_t id{};
#ifdef CORRECT
  std::int64_t user_id{};
#else
  std::string user_id;
#endif
};
FOREBAY_ENTITY(Order, "orders", id, user_id);

void load(forebay::repository<Order>& orders, forebay::session& s, const std::vector<User>& users) {
  (void)orders.load_for<&Order::user_id>(s, users);
}
