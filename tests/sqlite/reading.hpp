#pragma once

#include "sqlite/shop.hpp"

// The shop in a file, and in memory: reads behave alike.

namespace shop {

class reading_test : public testing::TestWithParam<const char*> {
 protected:
  temporary_folder folder;
  shop_database shop{std::string_view(GetParam()) == "file" ? folder.url("shop.db") : "sqlite::memory:"};
  forebay::database& db = shop.db;
  forebay::session& s = shop.s;
  forebay::repository<User>& users = shop.users;
  forebay::repository<Order>& orders = shop.orders;
  forebay::repository<Line>& lines = shop.lines;
};

template <class Row>
std::vector<std::int64_t> ids_of(const std::vector<Row>& rows) {
  std::vector<std::int64_t> ids;
  for (const Row& r : rows) ids.push_back(r.id);
  return ids;
}
using ids = std::vector<std::int64_t>;

inline std::vector<User> some_users(std::int64_t count) {
  std::vector<User> rows;
  for (std::int64_t i = 1; i <= count; ++i) {
    rows.push_back(
        {.id = i, .email = "user" + std::to_string(i) + "@example.org", .name = std::nullopt, .version = i % 3});
  }
  return rows;
}

}  // namespace shop
