#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>

#include <forebay/block.hpp>
#include <forebay/context.hpp>
#include <forebay/db/connection.hpp>
#include <forebay/db/transaction.hpp>
#include <forebay/entity/key_codec.hpp>
#include <forebay/error.hpp>
#include <forebay/repository_base.hpp>

#include "cache/write_set.hpp"
#include "database_core.hpp"

namespace forebay {

namespace detail {

// The caller notes its own rows; foreign keys and triggers may have changed any row of the tables that are told here.
void note_effects(const write_effects& effects, write_set& writes);

// Which rows of a call the cache must hear of one by one. Where none is cached, one stands for all: only the table
// counts, for values that are computed from it.
inline std::span<const void* const> rows_to_note(std::uint32_t space, std::span<const void* const> rows) {
  return space == write_set::no_space && !rows.empty() ? rows.first(1) : rows;
}

// Goes to the end of a statement that writes, with `each` for every row that it returns, and notes what else it wrote.
template <class Each>
std::uint64_t finish_write(rows& written, write_set& writes, Each each) {
  try {
    while (written.next()) each();
  } catch (...) {  // "on conflict fail" in a schema keeps the rows before the one that failed
    note_effects(written.effects(), writes);
    throw;
  }
  note_effects(written.effects(), writes);
  return written.finish();
}

// One statement that returns nothing.
std::uint64_t run_write(connection& on, const operation& op, const statement& what, write_set& writes);

// Runs `work(operation, connection, write_set)`: in a transaction of its own when the call came with a session, within
// a savepoint when it came with a transaction.
template <class Work>
void all_or_none(database_core& core, const operation& op, Work work) {
  if (op.in.in_transaction() == nullptr) {
    transaction tx = core.begin(op);
    const operation within{tx, op.name, op.where, op.id};
    core.write(within, [&](connection& on, write_set& writes) { return work(within, on, writes), true; });
    return tx.commit();
  }
  core.write(op, [&](connection& on, write_set& writes) {
    savepoint part(on, op);
    work(op, on, writes);
    part.release();
    return true;
  });
}

// Runs `step`; its error says which row it was: "row 3 of 10", of a batch.
template <class Step>
void naming_row(const std::size_t& row, std::size_t count, Step step) {
  try {
    step();
  } catch (const error& e) {
    error_details d = e.details();
    d.message += "; row " + std::to_string(row) + " of " + std::to_string(count);
    throw_error(e.code(), std::move(d));
  }
}

}  // namespace detail

template <class Start>
std::uint64_t repository_base::run_returning_keys(const operation& op, Start start, write_set& writes,
                                                  detail::key_sink* keys) const {
  const std::size_t unknown = writes.tables.size();
  note_table(writes);  // until the keys are known it may be any row
  rows written = start();
  const block_ptr row = block::make(*table_->row.payload);
  const std::uint64_t count = detail::finish_write(written, writes, [&] {
    read_key(written, op, row->payload());
    note_written(writes, key_values_of(*table_, row->payload()));
    if (keys != nullptr) keys->take(row->payload());
  });
  writes.tables.erase(writes.tables.begin() + static_cast<std::ptrdiff_t>(unknown));
  return count;
}

}  // namespace forebay
