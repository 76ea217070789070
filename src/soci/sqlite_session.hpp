#pragma once

#include <memory>
#include <string>

struct sqlite3;

namespace soci {
class session;
}

namespace forebay::soci {

// A connection that SOCI opened and owns, and the handle beneath it, on which statements run (docs/adr/0001). Apart
// from everything else because SOCI's header declares the SQLite API a second time, in a namespace.
class sqlite_session {
 public:
  // `name` is a path or a file: URI. Throws cannot_connect, which names `endpoint`.
  sqlite_session(const std::string& name, const std::string& endpoint);
  // A handle of the application, which stays the application's.
  explicit sqlite_session(sqlite3* adopted) noexcept;
  sqlite_session(sqlite_session&&) noexcept;
  ~sqlite_session();

  // Null where the session is of another database.
  [[nodiscard]] static sqlite3* handle_of(::soci::session& open);
  [[nodiscard]] bool is_adopted() const noexcept { return owner_ == nullptr; }
  [[nodiscard]] sqlite3* handle() const noexcept { return handle_; }

 private:
  struct owner;
  std::unique_ptr<owner> owner_;
  sqlite3* handle_ = nullptr;
};

}  // namespace forebay::soci
