#include <forebay/testing/fault_plan.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include <forebay/db/driver.hpp>
#include <forebay/db/forwarding_connection.hpp>

namespace forebay::testing {

std::string_view to_string(driver_call call) noexcept {
  switch (call) {
    case driver_call::connect: return "connect";
    case driver_call::run: return "run";
    case driver_call::next: return "next";
    case driver_call::begin: return "begin";
    case driver_call::commit: return "commit";
    case driver_call::rollback: return "rollback";
    case driver_call::savepoint: return "savepoint";
    case driver_call::usable: return "usable";
    case driver_call::check: return "check";
  }
  return "unknown";
}

struct fault_plan::state {
  // The fault of this call, if it is the one that shall fail.
  std::optional<fault> count(driver_call call) {
    const std::lock_guard guard(mutex);
    ++calls[static_cast<std::size_t>(call)];
    if (to_go == 0 || (only && *only != call) || --to_go > 0) return std::nullopt;
    failed_at = call;
    return next;
  }

  void plan(std::optional<driver_call> kind, std::uint64_t n, const fault& what) {
    const std::lock_guard guard(mutex);
    calls = {};
    only = kind;
    to_go = n;
    next = what;
    failed_at.reset();
  }

  std::uint64_t number = 0;  // of the plan in the process: stands in its URLs
  mutable std::mutex mutex;
  std::array<std::uint64_t, 9> calls{};
  std::optional<driver_call> only;
  std::uint64_t to_go = 0;
  fault next;
  std::optional<driver_call> failed_at;
};

namespace {

using state_ptr = std::shared_ptr<fault_plan::state>;

struct plan_table {
  std::mutex mutex;
  std::uint64_t last = 0;
  std::map<std::uint64_t, std::weak_ptr<fault_plan::state>> by_number;
};

plan_table& plans() {
  static plan_table table;
  return table;
}

[[noreturn]] void throw_fault(driver_call call, const fault& what, bool unknown) {
  const bool lost = what.kind != fault_kind::refused;
  const errc honest = call == driver_call::connect             ? errc::cannot_connect
                      : call == driver_call::commit && unknown ? errc::commit_unknown
                      : lost                                   ? errc::connection_lost
                                                               : errc::query_failed;
  throw_error(what.code.value_or(honest),
              {.message = "a fault_plan lets " + std::string(to_string(call)) + " fail",
               .outcome = what.outcome.value_or(unknown ? outcome::unknown : outcome::not_applied),
               .retryable = what.retryable});
}

class fault_connection;

class fault_result final : public result {
 public:
  fault_result(fault_connection& on, result& real, bool writes_by_itself)
      : on_(on), real_(&real), writes_by_itself_(writes_by_itself) {}

  std::span<const value> next() override;
  [[nodiscard]] std::span<const std::string> columns() const override { return real_->columns(); }
  [[nodiscard]] std::uint64_t changes() const override { return real_->changes(); }
  [[nodiscard]] const write_effects& effects() const override { return real_->effects(); }
  [[nodiscard]] bool read_only() const override { return real_->read_only(); }
  void close() noexcept override {
    if (std::exchange(open_, false)) real_->close();
  }
  [[nodiscard]] bool open() const noexcept { return open_; }

 private:
  fault_connection& on_;
  result* real_;
  bool writes_by_itself_;  // outside of a transaction
  bool stepped_ = false;
  bool open_ = true;
};

class fault_connection final : public forwarding_connection {
 public:
  fault_connection(std::unique_ptr<connection> real, state_ptr plan)
      : forwarding_connection(std::move(real)), plan_(std::move(plan)) {}

  [[nodiscard]] bool usable() const noexcept override {
    if (plan_->count(driver_call::usable)) lost_ = true;
    return !lost_ && forwarding_connection::usable();
  }

  // Does `work`, unless this is the call that fails: then nobody knows what it did if the connection is lost with it
  // and `decides`, or something was done `before`.
  template <class Work>
  decltype(auto) guarded(driver_call call, bool decides, Work work, bool before = false) {
    const std::optional<fault> failing = plan_->count(call);
    if (lost_) throw_error(errc::connection_lost, {.message = "a fault_plan has cut this connection"});
    if (!failing) return work();
    if (failing->kind == fault_kind::lost_after) static_cast<void>(work());
    lost_ = failing->kind != fault_kind::refused;
    throw_fault(call, *failing, before || (lost_ && decides));
  }

 private:
  result& do_run(const statement& what, deadline until) override {
    std::erase_if(results_, [](const auto& r) { return !r->open(); });
    const bool writes_by_itself = !in_transaction_ && what.intent == statement_intent::write;
    return guarded(driver_call::run, writes_by_itself, [&]() -> result& {
      result& real = forwarding_connection::do_run(what, until);
      return *results_.emplace_back(std::make_unique<fault_result>(*this, real, writes_by_itself));
    });
  }
  void do_begin(transaction_mode mode, isolation_level isolation, deadline until) override {
    guarded(driver_call::begin, false, [&] { forwarding_connection::do_begin(mode, isolation, until); });
    in_transaction_ = true;
  }
  position do_commit(deadline until) override {
    const position at = guarded(driver_call::commit, true, [&] { return forwarding_connection::do_commit(until); });
    in_transaction_ = false;
    return at;
  }
  void do_rollback() noexcept override {
    in_transaction_ = false;
    const std::optional<fault> failing = plan_->count(driver_call::rollback);
    if (failing) lost_ = true;
    if (!lost_ || (failing && failing->kind == fault_kind::lost_after)) forwarding_connection::do_rollback();
  }
  void do_savepoint(savepoint_step step, deadline until) override {
    guarded(driver_call::savepoint, false, [&] { forwarding_connection::do_savepoint(step, until); });
  }
  bool do_check(deadline until) override {
    if (plan_->count(driver_call::check)) lost_ = true;
    return !lost_ && forwarding_connection::do_check(until);
  }

  state_ptr plan_;
  std::vector<std::unique_ptr<fault_result>> results_;
  mutable bool lost_ = false;
  bool in_transaction_ = false;
};

std::span<const value> fault_result::next() {
  const bool before = std::exchange(stepped_, true) && writes_by_itself_;
  return on_.guarded(
      driver_call::next, writes_by_itself_, [this] { return real_->next(); }, before);
}

class fault_driver final : public driver {
 public:
  fault_driver(std::unique_ptr<driver> real, state_ptr plan) : real_(std::move(real)), plan_(std::move(plan)) {}

  [[nodiscard]] std::unique_ptr<connection> connect(connection_role role, deadline until) override {
    if (const std::optional<fault> failing = plan_->count(driver_call::connect)) {
      if (failing->kind == fault_kind::lost_after) static_cast<void>(real_->connect(role, until));
      throw_fault(driver_call::connect, *failing, false);
    }
    return std::make_unique<fault_connection>(real_->connect(role, until), plan_);
  }
  [[nodiscard]] const dialect& sql_dialect() const noexcept override { return real_->sql_dialect(); }
  [[nodiscard]] std::size_t max_connections(connection_role role) const noexcept override {
    return real_->max_connections(role);
  }
  [[nodiscard]] std::string_view endpoint() const noexcept override { return real_->endpoint(); }

 private:
  std::unique_ptr<driver> real_;
  state_ptr plan_;
};

// "fault:7:sqlite:shop.db"
std::unique_ptr<driver> make_fault_driver(const database_url& url, runtime& time) {
  const std::string_view rest = url.rest();
  const std::size_t colon = std::min(rest.find(':'), rest.size());
  std::uint64_t number = 0;
  const auto [end, wrong] = std::from_chars(rest.data(), rest.data() + colon, number);
  state_ptr plan;
  if (wrong == std::errc() && end == rest.data() + colon && colon < rest.size()) {
    const std::lock_guard guard(plans().mutex);
    const auto found = plans().by_number.find(number);
    if (found != plans().by_number.end()) plan = found->second.lock();
  }
  if (plan == nullptr) {
    throw invalid_option({.message = "the URL names no fault_plan that is alive",
                          .fix = "use what fault_plan::url gives, while the plan lives"});
  }
  return std::make_unique<fault_driver>(make_driver(rest.substr(colon + 1), time), plan);
}

}  // namespace

fault_plan::fault_plan() : state_(std::make_shared<state>()) {
  static const driver_registration registration("fault", &make_fault_driver);
  const std::lock_guard guard(plans().mutex);
  state_->number = ++plans().last;
  plans().by_number.emplace(state_->number, state_);
}

fault_plan::~fault_plan() {
  const std::lock_guard guard(plans().mutex);
  plans().by_number.erase(state_->number);
}

std::string fault_plan::url(const database_url& real) const {
  return "fault:" + std::to_string(state_->number) + ":" + std::string(real.scheme()) + ":" + std::string(real.rest());
}

void fault_plan::fail_nth(std::uint64_t n, fault what) { state_->plan(std::nullopt, n, what); }
void fault_plan::fail_nth(driver_call kind, std::uint64_t n, fault what) { state_->plan(kind, n, what); }

void fault_plan::heal() {
  const std::lock_guard guard(state_->mutex);
  state_->to_go = 0;
}

std::uint64_t fault_plan::calls() const {
  const std::lock_guard guard(state_->mutex);
  std::uint64_t all = 0;
  for (const std::uint64_t n : state_->calls) all += n;
  return all;
}
std::uint64_t fault_plan::calls(driver_call kind) const {
  const std::lock_guard guard(state_->mutex);
  return state_->calls[static_cast<std::size_t>(kind)];
}
bool fault_plan::failed() const { return failed_at().has_value(); }
std::optional<driver_call> fault_plan::failed_at() const {
  const std::lock_guard guard(state_->mutex);
  return state_->failed_at;
}

}  // namespace forebay::testing
