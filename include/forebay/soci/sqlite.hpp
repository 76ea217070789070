#pragma once

#include <memory>

#include <forebay/db/driver.hpp>
#include <forebay/export.hpp>

struct sqlite3;

namespace soci {
class session;
}

// SQLite by SOCI. Including this header makes the scheme "sqlite" known:
//
//   sqlite:shop.db              a file, relative to the working directory in which the database object is made; the
//                               file is made when it is not there
//   sqlite:/var/lib/shop.db     an absolute path
//   sqlite::memory:             a database that lives as long as its forebay::database, private to it; reads past
//                               an open transaction wait for its end (errc::database_busy at the deadline)
//
// A question mark starts the options, & joins them; a path cannot hold a question mark, nor a double quote:
//
//   mode=rwc, rw, ro            rw: the file must be there, cannot_connect otherwise. ro: nothing is written, and a
//                               write throws errc::read_only; the file is in write-ahead mode already, or nobody writes
//                               to it. Default: rwc. Not in memory.
//   statements=256              prepared statements that each connection keeps, the least recently used go: 1 to 10,000
//   watch=100                   milliseconds, 0 to 3,600,000; see below. 0: never. Not in memory.
//
// A file is in write-ahead mode, so that reads go on while something is written; where that is not possible (a network
// file system), cannot_connect says so. There is one writing connection and pool_options::max_size reading ones. A
// COMMIT returns when it is on the disk. Foreign keys are enforced. Time points are ISO-8601 text in UTC with
// microseconds. A double-quoted word that names no column is an error, not a text. Waits for another process's write
// lock end with the session's deadline.
//
// Other processes may write to the file. Reads past the cache see that at once. What is cached stays until it is
// noticed by PRAGMA data_version, which the first cached read after `watch` asks on the writing connection (some
// microseconds) when that is free, and every write of this process before it begins: after at most `watch` plus the
// longest time for which one write or transaction of this process holds the connection, and never later than
// cache_policy::memory_ttl. Then everything cached is worthless. Give several processes that write a lot to one file a
// short memory_ttl instead.

namespace forebay::soci {

[[nodiscard]] FOREBAY_API std::unique_ptr<driver> make_sqlite_driver(const database_url& url, runtime& time);

// The URL of a database that runs on a handle which the application has opened, good for making one:
//
//   forebay::database db{{.shards = {{.primary = forebay::soci::adopt(handle)}}}};
//
// It has that one connection, for reads and writes, and does not close it: the handle outlives the database. Its
// journal mode, foreign keys and other settings stay as they are. While the database holds it (from the first call on),
// busy handler, progress handler and authorizer are Forebay's; afterwards the handle has none. Meanwhile the
// application uses it from no other thread at the same time, has no transaction of its own open when it calls Forebay,
// and knows that what it writes past Forebay does not reach the cache. Its own prepared statements are left alone.
// Throws invalid_option for null, and for a SOCI session of another database.
[[nodiscard]] FOREBAY_API database_url adopt(sqlite3* handle);
[[nodiscard]] FOREBAY_API database_url adopt(::soci::session& open);

[[nodiscard]] FOREBAY_API std::unique_ptr<driver> make_adopted_driver(const database_url& url, runtime& time);

namespace detail {
inline const driver_registration sqlite_registration{"sqlite", &make_sqlite_driver};
inline const driver_registration adopted_registration{"sqlite-adopted", &make_adopted_driver};
}  // namespace detail

}  // namespace forebay::soci
