#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>

#include <forebay/context.hpp>
#include <forebay/db/driver.hpp>
#include <forebay/db/pool.hpp>
#include <forebay/export.hpp>

namespace forebay {

// Decides which server a statement goes to, and waits there for a connection. The one place where that is decided: the
// servers, their roles and their state are data that it reads.
//
// Thread-safe. Outlives its leases, as pools do.
class FOREBAY_API router {
 public:
  // Takes the database over; opens nothing yet. Throws invalid_option.
  router(std::unique_ptr<driver> primary, const pool_options& options, runtime& time, event_stream& events);
  ~router();

  // A connection that may serve `intent`: a writer for writes, a reader for reads. Throws what pool::acquire throws.
  [[nodiscard]] lease choose(const operation& op, statement_intent intent);
  // A connection that may write, if one is to be had without a wait in line.
  [[nodiscard]] std::optional<lease> try_writer(const operation& op);
  [[nodiscard]] milliseconds watch_interval() const noexcept;
  // The connections that serve `intent`: where the driver has no readers, writers serve all.
  [[nodiscard]] connection_role role_for(statement_intent intent) const noexcept;
  // At most so many of them at once.
  [[nodiscard]] std::size_t max_connections(connection_role role) const noexcept;

  [[nodiscard]] const dialect& sql_dialect() const noexcept;
  [[nodiscard]] std::string_view endpoint() const noexcept;
  [[nodiscard]] pool_statistics statistics(connection_role role) const;
  // Of all pools; see pool::drain.
  bool drain(time_point until);

 private:
  struct shard;
  std::unique_ptr<shard> shard_;
};

}  // namespace forebay
