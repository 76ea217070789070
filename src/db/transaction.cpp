#include <forebay/db/transaction.hpp>

#include <algorithm>
#include <exception>
#include <string>
#include <utility>

#include <forebay/error.hpp>

#include "session_state.hpp"

namespace forebay {

commit_hook::~commit_hook() = default;

detail::after_commit_call::~after_commit_call() = default;

struct transaction::beside final : context {
  explicit beside(const context& of) : context(of, nullptr, of.until()) {}
};

namespace {

deadline until_of(const operation& began_by, const transaction_options& options) {
  if (!options.deadline) return began_by.until();
  constexpr milliseconds longest = std::chrono::days(365);  // and no overflow for milliseconds::max()
  if (*options.deadline <= milliseconds(0)) return began_by.until().no_later_than(time_point());
  return began_by.until().no_later_than(began_by.runtime().now() + std::min(*options.deadline, longest));
}

}  // namespace

transaction::transaction(const operation& began_by, lease on, const transaction_options& options,
                         std::unique_ptr<commit_hook> hook, std::size_t attempt)
    : context(began_by.in, this, until_of(began_by, options)),
      lease_(std::move(on)),
      hook_(std::move(hook)),
      options_(options),
      where_(began_by.where),
      operation_id_(began_by.id),
      attempt_(attempt),
      began_(began_by.runtime().now()) {
  const operation op = describe("begin");
  check_deadline(op);
  state().began(this, where_, options.mode == transaction_mode::read_write);
  try {
    (*lease_)->begin(op, options.mode, options.isolation);
  } catch (...) {
    state().ended(this);
    throw;
  }
}

transaction::~transaction() { rollback(); }

connection& transaction::connection(const operation& op) {
  if (lease_) return **lease_;
  throw invalid_option(
      {.message = std::string(op.name) + ": the transaction has ended already; the call would run outside it",
       .where = op.where,
       .fix = "use the session, or begin another transaction"});
}

context& transaction::outside(const context& of_session) {
  if (!beside_) beside_ = std::make_unique<beside>(of_session);
  return *beside_;
}

void transaction::commit() {
  const operation op = describe("commit");
  forebay::connection& on = connection(op);
  runtime().reached("transaction: before commit");
  try {
    check_deadline(op);
    check_nothing_under_way(op);
    const position at = on.commit(op);
    runtime().reached("transaction: committed");
    hook_->committed(op, at);
    end(transaction_end::committed);
  } catch (const error& e) {
    if (e.outcome() == outcome::unknown) {
      hook_->maybe_committed(op);
      end(transaction_end::unknown);
    } else {
      rollback();
    }
    throw;
  } catch (...) {  // no memory for the error itself: nobody knows whether the COMMIT was sent
    hook_->maybe_committed(op);
    end(transaction_end::unknown);
    throw;
  }
  run_after_commit(op);
}

// What is under way would go on with a connection that is somebody else's.
void transaction::check_nothing_under_way(const operation& op) const {
  const bool reading = (*lease_)->has_rows_under_way();
  if (!reading && parts_ == 0) return;
  throw invalid_option({.message = std::string("commit: ") + (reading ? "rows of the transaction are still being read"
                                                                      : "a nested part has not ended"),
                        .where = op.where,
                        .session = op.in.name(),
                        .fix = reading ? "commit after the reading" : "commit outside of nested"});
}

void transaction::add_after_commit(std::unique_ptr<detail::after_commit_call> call) {
  static_cast<void>(connection(describe("after_commit")));  // there is a commit to come
  after_commit_.push_back(std::move(call));
}

void transaction::run_after_commit(const operation& op) {
  std::exception_ptr first;
  std::size_t failed = 0;
  const auto calls = std::exchange(after_commit_, {});
  for (const auto& call : calls) {
    try {
      call->run();
    } catch (...) {
      if (failed++ == 0) first = std::current_exception();
    }
  }
  if (failed == 0) return;
  try {
    std::rethrow_exception(first);
  } catch (...) {
    std::throw_with_nested(after_commit_failed(
        {.message = "the transaction is committed, but " + std::to_string(failed) + " of " +
                    std::to_string(calls.size()) + " calls given to after_commit threw; the first exception is nested",
         .where = op.where,
         .session = op.in.name(),
         .fix = "do not try the transaction again; do what the call was to do",
         .outcome = outcome::applied}));
  }
}

void transaction::rollback() noexcept {
  if (!lease_) return;
  (*lease_)->rollback();
  end(transaction_end::rolled_back);
}

void transaction::end(transaction_end how) noexcept {
  state().ended(this);
  if (events().active()) {
    auto e = describe("transaction").describe<transaction_event>(began_);
    e.end = how;
    e.attempt = attempt_;
    e.took = runtime().now() - began_;
    e.endpoint = (*lease_)->endpoint();
    events().report(e);
  }
  if (how != transaction_end::committed) after_commit_.clear();
  lease_.reset();
}

transaction::part::part(transaction& of, call_site where)
    : of_(of),
      operation_{of, "nested", where, of.operation_id_},
      savepoint_(of.connection(operation_), operation_),
      kept_(of.after_commit_.size()) {
  ++of.parts_;
}

transaction::part::~part() {
  --of_.parts_;
  if (!of_.open()) savepoint_.forget();
  if (of_.after_commit_.size() > kept_) of_.after_commit_.resize(kept_);
}

savepoint::savepoint(connection& on, const operation& op) : on_(on), operation_(op) { on_.begin_savepoint(op); }

savepoint::~savepoint() {
  if (!open_) return;
  try {
    on_.rollback_savepoint(operation_);
  } catch (...) {
    // Every later statement in the transaction will say so, and its commit.
  }
}

void savepoint::release() {
  on_.release_savepoint(operation_);
  open_ = false;
}

}  // namespace forebay
