#include <forebay/session.hpp>

#include <utility>

#include <forebay/database.hpp>
#include <forebay/db/transaction.hpp>
#include <forebay/error.hpp>

#include "database_core.hpp"
#include "session_state.hpp"

namespace forebay {

struct session::stop_by_token {
  struct request {
    cancellation& stop;
    void operator()() const noexcept { stop.request(); }
  };
  stop_by_token(std::stop_token token, cancellation& stop) : callback(std::move(token), request{stop}) {}
  std::stop_callback<request> callback;
};

session::session(forebay::database* of, forebay::runtime& runtime, event_stream& events, std::uint64_t id,
                 std::string name, forebay::deadline until, std::stop_token stop)
    : context(of, runtime, events, id, std::move(name), until), began_(runtime.now()), of_(of) {
  if (of_ != nullptr) of_->core_->open_sessions.fetch_add(1, std::memory_order_relaxed);
  if (!stop.stop_possible()) return;
  stop_by_token_ = std::make_unique<stop_by_token>(std::move(stop), state().stop);
}

void session::cancel() noexcept { state().stop.request(); }

context& session::outside(transaction& tx) {
  if (&tx.state() == &state()) return tx.outside(*this);
  throw invalid_option({.message = "outside: the transaction belongs to another session",
                        .session = name(),
                        .fix = "name the transaction that this session has open"});
}

session::~session() {
  if (events().active()) {
    const operation op{*this, "session", {}};
    auto e = op.describe<session_event>(began_);
    e.took = runtime().now() - began_;
    events().report(e);
  }
  if (of_ != nullptr) of_->core_->open_sessions.fetch_sub(1, std::memory_order_relaxed);
}

}  // namespace forebay
