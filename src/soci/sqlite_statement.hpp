#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <forebay/db/connection.hpp>

#include "sqlite_effects.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace forebay::soci {

class sqlite_commits;

// A prepared statement, and the result of its one run at a time.
class sqlite_statement final : public result {
 public:
  // Throws schema_mismatch or query_failed.
  sqlite_statement(sqlite3* handle, sqlite_commits& commits, sqlite_write_recorder& recorder, const dialect& d,
                   const statement& what);
  ~sqlite_statement() override;

  // Binds; nothing is executed before the first next().
  void open(std::span<const parameter> parameters);
  [[nodiscard]] bool is_open() const noexcept { return open_; }
  // The same text with as many values behind each placeholder; long lists are of any size.
  [[nodiscard]] bool fits(const statement& what) const noexcept;

  std::span<const value> next() override;
  [[nodiscard]] std::span<const std::string> columns() const override { return columns_; }
  [[nodiscard]] std::uint64_t changes() const override { return changes_; }
  [[nodiscard]] const write_effects& effects() const override { return changed_beyond_ ? effects_ : own_effects_; }
  [[nodiscard]] bool read_only() const override { return read_only_; }
  void close() noexcept override;

 private:
  struct finalizer {
    void operator()(sqlite3_stmt* s) const noexcept;
  };

  void bind(int index, const value& v);
  void first_step_is_due();
  void first_step_is_done();
  void learn_effects();
  [[noreturn]] void throw_failed_step(int rc);
  [[noreturn]] void throw_foreign_key(int rc) const;
  [[nodiscard]] outcome outcome_of_failure(int rc) const noexcept;
  void count_changes() noexcept;
  void learn_columns();

  sqlite3* handle_;
  sqlite_commits& commits_;
  sqlite_write_recorder& recorder_;
  std::string text_;
  std::vector<std::size_t> list_sizes_;
  std::unique_ptr<sqlite3_stmt, finalizer> prepared_;
  std::vector<std::string> columns_;
  std::vector<value> cells_;
  std::uint64_t changes_ = 0;
  std::int64_t changes_before_ = 0;  // of the connection since it was opened
  write_effects effects_;            // what it may write, and
  write_effects own_effects_;        // what it has written when triggers and foreign keys changed nothing
  bool changed_beyond_ = true;
  bool read_only_ = false;
  bool open_ = false;
  bool stepped_ = false;
  bool commits_by_itself_ = false;
};

}  // namespace forebay::soci
