#pragma once

#include <array>
#include <concepts>
#include <cstdint>
#include <memory>
#include <span>
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
#include <forebay/session.hpp>
#include <forebay/sql/literal.hpp>
#include <forebay/sql/statement.hpp>

namespace forebay {

class repository_base;

namespace detail {

class database_core;

// Takes the rows of a query one by one.
class FOREBAY_API row_sink {
 public:
  virtual ~row_sink();
  virtual void take(rows& current) = 0;
};

template <class>
inline constexpr bool is_tuple_of_fields = false;
template <class... M>
inline constexpr bool is_tuple_of_fields<std::tuple<M...>> = (field<M> && ...);
template <class Row>
inline constexpr bool readable_row = row_type<Row> || field<Row> || is_tuple_of_fields<Row>;

template <class Row>
void read_by_position(rows& from, Row& out) {
  if constexpr (field<Row>) {
    from.expect_columns(1);
    from.read_cell(0, operations_of<Row>, &out);
  } else {
    from.expect_columns(std::tuple_size_v<Row>);
    std::size_t index = 0;
    std::apply([&]<class... M>(M&... member) { (from.read_cell(index++, operations_of<M>, &member), ...); }, out);
  }
}

template <class Row>
class collector final : public row_sink {
 public:
  void take(rows& current) override {
    Row row{};
    if constexpr (row_type<Row>) {
      current.read(shape_of<Row>, &row);
    } else {
      read_by_position(current, row);
    }
    collected.push_back(std::move(row));
  }
  std::vector<Row> collected;
};

// Makes the value of `cached` when it is not there.
class FOREBAY_API producer {
 public:
  virtual ~producer();
  virtual block_ptr produce(context& in) = 0;
};

template <class F>
inline constexpr bool captures_nothing = std::is_empty_v<F> || std::is_pointer_v<F>;

}  // namespace detail

// The table of an entity, for cached_options::tags.
struct table_tag {
  std::string_view name;
};
template <entity T>
inline constexpr table_tag table{table_of<T>.name};

struct cached_options {
  milliseconds ttl{60'000};       // 1 ms to 30 days
  std::vector<table_tag> tags{};  // a write to one of these tables makes the value worthless
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
// Thread-safe. Sessions and transactions must have ended before it goes. Connections are opened when first needed.
class FOREBAY_API database {
 public:
  // Throws invalid_option, and error with no_driver for an unknown scheme.
  explicit database(database_options options);
  database(const char* url);  // NOLINT(google-explicit-constructor): database db{"sqlite:shop.db"}
  ~database();
  database(const database&) = delete;
  database& operator=(const database&) = delete;

  [[nodiscard]] forebay::session session(session_options options = {});

  // A transaction that may write; rolls back unless commit() is called. Waits for other writers within the deadline.
  [[nodiscard]] transaction begin(forebay::session& in, call_site where = call_site::here());
  // Runs work(transaction&) and commits; rolls back when it throws. Gives what work gives.
  template <class Work>
  auto transact(forebay::session& in, Work work, call_site where = call_site::here()) {
    transaction tx = begin(in, where);
    if constexpr (std::is_void_v<std::invoke_result_t<Work&, transaction&>>) {
      work(tx);
      tx.commit();
    } else {
      auto result = work(tx);
      tx.commit();
      return result;
    }
  }

  // Raw SQL: db.query<Revenue>(s, "select tenant, sum(x) as sum from orders where x > {} group by tenant", 10). Row is
  // a FOREBAY_ROW or entity (columns by name), or a field type or std::tuple of those (by position). Neither reads nor
  // fills the cache. A statement that may write ("insert ... returning") runs in a transaction of its own when `in` is
  // a session, so that rows which cannot be read undo it. Throws what connection::run and read_row throw.
  template <class Row, class... Args>
  [[nodiscard]] std::vector<Row> query(context& in, sql_literal<Args...> text, const Args&... args) {
    static_assert(
        detail::readable_row<Row>,
        "forebay: rows are read into a FOREBAY_ROW or FOREBAY_ENTITY, a type with a field_codec, or a std::tuple "
        "of those");
    if constexpr (detail::readable_row<Row>) {
      const std::array<parameter, sizeof...(Args)> bound{make_parameter(args)...};
      detail::collector<Row> rows;
      run_query({in, "query", text.where()}, {text.text(), text.fingerprint(), bound}, rows);
      return std::move(rows.collected);
    } else {
      return {};
    }
  }

  // Rows changed. What a raw write touched is not known yet to the library, so that it makes everything cached
  // worthless.
  template <class... Args>
  std::uint64_t execute(context& in, sql_literal<Args...> text, const Args&... args) {
    const std::array<parameter, sizeof...(Args)> bound{make_parameter(args)...};
    return run_execute({in, "execute", text.where()},
                       {text.text(), text.fingerprint(), bound, statement_intent::write});
  }

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
  [[nodiscard]] forebay::cache_statistics cache_statistics() const;

 private:
  friend class repository_base;
  void run_query(const operation& op, const statement& what, detail::row_sink& sink);
  void run_writing_query(const operation& op, const statement& what, detail::row_sink& sink);
  std::uint64_t run_execute(const operation& op, const statement& what);
  [[nodiscard]] lookup run_cached(context& in, const cached_name& name, const cached_options& options,
                                  const payload_type& type, std::span<const value> key, detail::producer& from);

  std::unique_ptr<detail::database_core> core_;
};

}  // namespace forebay
