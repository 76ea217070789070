#include <set>

#include <forebay/block.hpp>
#include <forebay/forebay.hpp>

struct Report {
  std::set<int> ids;
};
#ifdef CORRECT
template <>
struct forebay::payload_traits<Report> {
  static std::size_t heap_bytes(const Report& r) noexcept { return r.ids.size() * 40; }
};
#endif

std::size_t size(forebay::database& db, forebay::session& s) {
  const auto report = db.cached<Report>(s, "report", {}, [](forebay::context&) { return Report(); });
  return report->ids.size();
}
