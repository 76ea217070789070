#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <forebay/db/connection.hpp>
#include <forebay/entity/entity.hpp>
#include <forebay/sql/dialect.hpp>

namespace forebay::detail {

// What the schema says of the cached tables, as far as it decides what a write touches. Immutable.
class schema_facts {
 public:
  // Nothing is known: equality of texts may be that of a collation, and there are no cached views.
  schema_facts() = default;
  // Asks the database's catalogue. What a dialect's catalogue is not asked for counts as the dialect's rule: equality
  // of texts is that of their bytes only where dialect::exact is empty.
  schema_facts(connection& on, const operation& op, const dialect& d, std::span<const entity_table* const> cached);

  // No collation takes another text for a key.
  [[nodiscard]] bool compares_texts_exactly(std::string_view table) const noexcept;
  // ON CONFLICT REPLACE in the schema: any write may delete any row. A key that is computed from other columns: a write
  // to them changes it.
  [[nodiscard]] bool rows_go_unseen(std::string_view table) const noexcept;
  // The cached views that show rows of this table.
  [[nodiscard]] std::vector<std::string> views_of(std::string_view table) const;

 private:
  struct cached_table {
    std::string name;
    bool exact_texts;
    bool rows_go_unseen;
  };
  struct cached_view {
    std::string name;
    bool of_any_table;  // what is behind it is not known
    std::vector<std::string> tables;
  };
  void ask_sqlite(connection& on, const operation& op, std::span<const entity_table* const> cached);

  bool exact_by_dialect_ = false;
  std::vector<cached_table> tables_;
  std::vector<cached_view> views_;
};

}  // namespace forebay::detail
