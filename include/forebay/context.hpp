#pragma once

#include <cstdint>
#include <string>

#include <forebay/call_site.hpp>
#include <forebay/clock.hpp>
#include <forebay/event.hpp>
#include <forebay/export.hpp>
#include <forebay/runtime.hpp>

namespace forebay {

class database;
class transaction;

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

 protected:
  context(forebay::database* of, forebay::runtime& runtime, event_stream& events, std::uint64_t session_id,
          std::string name, forebay::deadline until);
  // A transaction within the session `outer`.
  context(const context& outer, forebay::transaction& self);
  ~context() = default;

 private:
  forebay::database* database_;  // null only in tests of lower layers
  forebay::runtime& runtime_;
  event_stream& events_;
  std::uint64_t session_id_;
  std::string name_;
  forebay::deadline deadline_;
  forebay::transaction* transaction_ = nullptr;
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

// Throws deadline_exceeded, naming the call and the session, when the operation's time is up; it may
// let one pass that ended some milliseconds ago.
FOREBAY_API void check_deadline(const operation& op);

}  // namespace forebay
