#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

#include <forebay/call_site.hpp>
#include <forebay/context.hpp>
#include <forebay/db/pool.hpp>
#include <forebay/export.hpp>
#include <forebay/position.hpp>

namespace forebay {

struct transaction_options {
  // read_only: on a reading connection, which no writer waits for; all its reads see one snapshot, taken by the first.
  // A write in it throws errc::read_only, which names the call.
  transaction_mode mode = transaction_mode::read_write;
  // At least this. SQLite has serializable, which is all of them; a driver that cannot give a level, or not in this
  // mode, throws invalid_option.
  isolation_level isolation = isolation_level::database_default;
  // From the beginning, for everything in it, the commit included; default: the session's deadline, which counts when
  // it is sooner.
  std::optional<milliseconds> deadline{};
};

// When database::transact begins again with a fresh transaction: after errc::serialization_failure and
// errc::database_busy, as long as another attempt can begin within the session's deadline.
struct retry_options {
  std::size_t max_attempts = 5;     // 1 (never again) to 100
  milliseconds first_pause{2};      // 1 ms to 1 min; doubles with each attempt, less up to half at random
  milliseconds longest_pause{200};  // first_pause to 1 min
};

// Told how a transaction ended, before the call that ended it returns. A rollback tells nobody: nothing happened.
class FOREBAY_API commit_hook {
 public:
  virtual ~commit_hook();
  virtual void committed(const operation& op, position at) noexcept = 0;
  // The COMMIT was sent and its answer is lost: whoever depends on it must assume that it happened.
  virtual void maybe_committed(const operation& op) noexcept = 0;
};

namespace detail {

class FOREBAY_API after_commit_call {
 public:
  virtual ~after_commit_call();
  virtual void run() = 0;
};

}  // namespace detail

// A transaction within a session; a context, so that every operation takes it in the session's place. Reads inside it
// bypass the cache; what it writes is dropped from the cache when it commits. Holds a connection until commit or
// rollback. Belongs to the thread that began it, and ends before its session.
class FOREBAY_API transaction : public context {
 public:
  // For database: begins on the leased connection, within the session of `began_by`. `attempt` counts from 1.
  transaction(const operation& began_by, lease on, const transaction_options& options,
              std::unique_ptr<commit_hook> hook, std::size_t attempt = 1);
  // Rolls back what was not committed. Never throws.
  ~transaction();

  // Throws commit_unknown when the answer is lost (never try that again blindly), and after_commit_failed; after any
  // other error the transaction is rolled back: invalid_option where its rows are still being read (in for_each's
  // function) or a nested part has not ended.
  void commit();
  // Whoever is reading rows of it gets query_failed instead of the next one; a nested part that goes on to its end
  // throws invalid_option.
  void rollback() noexcept;
  [[nodiscard]] bool open() const noexcept { return lease_.has_value(); }
  [[nodiscard]] transaction_mode mode() const noexcept { return options_.mode; }

  // Runs work() within a savepoint, and gives what it gives. When work throws, what it wrote is undone alone, and the
  // exception goes on: catch it outside of nested to go on with the transaction. They nest.
  template <class Work>
  auto nested(Work work, call_site where = call_site::here());

  // Runs call() after the commit and after the cache has followed it, on the thread that commits, under no lock, with
  // the connection given back: the place for what must not happen when the transaction does not. In the order in which
  // they were given. Not after a rollback, nor one of the nested part that gave it, nor after commit_unknown. Where
  // calls throw, the others run all the same, and commit() throws after_commit_failed (outcome: applied) with the first
  // exception nested in it. `call` is a callable without arguments; it may be move-only.
  template <class Call>
  void after_commit(Call call) {
    struct typed final : detail::after_commit_call {
      explicit typed(Call c) : call(std::move(c)) {}
      void run() override { call(); }
      Call call;
    };
    add_after_commit(std::make_unique<typed>(std::move(call)));
  }

  // For the layers below the API. Throws invalid_option, which names the call, when the transaction has ended.
  [[nodiscard]] forebay::connection& connection(const operation& op);
  [[nodiscard]] commit_hook& hook() noexcept { return *hook_; }
  // For session::outside.
  [[nodiscard]] context& outside(const context& of_session);

 private:
  struct beside;
  class part;

  [[nodiscard]] operation describe(const char* name) const { return {*this, name, where_, operation_id_}; }
  void add_after_commit(std::unique_ptr<detail::after_commit_call> call);
  void run_after_commit(const operation& op);
  void check_nothing_under_way(const operation& op) const;
  void end(transaction_end how) noexcept;

  std::optional<lease> lease_;  // until the end: then the connection is free for others
  std::unique_ptr<commit_hook> hook_;
  transaction_options options_;
  std::vector<std::unique_ptr<detail::after_commit_call>> after_commit_;
  std::unique_ptr<beside> beside_;
  call_site where_;
  std::uint64_t operation_id_;
  std::size_t attempt_;
  std::size_t parts_ = 0;  // nested, that have not ended
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
  // The transaction has ended, and the savepoint with it.
  void forget() noexcept { open_ = false; }

 private:
  connection& on_;
  const operation& operation_;
  bool open_ = true;
};

// The savepoint of transaction::nested, with what was given to after_commit within it.
class FOREBAY_API transaction::part {
 public:
  part(transaction& of, call_site where);
  ~part();
  void release() {
    static_cast<void>(of_.connection(operation_));  // not ended meanwhile
    savepoint_.release();
    kept_ = of_.after_commit_.size();
  }

 private:
  transaction& of_;
  const operation operation_;
  savepoint savepoint_;
  std::size_t kept_;
};

template <class Work>
auto transaction::nested(Work work, call_site where) {
  part undone_alone(*this, where);
  if constexpr (std::is_void_v<std::invoke_result_t<Work&>>) {
    work();
    undone_alone.release();
  } else {
    auto result = work();
    undone_alone.release();
    return result;
  }
}

}  // namespace forebay
