#include <cstdint>

#include <forebay/entity/entity.hpp>

namespace shop {
struct User {
  std::int64_t id{};
};
#ifdef CORRECT
FOREBAY_ENTITY(User, "users", id);
#endif
}  // namespace shop

#ifndef CORRECT
FOREBAY_ENTITY(shop::User, "users", id);
#endif
