#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <forebay/database.hpp>
#include <forebay/handle.hpp>
#include <forebay/repository.hpp>
#include <forebay/session.hpp>

#include "entities.hpp"

namespace catalog {

// A line of the shop window.
struct shown_package {
  std::string package;
  std::string maintainer;

  friend bool operator==(const shown_package&, const shown_package&) = default;
};

[[nodiscard]] shown_package show(const Package& p, const forebay::handle<Maintainer>& by);

// What the pages of the shop window are made from.
struct shop_window {
  explicit shop_window(forebay::database& db) : packages(db), maintainers(db) {}

  forebay::repository<Package> packages;
  forebay::repository<Maintainer> maintainers;
};

// The packages of one page in the order of their names: the first `size` behind the name `after`.
[[nodiscard]] std::vector<Package> read_page(forebay::session& s, const shop_window& shop, const std::string& after,
                                             std::size_t size);

// Two ways to find the maintainers of a page.
using fill_page = std::vector<shown_package>(forebay::session&, const shop_window&, const std::vector<Package>&);
fill_page list_one_by_one;     // a find for each package
fill_page list_with_load_for;  // one load for all of them

// Shows `pages` pages with `page_size` packages each, beginning again behind the last one; a session for each.
[[nodiscard]] std::vector<shown_package> browse(forebay::database& db, fill_page& fill, std::size_t pages,
                                                std::size_t page_size);

}  // namespace catalog
