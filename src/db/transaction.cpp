#include <forebay/db/transaction.hpp>

#include <string>
#include <utility>

#include <forebay/error.hpp>

namespace forebay {

commit_hook::~commit_hook() = default;

transaction::transaction(const context& session, lease on, transaction_mode mode, std::unique_ptr<commit_hook> hook,
                         call_site where)
    : context(session, *this),
      lease_(std::move(on)),
      hook_(std::move(hook)),
      where_(where),
      began_(session.runtime().now()) {
  (*lease_)->begin({*this, "begin", where_}, mode);
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
  const operation op{*this, "commit", where_};
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
  }
}

void transaction::rollback() noexcept {
  if (!lease_) return;
  (*lease_)->rollback();
  end(transaction_end::rolled_back);
}

void transaction::end(transaction_end how) noexcept {
  if (events().active()) {
    const operation op{*this, "transaction", where_};
    auto e = op.describe<transaction_event>(began_);
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
  } catch (const error&) {
    // The database has ended the whole transaction already, and every later statement in it will say so.
  }
}

void savepoint::release() {
  on_.release_savepoint(operation_);
  open_ = false;
}

}  // namespace forebay
