#include "shop_window.hpp"

namespace catalog {

std::vector<shown_package> list_with_load_for(forebay::session& s, const shop_window& shop,
                                              const std::vector<Package>& page) {
  const auto maintainer_of = shop.maintainers.load_for<&Package::maintainer_id>(s, page);
  std::vector<shown_package> shown;
  shown.reserve(page.size());
  for (const Package& p : page) shown.push_back(show(p, maintainer_of[p]));
  return shown;
}

}  // namespace catalog
