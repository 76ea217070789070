#include "shop_window.hpp"

#include <iterator>
#include <utility>

namespace catalog {

using forebay::col;

shown_package show(const Package& p, const forebay::handle<Maintainer>& by) {
  return {p.name, by ? by->name : std::string("nobody")};
}

std::vector<Package> read_page(forebay::session& s, const shop_window& shop, const std::string& after,
                               std::size_t size) {
  return shop.packages.query(s).where(col<&Package::name> > after).order_by(col<&Package::name>).limit(size).all();
}

std::vector<shown_package> browse(forebay::database& db, fill_page& fill, std::size_t pages, std::size_t page_size) {
  const shop_window shop(db);
  std::vector<shown_package> shown;
  std::string after;
  for (std::size_t i = 0; i < pages; ++i) {
    forebay::session s = db.session({.name = "GET /packages"});
    const std::vector<Package> page = read_page(s, shop, after, page_size);
    std::ranges::move(fill(s, shop, page), std::back_inserter(shown));
    after = page.size() < page_size ? std::string() : page.back().name;
  }
  return shown;
}

}  // namespace catalog
