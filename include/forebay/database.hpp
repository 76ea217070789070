#pragma once

#include <array>
#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <forebay/call_site.hpp>
#include <forebay/context.hpp>
#include <forebay/db/transaction.hpp>
#include <forebay/entity/entity.hpp>
#include <forebay/export.hpp>
#include <forebay/handle.hpp>
#include <forebay/options.hpp>
#include <forebay/row_sink.hpp>
#include <forebay/script.hpp>
#include <forebay/session.hpp>
#include <forebay/sql/composed.hpp>
#include <forebay/sql/literal.hpp>
#include <forebay/sql/statement.hpp>
#include <forebay/touched.hpp>

namespace forebay {

class repository_base;
struct schema_difference;

namespace detail {

class database_core;

// Makes the value of `cached` when it is not there.
class FOREBAY_API producer {
 public:
  virtual ~producer();
  virtual block_ptr produce(context& in) = 0;
};

[[noreturn]] FOREBAY_API void throw_no_row(const operation& op, std::string_view statement);

template <class F>
inline constexpr bool captures_nothing = std::is_empty_v<F> || std::is_pointer_v<F>;

// No literal: the compiler cannot check it. Refused by name, because a list of all that was expected would be long.
template <class T>
concept text_at_run_time = std::same_as<T, std::string> || std::same_as<T, std::string_view>;
template <class T>
inline constexpr bool is_literal = !text_at_run_time<T>;

}  // namespace detail

// The table of an entity, for cached_options::tags.
struct table_tag {
  std::string_view name;
};
template <entity T>
inline constexpr table_tag table{table_of<T>.name};

struct cached_options {
  milliseconds ttl{60'000};       // 1 ms to 30 days
  // A write to one of these tables makes the value worthless. For a view whose entity is not cached name its tables:
  // only of cached views is it known what they show.
  std::vector<table_tag> tags{};
};

// The name of a cached value, as a literal that remembers where it stands.
class cached_name {
 public:
  template <std::size_t N>
  consteval cached_name(const char (&name)[N], const char* file = __builtin_FILE(), int line = __builtin_LINE(),
                        const char* function = __builtin_FUNCTION())
      : name_(name, N - 1), where_{file, line, function} {}
  [[nodiscard]] std::string_view name() const noexcept { return name_; }
  [[nodiscard]] const call_site& where() const noexcept { return where_; }

 private:
  std::string_view name_;
  call_site where_;
};

struct cache_statistics {
  std::size_t entries = 0;
  std::size_t bytes = 0;        // counted with keys and index
  std::size_t capacity = 0;     // bytes
  std::uint64_t evictions = 0;  // for want of room, since the start
};

// A database with its cache: what an application makes once and shares. Repositories, sessions and handles come from
// it.
//
// Thread-safe. Connections are opened when first needed. Sessions and transactions must have ended before it goes;
// where connections are on loan all the same, its destructor waits for them, at most pool_options::shutdown_timeout,
// and reports those that are still out as lease_events.
class FOREBAY_API database {
 public:
  // Throws invalid_option, and error with no_driver for an unknown scheme.
  explicit database(database_options options);
  database(const char* url);  // NOLINT(google-explicit-constructor): database db{"sqlite:shop.db"}
  ~database();
  database(const database&) = delete;
  database& operator=(const database&) = delete;

  [[nodiscard]] forebay::session session(session_options options = {});

  // A transaction of this thread; rolls back unless commit() is called. Waits for other writers within the deadline.
  // While it is open, this thread's calls take it in the session's place: see session. Throws session_in_transaction
  // where this thread has one open already (transaction::nested is meant, or one of another session).
  [[nodiscard]] transaction begin(forebay::session& in, transaction_options options = {},
                                  call_site where = call_site::here());
  // Runs work(transaction&) and commits; rolls back when it throws. Gives what work gives.
  //
  // After a serialization failure or a busy database work is called again, with a fresh transaction: what it does to
  // anything but the database must bear being done twice (assign, do not append; use after_commit for what must happen
  // once). Never again after commit_unknown, nor after any other exception of work, nor when work has ended the
  // transaction itself. The last attempt's error goes on.
  template <class Work>
  auto transact(forebay::session& in, Work work, transaction_options options = {}, retry_options retries = {},
                call_site where = call_site::here()) {
    struct watched_work {
      ~watched_work() { ended_it = !tx.open(); }
      decltype(auto) operator()() { return work(tx); }
      Work& work;
      transaction& tx;
      bool& ended_it;
    };
    for (std::size_t attempt = 1;; ++attempt) {
      bool ended_by_work = false;
      try {
        transaction tx = begin_attempt(in, options, retries, attempt, where);
        if constexpr (std::is_void_v<std::invoke_result_t<Work&, transaction&>>) {
          watched_work{work, tx, ended_by_work}();
          tx.commit();
          return;
        } else {
          auto result = watched_work{work, tx, ended_by_work}();
          tx.commit();
          return result;
        }
      } catch (const error& e) {
        if (ended_by_work || !may_try_again(in, e, retries, attempt)) throw;
      }
    }
  }

  // Raw SQL: a literal with its arguments, or a statement that sql() or unsafe_sql() made. `in` is a session or a
  // transaction within one. Row is a FOREBAY_ROW or an entity (its columns by name, in any order), or a field type or a
  // std::tuple of those (by position; the number of columns must be the same). Reads neither use nor fill the cache. A
  // statement that may write ("insert ... returning") runs in a transaction of its own when `in` is a session, so that
  // rows that cannot be read undo it. All of these throw what connection::run and read_row throw, within the session's
  // deadline.
  //
  // A write makes worthless what it touched in the cache: the rows of an entity when its WHERE compares the whole key
  // with values of the key's own type ("where id = {} and ..."), or when it returns the key's columns ("returning id");
  // otherwise all rows of the tables that it wrote, as the database tells them, which invalidation_event reports. What
  // triggers and foreign keys' actions wrote, and cached views of what was written, go as a whole. Where the database
  // cannot tell (changes of the schema, virtual and temporary tables), everything goes. With a `touched` in front the
  // application names the rows: see touched.hpp.

  // All rows: db.query<Revenue>(s, "select tenant, sum(x) as sum from orders where x > {} group by tenant", 10).
  template <class Row, class... Args>
  [[nodiscard]] std::vector<Row> query(context& in, sql_literal<Args...> text, const Args&... args) {
    return all_rows<Row>({in, "query", text.where()}, literal(text, bound(args...)));
  }
  template <class Row>
  [[nodiscard]] std::vector<Row> query(context& in, const composed_sql& what) {
    return all_rows<Row>({in, "query", what.where()}, composed(what, what.parameters()));
  }
  template <class Row, class... Args>
  [[nodiscard]] std::vector<Row> query(context& in, const touched& said, sql_literal<Args...> text,
                                       const Args&... args) {
    return all_rows<Row>({in, "query", text.where()}, literal(text, bound(args...)), &said);
  }
  template <class Row>
  [[nodiscard]] std::vector<Row> query(context& in, const touched& said, const composed_sql& what) {
    return all_rows<Row>({in, "query", what.where()}, composed(what, what.parameters()), &said);
  }

  template <class Row, detail::text_at_run_time Text, class... Args>
  std::vector<Row> query(context&, const Text&, const Args&...) {
    static_assert(detail::is_literal<Text>, "forebay: a text that is made at run time stands in unsafe_sql(...)");
    return {};
  }

  // The row, or none: db.query_one<User>(s, "select * from users where email = {}", email). Throws too_many_rows when
  // there is a second one; a write that returned it is undone.
  template <class Row, class... Args>
  [[nodiscard]] std::optional<Row> query_one(context& in, sql_literal<Args...> text, const Args&... args) {
    return one_row<Row>({in, "query_one", text.where()}, literal(text, bound(args...)));
  }
  template <class Row>
  [[nodiscard]] std::optional<Row> query_one(context& in, const composed_sql& what) {
    return one_row<Row>({in, "query_one", what.where()}, composed(what, what.parameters()));
  }

  // The one value of the one row: db.scalar<std::int64_t>(s, "select count(*) from users"). Throws not_found when there
  // is no row, too_many_rows when there are several. scalar<std::optional<T>> gives nullopt for NULL and for no row;
  // query_one tells these two apart.
  template <class T, class... Args>
  [[nodiscard]] T scalar(context& in, sql_literal<Args...> text, const Args&... args) {
    return one_value<T>({in, "scalar", text.where()}, literal(text, bound(args...)));
  }
  template <class T>
  [[nodiscard]] T scalar(context& in, const composed_sql& what) {
    return one_value<T>({in, "scalar", what.where()}, composed(what, what.parameters()));
  }

  // Hands each row to each(Row&) as it comes, in bounded memory: db.for_each<User>(s, write_line, "select * from
  // users"). The row may be moved from; it is the same object every time. When `each` gives bool, false ends the
  // reading. The statement keeps its connection, and with it its snapshot, until the end; what `each` does with the
  // session meanwhile needs another one, so that max_size nested readings wait for themselves. An exception of `each`
  // ends the reading and is passed on (it undoes a statement that writes). Gives the number of rows handed over.
  template <class Row, class Function, class... Args>
  std::uint64_t for_each(context& in, Function&& each, sql_literal<Args...> text, const Args&... args) {
    return each_row<Row>({in, "for_each", text.where()}, literal(text, bound(args...)), each);
  }
  template <class Row, class Function>
  std::uint64_t for_each(context& in, Function&& each, const composed_sql& what) {
    return each_row<Row>({in, "for_each", what.where()}, composed(what, what.parameters()), each);
  }

  // Rows changed: db.execute(s, "update users set name = {} where id = {}", "Ann", 42).
  template <class... Args>
  std::uint64_t execute(context& in, sql_literal<Args...> text, const Args&... args) {
    return run_execute({in, "execute", text.where()}, literal(text, bound(args...)), nullptr);
  }
  std::uint64_t execute(context& in, const composed_sql& what) {
    return run_execute({in, "execute", what.where()}, composed(what, what.parameters()), nullptr);
  }
  template <class... Args>
  std::uint64_t execute(context& in, const touched& said, sql_literal<Args...> text, const Args&... args) {
    return run_execute({in, "execute", text.where()}, literal(text, bound(args...)), &said);
  }
  std::uint64_t execute(context& in, const touched& said, const composed_sql& what) {
    return run_execute({in, "execute", what.where()}, composed(what, what.parameters()), &said);
  }

  template <detail::text_at_run_time Text, class... Args>
  std::uint64_t execute(context&, const Text&, const Args&...) {
    static_assert(detail::is_literal<Text>, "forebay: a text that is made at run time stands in unsafe_sql(...)");
    return 0;
  }

  // Runs a text of several statements: see script.hpp. Gives their number. An error names the statement's number and
  // line. Each statement has the cache's attention as one of execute has.
  std::size_t run_script(context& in, const unsafe_script& script, script_scope scope = script_scope::all_or_nothing);

  // The value of make(context&, args...), kept under (name, T, args) for `ttl`; made once for all who ask at the same
  // time. Inside a transaction it is made anew and not kept. `make` captures nothing: what it depends on are its
  // arguments, which are the key; the database is its context's.
  template <class T, class Make, class... Args>
  [[nodiscard]] handle<T> cached(context& in, cached_name name, const cached_options& options, Make make,
                                 const Args&... args) {
    static_assert(detail::captures_nothing<Make>,
                  "forebay: the loader of a cached value captures nothing; hand what it needs over as arguments, which "
                  "become its key");
    static_assert(((bindable<Args> || detail::text_like<Args>)&&...),
                  "forebay: an argument of a cached value has no field_codec, so that it cannot be part of the key");
    static_assert(std::is_invocable_r_v<T, Make&, context&, const Args&...>,
                  "forebay: the loader of a cached value is called as T(context&, const Args&...)");
    struct from_make final : detail::producer {
      from_make(Make m, const std::tuple<const Args&...>& a) : make(m), arguments(a) {}
      block_ptr produce(context& on) override {
        return block::make<T>(std::apply([&](const Args&... a) { return make(on, a...); }, arguments));
      }
      Make make;
      std::tuple<const Args&...> arguments;
    };
    const std::array<value, sizeof...(Args)> key{make_parameter(args).values()[0]...};
    from_make from(make, {args...});
    return handle<T>(run_cached(in, name, options, detail::payload_type_of<T>, key, from));
  }

  // Hands over every event from now on.
  void observe(std::shared_ptr<observer> who);
  void stop_observing(const observer& who);

  [[nodiscard]] pool_statistics connections(connection_role role) const;
  // The orderly end, for instance at SIGTERM: from now on no call gets a connection (shut_down), nor do those in line;
  // transactions and statements under way go on, at most so long. True when all connections came back and are closed;
  // otherwise it may be called again. What is cached can still be read.
  bool drain(milliseconds at_most);
  [[nodiscard]] forebay::cache_statistics cache_statistics() const;

 private:
  friend class repository_base;
  friend class forebay::session;
  friend FOREBAY_API std::vector<schema_difference> check_schema(database& db, context& in,
                                                                 std::span<const entity_table* const> entities,
                                                                 call_site where);
  [[nodiscard]] transaction begin_attempt(forebay::session& in, const transaction_options& options,
                                          const retry_options& retries, std::size_t attempt, call_site where);
  // Pauses before it says yes.
  [[nodiscard]] bool may_try_again(const context& in, const error& why, const retry_options& retries,
                                   std::size_t attempt);
  template <class... Args>
  static std::array<parameter, sizeof...(Args)> bound(const Args&... args) {
    return {make_parameter(args)...};
  }
  // Views: for the call that they are made in.
  template <class... Args>
  static statement literal(const sql_text<Args...>& text, std::span<const parameter> bound) noexcept {
    return {text.text(), text.text_hash(), bound};
  }
  static statement composed(const composed_sql& what, std::span<const parameter> bound) noexcept {
    return {what.text(), what.text_hash(), bound};
  }

  template <class Row>
  std::vector<Row> all_rows(const operation& op, const statement& what, const touched* said = nullptr) {
    detail::collector<Row> rows;
    if constexpr (detail::check_readable<Row>()) run_query(op, what, rows, said);
    return std::move(rows.collected);
  }
  template <class Row>
  std::optional<Row> one_row(const operation& op, const statement& what) {
    detail::only_row<Row> row;
    if constexpr (detail::check_readable<Row>()) run_query(op, what, row, nullptr);
    return std::move(row.found);
  }
  template <class T>
  T one_value(const operation& op, const statement& what) {
    static_assert(field<T>, "forebay: a scalar is read into a type with a field_codec");
    std::optional<T> value = one_row<T>(op, what);
    if (value) return *std::move(value);
    if constexpr (std::is_constructible_v<T, std::nullopt_t>) {
      return std::nullopt;
    } else {
      detail::throw_no_row(op, what.text);
    }
  }
  template <class Row, class Function>
  std::uint64_t each_row(const operation& op, const statement& what, Function& each) {
    static_assert(std::is_invocable_v<Function&, Row&>, "forebay: for_each calls its function with a Row&");
    detail::row_by_row<Row, Function> rows(each);
    if constexpr (!detail::check_readable<Row>()) return 0;
    return run_query(op, what, rows, nullptr);
  }

  struct write_result {
    std::uint64_t taken = 0;
    std::uint64_t changed = 0;
  };
  // Tells how many rows the sink took.
  std::uint64_t run_query(const operation& op, const statement& what, detail::row_sink& sink, const touched* said);
  std::uint64_t run_execute(const operation& op, const statement& what, const touched* said);
  write_result run_write(const operation& op, statement what, detail::row_sink* sink, const touched* said);
  [[nodiscard]] lookup run_cached(context& in, const cached_name& name, const cached_options& options,
                                  const payload_type& type, std::span<const value> key, detail::producer& from);

  std::unique_ptr<detail::database_core> core_;
};

}  // namespace forebay
