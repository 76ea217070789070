#include "sqlite_effects.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <memory>
#include <string_view>

namespace forebay::soci {

namespace {

void add_once(std::vector<std::string>& names, const std::string& name) {
  if (std::ranges::find(names, name) == names.end()) names.push_back(name);
}

// Whether the one row of a question about a table says yes; no when it cannot be asked.
bool ask(sqlite3* handle, const char* question, const std::string& table) {
  sqlite3_stmt* prepared = nullptr;
  sqlite3_prepare_v2(handle, question, -1, &prepared, nullptr);
  const std::unique_ptr<sqlite3_stmt, decltype(&sqlite3_finalize)> closing(prepared, &sqlite3_finalize);
  if (prepared == nullptr) return false;
  sqlite3_bind_text64(prepared, 1, table.data(), table.size(), SQLITE_STATIC, SQLITE_UTF8);
  return sqlite3_step(prepared) == SQLITE_ROW && sqlite3_column_int(prepared, 0) != 0;
}

bool is_table_or_view(sqlite3* handle, const std::string& name) {
  return ask(handle,
             "select count(*) from main.sqlite_master where name = ?1 and (type = 'view' or type = 'table' and "
             "rootpage > 0)",
             name);
}

// What a foreign key that leads back to its own table does looks like what the statement does.
bool has_no_action_on_itself(sqlite3* handle, const std::string& table) {
  return ask(handle,
             "select count(*) = 0 from pragma_foreign_key_list(?1, 'main') where \"table\" = ?1 collate nocase and "
             "(on_update not in ('NO ACTION', 'RESTRICT') or on_delete not in ('NO ACTION', 'RESTRICT'))",
             table);
}

}  // namespace

void sqlite_write_recorder::start() noexcept {
  listening_ = true;
  clear_ = true;
  heard_.clear();
}

void sqlite_write_recorder::note(int action, const char* table, const char* database, const char* trigger) noexcept {
  if (!listening_) return;
  switch (action) {
    case SQLITE_SELECT:
    case SQLITE_READ:
    case SQLITE_FUNCTION:
    case SQLITE_RECURSIVE: return;
    case SQLITE_INSERT:
    case SQLITE_UPDATE:
    case SQLITE_DELETE: break;
    default: clear_ = false; return;  // changes the schema, a setting, or what is attached
  }
  if (table == nullptr || database == nullptr || std::string_view(database) != "main") {
    clear_ = false;
    return;
  }
  try {
    note_write(action, table, trigger == nullptr);
  } catch (...) {  // no memory for a name
    clear_ = false;
  }
}

// UPDATE is told column by column.
void sqlite_write_recorder::note_write(int action, const char* table, bool by_itself) {
  if (action == SQLITE_UPDATE && !heard_.empty()) {
    const written& last = heard_.back();
    if (last.action == action && last.by_itself == by_itself && last.table == table) return;
  }
  heard_.push_back({action, table, by_itself});
}

write_effects sqlite_write_recorder::effects(sqlite3* handle) const {
  if (!clear_ || heard_.empty()) return {};
  write_effects all{.known = true};
  all.tables.push_back(heard_.front().table);
  // The statement's own come first: INSERT and the UPDATE that it becomes on a conflict, say. Foreign-key actions have
  // no trigger's name, but follow them, and may come back to the same table.
  bool own = true;
  for (const written& w : heard_) {
    own = own && w.by_itself && w.table == all.tables[0];
    if (!own) add_once(all.beyond, w.table);
    if (!is_table_or_view(handle, w.table)) return {};
  }
  if (!has_no_action_on_itself(handle, all.tables[0])) add_once(all.beyond, all.tables[0]);
  return all;
}

}  // namespace forebay::soci
