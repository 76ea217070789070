#include "sqlite_foreign_keys.hpp"

#include <sqlite3.h>

#include <memory>

namespace forebay::soci {

std::string foreign_keys_around(sqlite3* handle, const std::string& table) {
  // A key without columns behind REFERENCES points to the primary key.
  constexpr const char* question =
      "select group_concat(one, ', ') from (select m.name || '(' || group_concat(f.\"from\", ', ') || ') -> ' || "
      "f.\"table\" || coalesce('(' || group_concat(f.\"to\", ', ') || ')', '') as one "
      "from sqlite_master m, pragma_foreign_key_list(m.name) f where m.type = 'table' and "
      "(m.name = ?1 collate nocase or f.\"table\" = ?1 collate nocase) group by m.name, f.id order by m.name, f.id)";
  sqlite3_stmt* prepared = nullptr;
  sqlite3_prepare_v2(handle, question, -1, &prepared, nullptr);
  const std::unique_ptr<sqlite3_stmt, decltype(&sqlite3_finalize)> closing(prepared, &sqlite3_finalize);
  if (prepared == nullptr) return {};
  sqlite3_bind_text64(prepared, 1, table.data(), table.size(), SQLITE_STATIC, SQLITE_UTF8);
  if (sqlite3_step(prepared) != SQLITE_ROW) return {};
  const unsigned char* keys = sqlite3_column_text(prepared, 0);
  return keys == nullptr ? std::string() : std::string(reinterpret_cast<const char*>(keys));
}

}  // namespace forebay::soci
