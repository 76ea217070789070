#include "sqlite_session.hpp"

#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <string>

#include <forebay/error.hpp>

namespace forebay::soci {

struct sqlite_session::owner {
  ::soci::session session;
};

sqlite_session::sqlite_session(const std::string& name, const std::string& endpoint)
    : owner_(std::make_unique<owner>()) {
  try {
    owner_->session.open(::soci::sqlite3, "dbname=\"" + name + "\"");
  } catch (const ::soci::soci_error& e) {
    // get_error_message, because what() of a SOCI error may print bound values.
    throw_error(errc::cannot_connect, {.message = e.get_error_message(),
                                       .endpoint = endpoint,
                                       .fix = "check that file and folder may be read and written"});
  }
  handle_ = handle_of(owner_->session);
}

sqlite_session::sqlite_session(sqlite3* adopted) noexcept : handle_(adopted) {}
sqlite_session::sqlite_session(sqlite_session&&) noexcept = default;
sqlite_session::~sqlite_session() = default;

sqlite3* sqlite_session::handle_of(::soci::session& open) {
  // By name: the backend's library exports no type information to ask.
  if (open.get_backend() == nullptr || open.get_backend_name() != "sqlite3") return nullptr;
  auto* backend = static_cast<::soci::sqlite3_session_backend*>(open.get_backend());
  return reinterpret_cast<sqlite3*>(backend->conn_);
}

}  // namespace forebay::soci
