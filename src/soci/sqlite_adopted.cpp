#include <forebay/soci/sqlite.hpp>

#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>

#include <forebay/error.hpp>

#include "sqlite_commits.hpp"
#include "sqlite_connection.hpp"
#include "sqlite_url.hpp"

namespace forebay::soci {

namespace {

constexpr std::string_view scheme = "sqlite-adopted";

// Handles between adopt() and the database that is made with them.
struct waiting_handles {
  std::mutex mutex;
  std::unordered_map<std::string, sqlite3*> by_name;
  unsigned count = 0;
};

waiting_handles& waiting() {
  static waiting_handles all;
  return all;
}

// One handle is one connection, which serves reads and writes.
class adopted_driver final : public driver {
 public:
  adopted_driver(sqlite3* handle, std::string endpoint, runtime& time)
      : handle_(handle), endpoint_(std::move(endpoint)), time_(time) {}

  [[nodiscard]] std::unique_ptr<connection> connect(connection_role role, deadline until) override {
    return std::make_unique<sqlite_connection>(sqlite_session(handle_), endpoint_, place_, role, commits_, time_,
                                               until);
  }
  [[nodiscard]] const dialect& sql_dialect() const noexcept override { return sqlite_dialect; }
  [[nodiscard]] std::size_t max_connections(connection_role role) const noexcept override {
    return role == connection_role::writer ? 1 : 0;
  }
  [[nodiscard]] milliseconds watch_interval() const noexcept override { return place_.watch; }
  [[nodiscard]] std::string_view endpoint() const noexcept override { return endpoint_; }

 private:
  sqlite3* handle_;
  std::string endpoint_;
  runtime& time_;
  sqlite_place place_;
  sqlite_commits commits_;
};

}  // namespace

database_url adopt(sqlite3* handle) {
  if (handle == nullptr) throw invalid_option({.message = "adopt: the SQLite handle is null"});
  waiting_handles& all = waiting();
  const std::lock_guard guard(all.mutex);
  std::string name = std::to_string(++all.count);
  database_url url(std::string(scheme) + ":" + name);
  all.by_name.emplace(std::move(name), handle);
  return url;
}

database_url adopt(::soci::session& open) {
  sqlite3* const handle = sqlite_session::handle_of(open);
  if (handle == nullptr) throw invalid_option({.message = "adopt: the SOCI session is open on no SQLite database"});
  return adopt(handle);
}

std::unique_ptr<driver> make_adopted_driver(const database_url& url, runtime& time) {
  waiting_handles& all = waiting();
  const std::lock_guard guard(all.mutex);
  const auto found = all.by_name.extract(std::string(url.rest()));
  if (found.empty()) {
    throw invalid_option({.message = "the handle behind \"" + url.safe_text() + "\" has a database already",
                          .fix = "call adopt() for each database"});
  }
  return std::make_unique<adopted_driver>(found.mapped(), url.safe_text(), time);
}

}  // namespace forebay::soci
