#include <forebay/session.hpp>

#include <utility>

namespace forebay {

session::session(forebay::database* of, forebay::runtime& runtime, event_stream& events, std::uint64_t id,
                 std::string name, forebay::deadline until)
    : context(of, runtime, events, id, std::move(name), until), began_(runtime.now()) {}

session::~session() {
  if (!events().active()) return;
  const operation op{*this, "session", {}};
  auto e = op.describe<session_event>(began_);
  e.took = runtime().now() - began_;
  events().report(e);
}

}  // namespace forebay
