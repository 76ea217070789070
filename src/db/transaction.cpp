#include <forebay/db/transaction.hpp>

#include <string>
#include <utility>

#include <forebay/error.hpp>

namespace forebay {

commit_hook::~commit_hook() = default;

transaction::transaction(const operation& began_by, lease on, transaction_mode mode, std::unique_ptr<commit_hook> hook)
    : context(began_by.in, *this),
      lease_(std::move(on)),
      hook_(std::move(hook)),
      where_(began_by.where),
      operation_id_(began_by.id),
      began_(began_by.runtime().now()) {
  (*lease_)->begin(describe("begin"), mode);
}

transaction::~transaction() { rollback(); }

connection& transaction::connection(const operation& op) {
  if (lease_) return **lease_;
  throw invalid_option(
      {.message = std::string(op.name) + ": the transaction has ended already; the call would run outside it",
       .where = op.where,
       .fix = "use the session, or begin another transaction"});
}

void transaction::commit() {
  const operation op = describe("commit");
  forebay::connection& on = connection(op);
  runtime().reached("transaction: before commit");
  try {
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
}

void transaction::rollback() noexcept {
  if (!lease_) return;
  (*lease_)->rollback();
  end(transaction_end::rolled_back);
}

void transaction::end(transaction_end how) noexcept {
  if (events().active()) {
    auto e = describe("transaction").describe<transaction_event>(began_);
    e.end = how;
    e.took = runtime().now() - began_;
    e.endpoint = (*lease_)->endpoint();
    events().report(e);
  }
  lease_.reset();
}

savepoint::savepoint(connection& on, const operation& op) : on_(on), operation_(op) { on_.begin_savepoint(op); }

savepoint::~savepoint() {
  if (!open_) return;
  try {
    on_.rollback_savepoint(operation_);
  } catch (...) {
    // The database has ended the whole transaction already, and every later statement in it will say so.
  }
}

void savepoint::release() {
  on_.release_savepoint(operation_);
  open_ = false;
}

}  // namespace forebay
