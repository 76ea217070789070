#pragma once

#include <cstdint>
#include <string>

#include <forebay/call_site.hpp>
#include <forebay/clock.hpp>

namespace forebay::diagnostics {

enum class severity : std::uint8_t { note, warning };

// Something that an application does and should not do: what every detector makes and every report shows.
struct finding {
  std::string rule;  // "n-plus-one"
  forebay::diagnostics::severity severity = severity::warning;
  call_site where;                // the application's call
  std::string session;            // the name of a session in which it happened
  std::string statement;          // with its placeholders; no value
  std::uint64_t occurrences = 0;  // statements, over all sessions
  std::uint64_t sessions = 0;     // in how many it happened
  std::uint64_t avoidable = 0;    // statements that the fix would save
  nanoseconds wasted{};           // their time on the database, as measured
  std::string message;            // one sentence
  std::string fix;                // code
};

}  // namespace forebay::diagnostics
