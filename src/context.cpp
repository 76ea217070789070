#include <forebay/context.hpp>

#include <utility>

#include <forebay/error.hpp>

#include "session_state.hpp"

namespace forebay {

context::context(forebay::database* of, forebay::runtime& runtime, event_stream& events, std::uint64_t session_id,
                 std::string name, forebay::deadline until)
    : database_(of),
      runtime_(runtime),
      events_(events),
      session_id_(session_id),
      name_(std::move(name)),
      state_(std::make_shared<detail::session_state>()),
      deadline_(until.at(), &state_->stop) {}

context::context(const context& outer, forebay::transaction* self, forebay::deadline until)
    : database_(outer.database_),
      runtime_(outer.runtime_),
      events_(outer.events_),
      session_id_(outer.session_id_),
      name_(outer.name_),
      state_(outer.state_),
      deadline_(until),
      transaction_(self),
      outside_(self == nullptr) {}

context::~context() = default;

void throw_cancelled(const operation& op) {
  throw cancelled(
      {.message = std::string(op.name) + ": the session was cancelled", .where = op.where, .session = op.in.name()});
}

void check_deadline(const operation& op) {
  if (op.until().cancelled()) throw_cancelled(op);
  if (!op.until().passed(op.runtime().coarse_now())) return;
  throw deadline_exceeded(
      {.message = std::string(op.name) + ": the session's deadline had passed before the call could start",
       .where = op.where,
       .session = op.in.name(),
       .fix = "give the session more time, or look at what used it up"});
}

}  // namespace forebay
