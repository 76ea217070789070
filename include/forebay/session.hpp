#pragma once

#include <optional>
#include <string>

#include <forebay/clock.hpp>
#include <forebay/context.hpp>
#include <forebay/export.hpp>

namespace forebay {

struct session_options {
  // From now on, for everything that the session does; default: database_options::session_deadline. At most a year,
  // whatever is given. Zero or less means that it has passed already: every call throws deadline_exceeded.
  std::optional<milliseconds> deadline{};
  std::string name{};  // for diagnostics: "GET /users"
};

// One request: its deadline and its name in diagnostics. Passed to every call, never hidden in a thread-local. Several
// threads of the request may use it at once. Made by database::session; ends before its database.
class FOREBAY_API session : public context {
 public:
  // For database, and for tests of lower layers, which have none.
  session(forebay::database* of, forebay::runtime& runtime, event_stream& events, std::uint64_t id, std::string name,
          forebay::deadline until);
  ~session();

 private:
  time_point began_;
};

}  // namespace forebay
