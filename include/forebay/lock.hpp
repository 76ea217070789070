#pragma once

#include <cstdint>

namespace forebay {

// What a reading transaction keeps others from doing with the rows until its end. Where a database has no row locks
// (SQLite), the transaction that writes holds the whole database already, so that either says nothing new there.
enum class lock : std::uint8_t {
  none,
  share,  // others may read them, and lock them in the same way
  update  // others may read them only
};

// What becomes of rows that another transaction has locked. Throws invalid_option where the database has no row locks.
enum class lock_wait : std::uint8_t {
  wait,         // until it ends, within the deadline
  skip_locked,  // they are left out: for queues of work
  no_wait       // the statement fails at once
};

}  // namespace forebay
