#include "sqlite_list.hpp"

#include <sqlite3.h>

#include <cstddef>
#include <new>
#include <span>
#include <string>
#include <string_view>

#include <forebay/field.hpp>
#include <forebay/sql/parameter.hpp>

#include "sqlite_error.hpp"

// An eponymous virtual table: https://www.sqlite.org/vtab.html#eponymous_virtual_tables. The list travels by the
// pointer passing interface, https://www.sqlite.org/bindptr.html, so that SQL itself can make none.

namespace forebay::soci {

namespace {

constexpr const char* module_name = "forebay_list";
constexpr const char* pointer_type = "forebay_list";
enum column : int { value_column, list_column };

struct cursor : sqlite3_vtab_cursor {
  std::span<const value> values;
  std::size_t at = 0;
};

cursor& of(sqlite3_vtab_cursor* c) noexcept { return *static_cast<cursor*>(c); }

int connect(sqlite3* handle, void*, int, const char* const*, sqlite3_vtab** out, char**) noexcept {
  const int rc = sqlite3_declare_vtab(handle, "create table x(value, list hidden)");
  if (rc != SQLITE_OK) return rc;
  *out = new (std::nothrow) sqlite3_vtab{};
  return *out == nullptr ? SQLITE_NOMEM : SQLITE_OK;
}

int disconnect(sqlite3_vtab* table) noexcept {
  delete table;
  return SQLITE_OK;
}

// Only with its list.
int best_index(sqlite3_vtab*, sqlite3_index_info* plan) noexcept {
  for (int i = 0; i < plan->nConstraint; ++i) {
    const auto& c = plan->aConstraint[i];
    if (c.usable == 0 || c.iColumn != list_column || c.op != SQLITE_INDEX_CONSTRAINT_EQ) continue;
    plan->aConstraintUsage[i].argvIndex = 1;
    plan->aConstraintUsage[i].omit = 1;
    plan->estimatedCost = 1'000;
    plan->estimatedRows = 1'000;
    return SQLITE_OK;
  }
  return SQLITE_CONSTRAINT;
}

int open(sqlite3_vtab*, sqlite3_vtab_cursor** out) noexcept {
  *out = new (std::nothrow) cursor{};
  return *out == nullptr ? SQLITE_NOMEM : SQLITE_OK;
}

int close(sqlite3_vtab_cursor* c) noexcept {
  delete &of(c);
  return SQLITE_OK;
}

int filter(sqlite3_vtab_cursor* c, int, const char*, int, sqlite3_value** arguments) noexcept {
  const auto* list = static_cast<const parameter*>(sqlite3_value_pointer(arguments[0], pointer_type));
  of(c).values = list == nullptr ? std::span<const value>() : list->values();
  of(c).at = 0;
  return SQLITE_OK;
}

int next(sqlite3_vtab_cursor* c) noexcept {
  ++of(c).at;
  return SQLITE_OK;
}

int at_end(sqlite3_vtab_cursor* c) noexcept { return of(c).at >= of(c).values.size() ? 1 : 0; }

int row_id(sqlite3_vtab_cursor* c, sqlite3_int64* out) noexcept {
  *out = static_cast<sqlite3_int64>(of(c).at);
  return SQLITE_OK;
}

int cell(sqlite3_vtab_cursor* c, sqlite3_context* out, int which) noexcept try {
  if (which != value_column) return SQLITE_OK;
  const value& v = of(c).values[of(c).at];
  switch (v.kind()) {
    case value_kind::null: break;
    case value_kind::boolean:
    case value_kind::integer: sqlite3_result_int64(out, v.as_integer()); break;
    case value_kind::real: sqlite3_result_double(out, v.as_real()); break;
    case value_kind::text: {
      const std::string_view text = v.as_text();
      sqlite3_result_text64(out, text.empty() ? "" : text.data(), text.size(), SQLITE_STATIC, SQLITE_UTF8);
      break;
    }
    case value_kind::bytes: {
      const std::string_view bytes = v.as_text();
      sqlite3_result_blob64(out, bytes.empty() ? "" : bytes.data(), bytes.size(), SQLITE_STATIC);
      break;
    }
    case value_kind::timestamp: {
      const std::string text = forebay::detail::timestamp_text(v.as_integer());
      sqlite3_result_text64(out, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
      break;
    }
  }
  return SQLITE_OK;
} catch (const std::bad_alloc&) {
  return SQLITE_NOMEM;
} catch (...) {  // a time point that no text can hold
  return SQLITE_RANGE;
}

constexpr sqlite3_module list_module() noexcept {
  sqlite3_module m{};
  m.xConnect = &connect;  // no xCreate: nobody can make a table of it
  m.xBestIndex = &best_index;
  m.xDisconnect = &disconnect;
  m.xOpen = &open;
  m.xClose = &close;
  m.xFilter = &filter;
  m.xNext = &next;
  m.xEof = &at_end;
  m.xColumn = &cell;
  m.xRowid = &row_id;
  return m;
}

constexpr sqlite3_module module = list_module();

}  // namespace

void register_sqlite_list(sqlite3* handle) {
  const int rc = sqlite3_create_module_v2(handle, module_name, &module, nullptr, nullptr);
  if (rc != SQLITE_OK) throw_sqlite_error(handle, rc);
  // Its first use declares a table, which the authorizer would take for a change of the schema by whoever uses it
  // first.
  sqlite3_stmt* first_use = nullptr;
  const int used = sqlite3_prepare_v2(handle, "select value from forebay_list(null)", -1, &first_use, nullptr);
  sqlite3_finalize(first_use);
  if (used != SQLITE_OK) throw_sqlite_error(handle, used);
}

void remove_sqlite_list(sqlite3* handle) noexcept {
  sqlite3_create_module_v2(handle, module_name, nullptr, nullptr, nullptr);
}

int bind_sqlite_list(sqlite3_stmt* statement, int index, const parameter& list) noexcept {
  return sqlite3_bind_pointer(statement, index, const_cast<parameter*>(&list), pointer_type, nullptr);
}

}  // namespace forebay::soci
