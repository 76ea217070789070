#include <forebay/soci/sqlite.hpp>

#include <sqlite3.h>

#include <filesystem>
#include <string>
#include <system_error>
#include <utility>

#include <forebay/error.hpp>

#include "sqlite_commits.hpp"
#include "sqlite_connection.hpp"
#include "sqlite_url.hpp"

namespace forebay::soci {

namespace {

class sqlite_driver final : public driver {
 public:
  sqlite_driver(const database_url& url, runtime& time)
      : place_(sqlite_place_of(url)), endpoint_(url.safe_text()), time_(time) {
    const bool needs_uri = place_.in_memory || place_.access == sqlite_access::read_only;
    if (needs_uri && sqlite3_compileoption_used("USE_URI") == 0) {
      throw invalid_option({.message = "a database in memory, and mode=ro, need a SQLite that was built with "
                                       "SQLITE_USE_URI"});
    }
    if (place_.in_memory) keeper_ = std::make_unique<sqlite_session>(place_.name, endpoint_);
  }

  [[nodiscard]] std::unique_ptr<connection> connect(connection_role role, deadline until) override {
    if (!place_.in_memory) check_path();
    return std::make_unique<sqlite_connection>(sqlite_session(place_.name, endpoint_), endpoint_, place_, role,
                                               commits_, time_, until);
  }

  [[nodiscard]] const dialect& sql_dialect() const noexcept override { return sqlite_dialect; }
  [[nodiscard]] std::size_t max_connections(connection_role role) const noexcept override {
    return role == connection_role::writer ? 1 : SIZE_MAX;
  }
  [[nodiscard]] milliseconds watch_interval() const noexcept override { return place_.watch; }
  [[nodiscard]] std::string_view endpoint() const noexcept override { return endpoint_; }

 private:
  void check_path() const {
    std::error_code unknown;  // then SQLite says what is wrong
    const std::filesystem::path path(place_.path);
    const bool makes_it = place_.access == sqlite_access::read_write_create;
    if (!makes_it && !std::filesystem::exists(path, unknown)) {
      throw_error(errc::cannot_connect, {.message = "there is no such file, and its mode does not make one",
                                         .endpoint = endpoint_,
                                         .fix = "check the path, or leave the mode out"});
    }
    const std::filesystem::path folder = path.parent_path();
    if (!folder.empty() && !std::filesystem::exists(folder, unknown)) {
      throw_error(errc::cannot_connect, {.message = "there is no folder \"" + folder.string() + "\"",
                                         .endpoint = endpoint_,
                                         .fix = "make the folder, or check the path"});
    }
  }

  sqlite_place place_;
  std::string endpoint_;
  runtime& time_;
  sqlite_commits commits_;
  std::unique_ptr<sqlite_session> keeper_;  // a database in memory is gone with its last connection
};

}  // namespace

std::unique_ptr<driver> make_sqlite_driver(const database_url& url, runtime& time) {
  return std::make_unique<sqlite_driver>(url, time);
}

}  // namespace forebay::soci
