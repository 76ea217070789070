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
    if (!place_.in_memory) return;
    if (sqlite3_compileoption_used("USE_URI") == 0) {
      throw invalid_option({.message = "a database in memory needs a SQLite that was built with SQLITE_USE_URI"});
    }
    keeper_ = std::make_unique<sqlite_session>(place_.name, endpoint_);
  }

  [[nodiscard]] std::unique_ptr<connection> connect(connection_role role, deadline until) override {
    if (!place_.in_memory) check_path();
    return std::make_unique<sqlite_connection>(place_.name, endpoint_, role, commits_, time_, until);
  }

  [[nodiscard]] const dialect& sql_dialect() const noexcept override { return sqlite_dialect; }
  [[nodiscard]] std::size_t max_connections(connection_role role) const noexcept override {
    return role == connection_role::writer ? 1 : SIZE_MAX;
  }
  [[nodiscard]] std::string_view endpoint() const noexcept override { return endpoint_; }

 private:
  void check_path() const {
    std::error_code unknown;  // then SQLite says what is wrong
    const std::filesystem::path path(place_.name);
    if (place_.must_exist && !std::filesystem::exists(path, unknown)) {
      throw_error(errc::cannot_connect, {.message = "there is no such file, and mode=rw does not make one",
                                         .endpoint = endpoint_,
                                         .fix = "check the path, or leave mode=rw out"});
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
