#pragma once

struct sqlite3;
struct sqlite3_stmt;

namespace forebay {
class parameter;
}

namespace forebay::soci {

// Lists of any length as one parameter: "select value from forebay_list(?)" has a row for each value of what is bound.
// A table-valued function of the connection; every value arrives as it is (JSON would know no bytes and no NUL).
//
// Throws the database's error.
void register_sqlite_list(sqlite3* handle);
// What it was registered for may go on without it.
void remove_sqlite_list(sqlite3* handle) noexcept;

// Binds the list; a result code of SQLite. The list must outlive the run.
int bind_sqlite_list(sqlite3_stmt* statement, int index, const parameter& list) noexcept;

}  // namespace forebay::soci
