#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include <forebay/call_site.hpp>
#include <forebay/clock.hpp>
#include <forebay/event.hpp>
#include <forebay/export.hpp>
#include <forebay/runtime.hpp>

namespace forebay {

class database;
class transaction;

namespace detail {
class session_state;
}

// What every operation takes: a session, or a transaction within one. Not copied, not stored by the library beyond the
// call.
class FOREBAY_API context {
 public:
  context(const context&) = delete;
  context& operator=(const context&) = delete;

  [[nodiscard]] forebay::deadline until() const noexcept { return deadline_; }
  [[nodiscard]] std::uint64_t session_id() const noexcept { return session_id_; }
  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  [[nodiscard]] forebay::runtime& runtime() const noexcept { return runtime_; }
  [[nodiscard]] event_stream& events() const noexcept { return events_; }
  // The database that the session came from: for loaders of cached values, which capture nothing.
  [[nodiscard]] forebay::database& database() const noexcept { return *database_; }
  // The transaction that this is, or null for a session.
  [[nodiscard]] forebay::transaction* in_transaction() const noexcept { return transaction_; }
  // What session::outside gives.
  [[nodiscard]] bool is_outside() const noexcept { return outside_; }
  [[nodiscard]] detail::session_state& state() const noexcept { return *state_; }

 protected:
  context(forebay::database* of, forebay::runtime& runtime, event_stream& events, std::uint64_t session_id,
          std::string name, forebay::deadline until);
  // A transaction within the session of `outer`, or (`self` is null) the session beside its transaction.
  context(const context& outer, forebay::transaction* self, forebay::deadline until);
  ~context();

 private:
  forebay::database* database_;  // null only in tests of lower layers
  forebay::runtime& runtime_;
  event_stream& events_;
  std::uint64_t session_id_;
  std::string name_;
  std::shared_ptr<detail::session_state> state_;
  forebay::deadline deadline_;
  forebay::transaction* transaction_ = nullptr;
  bool outside_ = false;
};

// One call of the application, as the layers below see it. Lives on the stack of that call.
struct operation {
  const context& in;
  const char* name;  // "find"
  call_site where;
  std::uint64_t id = 0;

  [[nodiscard]] forebay::runtime& runtime() const noexcept { return in.runtime(); }
  [[nodiscard]] event_stream& events() const noexcept { return in.events(); }
  [[nodiscard]] deadline until() const noexcept { return in.until(); }

  // An event with the members that all events share filled in.
  template <class Event>
  [[nodiscard]] Event describe(time_point began) const {
    Event e;
    e.session = in.session_id();
    e.session_name = in.name();
    e.operation = id;
    e.operation_name = name;
    e.where = where;
    e.at = began;
    return e;
  }
};

// Throws cancelled when the operation's session was cancelled, and deadline_exceeded when its time is up, naming the
// call and the session; it may let one pass that ended some milliseconds ago.
FOREBAY_API void check_deadline(const operation& op);
// For the layers that wait: whose wait was ended by cancel() says so.
[[noreturn]] FOREBAY_API void throw_cancelled(const operation& op);

}  // namespace forebay
