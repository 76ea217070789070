#include <forebay/diagnostics/n_plus_one.hpp>

#include <algorithm>
#include <array>
#include <compare>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include <forebay/error.hpp>

namespace forebay::diagnostics {

namespace {

// A kind of read: one statement from one line of the application.
struct kind_of_read {
  std::uint64_t fingerprint;
  std::string_view file;  // of a call site: static storage
  int line;
  auto operator<=>(const kind_of_read&) const = default;
};

// What one session has done of one kind.
struct repeats {
  std::uint64_t operations = 0;
  std::array<std::uint64_t, 8> recent_operations{};  // calls of several threads interleave
  std::uint64_t first_parameters = 0;
  bool parameters_vary = false;
  nanoseconds time{};
};

std::string fix_for(const statement_event& e) {
  if (e.table.empty()) {
    return "put the values into one list and read them at once: db.query<Row>(s, \"... where key in ({})\", keys)";
  }
  const std::string table(e.table);
  if (!e.key_column.empty()) {
    return "auto found = " + table +
           ".find_many(s, keys);   // collect the keys first: one statement\n"
           "auto of = " +
           table + ".load_for<&Row::foreign_key>(s, rows);   // or from the rows that point to them";
  }
  return "auto of = " + table + ".load_for<&Row::foreign_key>(s, rows);   // for all rows at once: one statement";
}

}  // namespace

struct n_plus_one::state {
  explicit state(n_plus_one_options o) : options(o) {}

  void add(const statement_event& e);
  void conclude(const kind_of_read& kind, const repeats& r, std::map<kind_of_read, finding>& into) const;

  const n_plus_one_options options;
  mutable std::mutex mutex;
  std::map<std::uint64_t, std::map<kind_of_read, repeats>> open;  // by session
  std::size_t open_groups = 0;
  std::map<kind_of_read, finding>
      described;  // what a finding of this kind would say; its numbers are of ended sessions
  std::uint64_t overlooked = 0;
};

n_plus_one::n_plus_one(n_plus_one_options options) : state_(std::make_unique<state>(options)) {
  if (options.threshold < 2 || options.threshold > 1'000'000) {
    throw invalid_option(
        {.message = "n_plus_one_options::threshold is outside its range", .fix = "choose 2 to 1,000,000"});
  }
  if (options.max_groups < 1 || options.max_groups > 10'000'000) {
    throw invalid_option(
        {.message = "n_plus_one_options::max_groups is outside its range", .fix = "choose 1 to 10,000,000"});
  }
}

n_plus_one::~n_plus_one() = default;

void n_plus_one::on_statement(const statement_event& e) noexcept {
  if (e.kind != statement_kind::query || e.failed || e.session == 0) return;
  const std::lock_guard guard(state_->mutex);
  try {
    state_->add(e);
  } catch (...) {  // no memory: diagnostics must not take the application down
    ++state_->overlooked;
  }
}

// Here N+1 is decided: a kind counts once an operation, and only with parameters that change.
void n_plus_one::state::add(const statement_event& e) {
  const kind_of_read kind{e.fingerprint, e.where.file, e.where.line};
  auto& groups = open[e.session];
  auto group = groups.find(kind);
  if (group == groups.end()) {
    if (open_groups >= options.max_groups) {
      ++overlooked;
      return;
    }
    group = groups.emplace(kind, repeats{}).first;
    group->second.first_parameters = e.parameters;
    ++open_groups;
  }
  repeats& r = group->second;
  r.time += e.execute + e.fetch;
  r.parameters_vary = r.parameters_vary || r.first_parameters != e.parameters;
  if (std::ranges::find(r.recent_operations, e.operation) == r.recent_operations.end()) {
    r.recent_operations[r.operations % r.recent_operations.size()] = e.operation;
    ++r.operations;
  }
  if (r.operations >= options.threshold && r.parameters_vary && !described.contains(kind)) {
    finding f;
    f.rule = "n-plus-one";
    f.where = e.where;
    f.session = std::string(e.session_name);
    f.statement = std::string(e.text);
    f.message = std::string(e.operation_name) + " in a loop: one statement for each row, where one could read them all";
    f.fix = fix_for(e);
    described.emplace(kind, std::move(f));
  }
}

void n_plus_one::state::conclude(const kind_of_read& kind, const repeats& r,
                                 std::map<kind_of_read, finding>& into) const {
  if (r.operations < options.threshold || !r.parameters_vary) return;
  const auto found = into.find(kind);
  if (found == into.end()) return;  // there was no memory to describe it
  finding& f = found->second;
  f.occurrences += r.operations;
  f.sessions += 1;
  f.avoidable += r.operations - 1;
  f.wasted += r.time * (static_cast<std::int64_t>(r.operations) - 1) / static_cast<std::int64_t>(r.operations);
}

void n_plus_one::on_session(const session_event& e) noexcept {
  const std::lock_guard guard(state_->mutex);
  const auto session = state_->open.find(e.session);
  if (session == state_->open.end()) return;
  for (const auto& [kind, r] : session->second) state_->conclude(kind, r, state_->described);
  state_->open_groups -= session->second.size();
  state_->open.erase(session);
}

std::vector<finding> n_plus_one::findings() const {
  const std::lock_guard guard(state_->mutex);
  std::map<kind_of_read, finding> all = state_->described;
  for (const auto& [session, groups] : state_->open) {
    for (const auto& [kind, r] : groups) state_->conclude(kind, r, all);
  }
  std::vector<finding> found;
  for (auto& [kind, f] : all) {
    if (f.occurrences > 0) found.push_back(std::move(f));
  }
  std::ranges::stable_sort(found, std::greater(), &finding::occurrences);
  return found;
}

std::uint64_t n_plus_one::overlooked() const noexcept {
  const std::lock_guard guard(state_->mutex);
  return state_->overlooked;
}

}  // namespace forebay::diagnostics
