#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <unordered_map>

#include <forebay/db/driver.hpp>

#include "sqlite_commits.hpp"
#include "sqlite_url.hpp"
#include "sqlite_session.hpp"
#include "sqlite_statement.hpp"

namespace forebay::soci {

// What is open in a connection, least recently used last; at most `capacity` statements are kept.
class sqlite_statement_cache {
 public:
  sqlite_statement_cache(sqlite3* handle, sqlite_commits& commits, sqlite_write_recorder& recorder,
                         std::size_t capacity)
      : handle_(handle), commits_(commits), recorder_(recorder), capacity_(capacity) {}

  // A statement that is not open, prepared now or earlier.
  [[nodiscard]] sqlite_statement& get(const statement& what);

 private:
  struct entry {
    std::uint64_t fingerprint;
    std::unique_ptr<sqlite_statement> prepared;
  };

  void drop_oldest();

  sqlite3* handle_;
  sqlite_commits& commits_;
  sqlite_write_recorder& recorder_;
  std::size_t capacity_;
  std::list<entry> by_use_;
  std::unordered_multimap<std::uint64_t, std::list<entry>::iterator> by_fingerprint_;
};

// A connection to a SQLite database: SOCI opens and owns it, statements run on the handle beneath.
class sqlite_connection final : public connection {
 public:
  // Sets what is opened up for `role`; an adopted handle keeps the settings that it has. Throws cannot_connect.
  sqlite_connection(sqlite_session open, std::string endpoint, const sqlite_place& place, connection_role role,
                    sqlite_commits& commits, runtime& time, deadline until);
  ~sqlite_connection() override;

  [[nodiscard]] position asof() override { return commits_.asof(); }
  [[nodiscard]] position upto() override { return commits_.upto(); }
  [[nodiscard]] others_wrote ask_for_others(deadline until) override;
  [[nodiscard]] bool usable() const noexcept override;

 private:
  result& do_run(const statement& what, deadline until) override;
  void do_begin(transaction_mode mode, isolation_level isolation, deadline until) override;
  position do_commit(deadline until) override;
  void do_rollback() noexcept override;
  void do_savepoint(savepoint_step step, deadline until) override;

  void configure(const sqlite_place& place, connection_role role);
  void write_ahead();
  [[nodiscard]] sqlite_statement& prepared(const statement& what);
  void execute(const char* text);
  [[nodiscard]] std::string ask(const char* question);
  void check_transaction_is_alive();
  static int still_in_time(void* self) noexcept;
  static int wait_for_lock(void* self, int tries) noexcept;
  static int authorize(void* self, int action, const char* table, const char* column, const char* database,
                       const char* trigger) noexcept;

  sqlite_session session_;
  sqlite_commits& commits_;
  runtime& time_;
  deadline until_;
  sqlite_write_recorder recorder_;
  sqlite_statement_cache statements_;
  std::string data_version_;  // what SQLite said when others were last asked about
  bool in_transaction_ = false;
  bool transaction_lost_ = false;  // the database rolled it back by itself
  bool in_doubt_ = false;
  bool compiling_ = false;  // a statement of the application
};

}  // namespace forebay::soci
