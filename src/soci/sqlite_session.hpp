#pragma once

#include <memory>
#include <string>

struct sqlite3;

namespace forebay::soci {

// A connection that SOCI opened and owns, and the handle beneath it, on which statements run (docs/adr/0001). Apart
// from everything else because SOCI's header declares the SQLite API a second time, in a namespace.
class sqlite_session {
 public:
  // `name` is a path or a file: URI. Throws cannot_connect, which names `endpoint`.
  sqlite_session(const std::string& name, const std::string& endpoint);
  ~sqlite_session();

  [[nodiscard]] sqlite3* handle() const noexcept { return handle_; }

 private:
  struct owner;
  std::unique_ptr<owner> owner_;
  sqlite3* handle_ = nullptr;
};

}  // namespace forebay::soci
