#pragma once

#include <memory>

#include <forebay/db/driver.hpp>
#include <forebay/export.hpp>

// SQLite by SOCI. Including this header makes the scheme "sqlite" known:
//
//   sqlite:shop.db              a file, relative to the working directory; made when it is not there
//   sqlite:/var/lib/shop.db     an absolute path
//   sqlite:shop.db?mode=rw      the file must be there: cannot_connect otherwise (default: mode=rwc)
//   sqlite::memory:             a database that lives as long as its forebay::database, private to it; reads past
//                               an open transaction wait for its end
//
// A question mark starts the options: a path cannot hold one, nor a double quote.
//
// A file is in write-ahead mode, so that reads go on while something is written. There is one writing connection and
// pool_options::max_size reading ones. A COMMIT returns when it is on the disk. Foreign keys are enforced. Time points
// are ISO-8601 text in UTC with microseconds. A double-quoted word that names no column is an error, not a text. Waits
// for another process's write lock end with the session's deadline.

namespace forebay::soci {

[[nodiscard]] FOREBAY_API std::unique_ptr<driver> make_sqlite_driver(const database_url& url, runtime& time);

namespace detail {
inline const driver_registration sqlite_registration{"sqlite", &make_sqlite_driver};
}

}  // namespace forebay::soci
