#include <forebay/diagnostics/broad_invalidation.hpp>

#include <algorithm>
#include <compare>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include <forebay/error.hpp>

namespace forebay::diagnostics {

namespace {

struct place {
  std::string_view file;  // of a call site: static storage
  int line;
  std::string table;
  auto operator<=>(const place&) const = default;
};

struct seen {
  finding what;
  std::uint64_t last_session = 0;
};

finding describe(const wide_write& w, const invalidation_event& e) {
  finding f;
  f.rule = "broad-invalidation";
  f.where = w.where;
  f.session = std::string(e.session_name);
  f.statement = w.statement;
  const std::string name = w.table.empty() ? "the table" : w.table;
  f.message = "a raw write drops every cached row of " + (w.table.empty() ? "all tables" : w.table);
  switch (w.reason) {
    case wide_reason::tables_not_known:
      f.message += ": what it writes cannot be told";
      f.fix = "keep changes of the schema and of settings out of what runs all the time";
      break;
    case wide_reason::rows_replaced:
      f.message += ": REPLACE deletes rows that nothing names";
      f.fix = "insert ... on conflict (key) do update set ... returning key";
      break;
    case wide_reason::key_not_named:
    case wide_reason::trigger_or_action:
      f.message += ": it does not tell their keys";
      f.fix = "compare the whole key of " + name +
              " in its WHERE, or return it (\"returning key\"), or name the rows:\n" + "db.execute(s, touches(" + name +
              ", keys), \"...\");   // touches_all<Row>() where all are meant";
      break;
  }
  return f;
}

}  // namespace

struct broad_invalidation::state {
  explicit state(broad_invalidation_options o) : options(o) {}
  void add(const wide_write& w, const invalidation_event& e);

  const broad_invalidation_options options;
  mutable std::mutex mutex;
  std::map<place, seen> places;
  std::uint64_t overlooked = 0;
};

broad_invalidation::broad_invalidation(broad_invalidation_options options) : state_(std::make_unique<state>(options)) {
  if (options.max_places < 1 || options.max_places > 1'000'000) {
    throw invalid_option(
        {.message = "broad_invalidation_options::max_places is outside its range", .fix = "choose 1 to 1,000,000"});
  }
}

broad_invalidation::~broad_invalidation() = default;

void broad_invalidation::state::add(const wide_write& w, const invalidation_event& e) {
  place key{w.where.file, w.where.line, w.table};
  auto known = places.find(key);
  if (known == places.end()) {
    if (places.size() >= options.max_places) {
      ++overlooked;
      return;
    }
    known = places.emplace(std::move(key), seen{describe(w, e), 0}).first;
  }
  seen& s = known->second;
  ++s.what.occurrences;
  if (s.last_session != e.session || s.what.sessions == 0) ++s.what.sessions;
  s.last_session = e.session;
}

void broad_invalidation::on_invalidation(const invalidation_event& e) noexcept {
  const std::lock_guard guard(state_->mutex);
  for (const wide_write& w : e.wide) {
    if (w.reason == wide_reason::trigger_or_action) continue;
    try {
      state_->add(w, e);
    } catch (...) {  // no memory: diagnostics must not take the application down
      ++state_->overlooked;
    }
  }
}

std::vector<finding> broad_invalidation::findings() const {
  const std::lock_guard guard(state_->mutex);
  std::vector<finding> found;
  for (const auto& [where, s] : state_->places) found.push_back(s.what);
  std::ranges::stable_sort(found, std::greater(), &finding::occurrences);
  return found;
}

std::uint64_t broad_invalidation::overlooked() const noexcept {
  const std::lock_guard guard(state_->mutex);
  return state_->overlooked;
}

}  // namespace forebay::diagnostics
