#include <forebay/context.hpp>

#include <utility>

#include <forebay/error.hpp>

namespace forebay {

context::context(forebay::database* of, forebay::runtime& runtime, event_stream& events, std::uint64_t session_id,
                 std::string name, forebay::deadline until)
    : database_(of),
      runtime_(runtime),
      events_(events),
      session_id_(session_id),
      name_(std::move(name)),
      deadline_(until) {}

context::context(const context& outer, forebay::transaction& self)
    : database_(outer.database_),
      runtime_(outer.runtime_),
      events_(outer.events_),
      session_id_(outer.session_id_),
      name_(outer.name_),
      deadline_(outer.deadline_),
      transaction_(&self) {}

void check_deadline(const operation& op) {
  if (!op.until().passed(op.runtime().coarse_now())) return;
  throw deadline_exceeded(
      {.message = std::string(op.name) + ": the session's deadline had passed before the call could start",
       .where = op.where,
       .session = op.in.name(),
       .fix = "give the session more time, or look at what used it up"});
}

}  // namespace forebay
