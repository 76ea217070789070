#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <forebay/db/connection.hpp>
#include <forebay/entity/entity.hpp>
#include <forebay/sql/analysis.hpp>
#include <forebay/touched.hpp>

#include "cache/write_set.hpp"
#include "schema_facts.hpp"

namespace forebay::detail {

// Here is decided what a statement touched in the cache: src/written_rows.cpp, and nowhere else. The database says
// which tables were written, by the statement and beyond it; the schema says which rows may have gone unseen and which
// views show the table; the statement's text, its returned rows or the application say which keys. Whatever cannot be
// told is wide: a table, or everything.

// The entities that are cached; an entity's place is its space in the cache.
using cached_tables = std::span<const entity_table* const>;

// What the schema adds to what a call has noted, from these places on: the views that show a table, and the rows of a
// table that go unseen.
void note_schema(const schema_facts& facts, std::size_t first_row, std::size_t first_table, write_set& writes);

// For raw SQL: made before the statement runs, shown what it returns, asked when it has ended or failed.
class raw_write {
 public:
  // `said`: null when the application does not say.
  raw_write(const operation& op, const statement& what, const dialect& d, const schema_facts& facts,
            cached_tables cached, const touched* said);
  ~raw_write();

  // A row of RETURNING.
  void returned(const rows& current);
  // `ended` false: rows that were not returned may have been written.
  void note(const rows& result, bool ended, write_set& writes);

 private:
  struct candidate;

  void note_said(write_set& writes) const;
  void note_table(const std::string& table, const write_effects& effects, bool nothing, write_set& writes) const;
  [[nodiscard]] bool is_said(std::string_view table) const;
  [[nodiscard]] bool note_keys(std::string_view table, bool nothing, write_set& writes) const;

  const operation& op_;
  const statement& what_;
  const schema_facts& facts_;
  cached_tables cached_;
  const touched* said_;
  statement_analysis text_{};
  std::vector<candidate> candidates_;  // the cached entities whose keys may be told
  bool ended_ = false;
  bool returned_ = false;
};

}  // namespace forebay::detail
