#include "shop_window.hpp"

namespace catalog {

// How it is often written first: it reads well, and sends a statement for each line of the page. The demo's finding
// points to the find in here.
std::vector<shown_package> list_one_by_one(forebay::session& s, const shop_window& shop,
                                           const std::vector<Package>& page) {
  std::vector<shown_package> shown;
  shown.reserve(page.size());
  for (const Package& p : page) {
    if (!p.maintainer_id) {
      shown.push_back(show(p, {}));
      continue;
    }
    const auto maintainer = shop.maintainers.find(s, *p.maintainer_id);  // N+1: the line that the finding names
    shown.push_back(show(p, maintainer));
  }
  return shown;
}

}  // namespace catalog
