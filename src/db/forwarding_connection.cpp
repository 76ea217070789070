#include <forebay/db/forwarding_connection.hpp>

#include <utility>

namespace forebay {

forwarding_connection::forwarding_connection(std::unique_ptr<connection> to)
    : connection(to->endpoint(), to->sql_dialect()), to_(std::move(to)) {}
forwarding_connection::~forwarding_connection() = default;

position forwarding_connection::asof() { return to_->asof(); }
position forwarding_connection::upto() { return to_->upto(); }
others_wrote forwarding_connection::ask_for_others(deadline until) { return to_->ask_for_others(until); }
bool forwarding_connection::usable() const noexcept { return to_->usable(); }

result& forwarding_connection::do_run(const statement& what, deadline until) { return to_->do_run(what, until); }
void forwarding_connection::do_begin(transaction_mode mode, isolation_level isolation, deadline until) {
  to_->do_begin(mode, isolation, until);
}
position forwarding_connection::do_commit(deadline until) { return to_->do_commit(until); }
void forwarding_connection::do_rollback() noexcept { to_->do_rollback(); }
void forwarding_connection::do_savepoint(savepoint_step step, deadline until) { to_->do_savepoint(step, until); }
bool forwarding_connection::do_check(deadline until) { return to_->do_check(until); }

}  // namespace forebay
