#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include <forebay/call_site.hpp>
#include <forebay/context.hpp>
#include <forebay/db/pool.hpp>
#include <forebay/export.hpp>
#include <forebay/position.hpp>

namespace forebay {

// Told how a transaction ended, before the call that ended it returns. A rollback tells nobody: nothing happened.
class FOREBAY_API commit_hook {
 public:
  virtual ~commit_hook();
  virtual void committed(const operation& op, position at) noexcept = 0;
  // The COMMIT was sent and its answer is lost: whoever depends on it must assume that it happened.
  virtual void maybe_committed(const operation& op) noexcept = 0;
};

// A transaction within a session; a context, so that every operation takes it in the session's place. Reads inside it
// bypass the cache; what it writes is dropped from the cache when it commits. Holds a connection until commit or
// rollback. Belongs to one thread, and ends before its session.
class FOREBAY_API transaction : public context {
 public:
  // For database: begins on the leased connection, within the session of `began_by`.
  transaction(const operation& began_by, lease on, transaction_mode mode, std::unique_ptr<commit_hook> hook);
  // Rolls back what was not committed. Never throws.
  ~transaction();

  // Throws commit_unknown when the answer is lost (never try that again blindly); after any other error the transaction
  // is rolled back.
  void commit();
  void rollback() noexcept;
  [[nodiscard]] bool open() const noexcept { return lease_.has_value(); }

  // For the layers below the API. Throws invalid_option, which names the call, when the transaction has ended.
  [[nodiscard]] forebay::connection& connection(const operation& op);
  [[nodiscard]] commit_hook& hook() noexcept { return *hook_; }

 private:
  [[nodiscard]] operation describe(const char* name) const { return {*this, name, where_, operation_id_}; }
  void end(transaction_end how) noexcept;

  std::optional<lease> lease_;  // until the end: then the connection is free for others
  std::unique_ptr<commit_hook> hook_;
  call_site where_;
  std::uint64_t operation_id_;
  time_point began_;
};

// A part of a transaction that is undone alone: its destructor rolls it back unless it was released. One thread, within
// its transaction.
class FOREBAY_API savepoint {
 public:
  savepoint(connection& on, const operation& op);
  savepoint(const savepoint&) = delete;
  savepoint& operator=(const savepoint&) = delete;
  ~savepoint();
  void release();

 private:
  connection& on_;
  const operation& operation_;
  bool open_ = true;
};

}  // namespace forebay
