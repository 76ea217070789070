#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iosfwd>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>

#include <forebay/block.hpp>
#include <forebay/entity/macros.hpp>
#include <forebay/export.hpp>
#include <forebay/field.hpp>

// Two ways to declare how a struct stands in a database, both beside the struct, in its namespace, at namespace scope.
// By a macro, when columns are named as members are, or nearly all of them:
//
//   FOREBAY_ENTITY(User, "users", id, email, name);
//   FOREBAY_ENTITY(User, (.table = "users", .version = &User::version), id, email, name, version);
//   FOREBAY_ENTITY(User, (.table = "users", .renamed = {{&User::email, "e_mail"}}), id, email, name);
//   FOREBAY_ROW(Revenue, tenant, sum);
//
// Or by a function, without a macro, when each column has a name of its own:
//
//   consteval auto forebay_describe(forebay::type_tag<User>) {
//     return forebay::describe<User>({.table = "users", .version = &User::version},
//                                    forebay::named(&User::id, "user_id"), forebay::named(&User::email, "e_mail"),
//                                    forebay::named(&User::version, "v"));
//   }
//   consteval auto forebay_describe(forebay::type_tag<Revenue>) {
//     return forebay::describe<Revenue>({}, forebay::named(&Revenue::sum, "SUM"));
//   }
//
// An entity is a row of a table, found by its key; a row, which has no table, is the shape of a query's result.
// Structure only: whether and how long rows are cached is the database's business. At most 64 members, of the struct
// itself, not of a base; it must be default-constructible. A mistake is reported where the macro stands, and for the
// function where the type is first used.

namespace forebay {

struct column {
  std::string_view name;
  std::uint32_t offset = 0;
  const field_operations* field = nullptr;
  // What entity_options says of it.
  bool generated = false;
  bool filled = false;
  bool read_only = false;
  bool sensitive = false;
};

// The columns that a struct is made of.
struct row_shape {
  std::string_view type_name;
  std::span<const column> columns;
  const payload_type* payload = nullptr;
};

// A table and the struct that stands for one row of it. One constant an entity; its address identifies the entity.
struct entity_table {
  row_shape row;
  std::string_view name;
  std::span<const int> key;  // indexes of the key's columns
  int version = -1;          // index of the version column, or -1
  int generated = -1;        // index of the generated key's column, or -1
};

namespace detail {

template <class M>
inline constexpr bool is_plain_integer = plain_integer<M>;

// Where a member stands in its struct, told while compiling: a member pointer has no constant offset, but the address
// that it has in an object is a constant, and can be compared with the addresses of that object's bytes. The object is
// never made: it is declared only, and nothing is emitted that names it.
template <class T>
union layout {
  std::byte bytes[sizeof(T)];
  T object;
  ~layout();
};
#pragma GCC diagnostic push
#ifdef __clang__
#pragma GCC diagnostic ignored "-Wundefined-var-template"
#pragma GCC diagnostic ignored "-Wundefined-internal"
#endif
template <class T>
extern const layout<T> layout_of;

template <class T, class M>
constexpr const void* place_of(M T::*member) {
  return &(layout_of<T>.object.*member);
}
template <class T>
constexpr bool stands_at(const void* place, std::size_t offset) {
  return place == &layout_of<T>.bytes[offset];
}
#pragma GCC diagnostic pop

}  // namespace detail

// Names a member of E within its options.
template <class E>
struct member_ref {
  const void* place;  // see detail::place_of
  template <class M>
  consteval member_ref(M E::*p) : place(detail::place_of(p)) {}
};

template <class E>
struct integer_member_ref {
  const void* place = nullptr;
  bool given = false;  // sanitizers do not let a constant expression compare `place` with null
  consteval integer_member_ref() = default;
  template <class M>
  consteval integer_member_ref(M E::*p) : place(detail::place_of(p)), given(true) {
    static_assert(detail::is_plain_integer<M>,
                  "forebay: the version, or the generated key, is a member of an integer type");
  }
};

// One to four members: (.key = {&Line::order_id, &Line::position}).
template <class E>
struct key_ref {
  std::array<const void*, 4> places{};
  std::size_t size = 0;
  consteval key_ref() = default;
  template <class... M>
  consteval key_ref(M E::*... p) : size(sizeof...(M)) {
    static_assert(sizeof...(M) <= 4, "forebay: a key has at most four members");
    if constexpr (sizeof...(M) <= 4) places = {detail::place_of(p)...};
  }
};

template <class E>
struct renamed_member {
  const void* place;
  std::string_view name;
  template <class M>
  consteval renamed_member(M E::*p, std::string_view n) : place(detail::place_of(p)), name(n) {}
};

template <class E>
struct entity_options {
  using members = std::initializer_list<member_ref<E>>;  // (.filled = {&User::created_at, &User::created_by})

  std::string_view table{};
  key_ref<E> key{};                   // default: the first column
  integer_member_ref<E> generated{};  // a member of the key that the database makes: an insert leaves it out while the
                                      // member holds the value of a default-constructed row
  integer_member_ref<E> version{};    // optimistic locking: raised by every update; default: none
  members filled{};                   // filled by the database on insert, which leaves them out; an update writes them
  members read_only{};                // read, never written: computed columns, columns kept by triggers
  members sensitive{};                // their values never reach a log, a report or a message
  std::initializer_list<renamed_member<E>>
      renamed{};  // (.renamed = {{&User::email, "e_mail"}}): other names of columns
};

namespace detail {

// What can be wrong with a declaration; what is then said stands in macros.hpp.
#define FOREBAY_PROBLEM(name, text, T, options) name,
enum class problem : std::uint8_t { none, FOREBAY_PROBLEMS(FOREBAY_PROBLEM, , ) };
#undef FOREBAY_PROBLEM

struct bad_description {  // of a declaration that was refused before
  static constexpr problem wrong = problem::none;
};

template <class...>
struct types;

template <class M>
inline constexpr bool supported_field = field<M>;
template <class Pointer>
inline constexpr bool supported_member = false;
template <class T, class M>
inline constexpr bool supported_member<M T::*> = supported_field<M>;

template <class M>
consteval column make_column(std::string_view name, std::size_t offset) {
  // A type without a codec has been refused already; any other stands in, so that nothing need ask for null.
  using stored = std::conditional_t<supported_field<M>, M, bool>;
  return {.name = name, .offset = static_cast<std::uint32_t>(offset), .field = &operations_of<stored>};
}

// What a declaration says, with every member as the index of its column. Types is the list of the members' types.
template <class Types, std::size_t N>
struct description {
  using types = Types;
  std::string_view type_name;
  std::string_view table;
  std::array<int, 4> key{};
  std::size_t key_size = 1;
  int version = -1;
  int generated = -1;
  std::array<column, N> columns{};
  problem wrong = problem::none;

  constexpr void refuse(problem p) {
    if (wrong == problem::none) wrong = p;
  }
};

template <class E, class Description>
constexpr int index_at(const Description& d, const void* place) {
  int index = 0;
  for (const column& c : d.columns) {
    if (stands_at<E>(place, c.offset)) return index;
    ++index;
  }
  return -1;
}

// The same, where a member that is not listed is a mistake.
template <class E, class Description>
constexpr int listed_at(Description& d, const void* place) {
  const int index = index_at<E>(d, place);
  if (index < 0) d.refuse(problem::not_listed);
  return index < 0 ? 0 : index;
}

template <class E, class Description>
constexpr void mark(Description& d, bool column::*flag, const typename entity_options<E>::members& members) {
  for (const member_ref<E>& m : members) d.columns[static_cast<std::size_t>(listed_at<E>(d, m.place))].*flag = true;
}

template <class E, class Description>
constexpr void take_options(Description& d, const entity_options<E>& options) {
  if (options.key.size > 0) d.key_size = options.key.size;
  for (std::size_t i = 0; i < options.key.size; ++i) d.key[i] = listed_at<E>(d, options.key.places[i]);
  if (options.version.given) d.version = listed_at<E>(d, options.version.place);
  if (options.generated.given) {
    d.generated = listed_at<E>(d, options.generated.place);
    d.columns[static_cast<std::size_t>(d.generated)].generated = true;
  }
  mark<E>(d, &column::filled, options.filled);
  mark<E>(d, &column::read_only, options.read_only);
  mark<E>(d, &column::sensitive, options.sensitive);
  for (const renamed_member<E>& r : options.renamed) {
    d.columns[static_cast<std::size_t>(listed_at<E>(d, r.place))].name = r.name;
  }
}

// By pointers, because each call of a function is remembered by the compiler: this is the one loop of many steps.
constexpr problem check_columns(const column* columns, std::size_t count, bool renamed) {
  for (const column* a = columns; a != columns + count; ++a) {
    for (const column* b = columns; b != a; ++b) {
      if (a->offset == b->offset) return problem::lists_twice;
      if (renamed && a->name == b->name) return problem::names_twice;
    }
  }
  return problem::none;
}

template <class Description>
constexpr void check_key_and_version(Description& d) {
  bool generated = d.generated < 0;
  for (std::size_t i = 0; i < d.key_size; ++i) {
    const column& c = d.columns[static_cast<std::size_t>(d.key[i])];
    if (c.filled || c.read_only) d.refuse(problem::key_not_written);
    if (c.field->nullable) d.refuse(problem::key_can_be_null);
    if (d.key[i] == d.version) d.refuse(problem::version_of_key);
    generated = generated || d.key[i] == d.generated;
    for (std::size_t j = 0; j < i; ++j) {
      if (d.key[i] == d.key[j]) d.refuse(problem::key_twice);
    }
  }
  if (!generated) d.refuse(problem::generated_not_key);
  for (int i = 0; const column& c : d.columns) {
    if (c.filled && c.read_only) d.refuse(problem::filled_read_only);
    if (i++ == d.version && (c.filled || c.read_only)) d.refuse(problem::version_not_written);
  }
}

template <class E, class Types, std::size_t N>
consteval auto describe(std::string_view type_name, const entity_options<E>& options, const column (&columns)[N],
                        bool by_function = false) {
  description<Types, N> d{.type_name = type_name, .table = options.table};
  column* to = d.columns.data();
  for (const column& c : columns) *to++ = c;
  take_options<E>(d, options);
  const bool renamed = by_function || options.renamed.size() > 0;  // members have different names anyway
  if (const problem p = check_columns(d.columns.data(), N, renamed); p != problem::none) d.refuse(p);
  if (!d.table.empty()) check_key_and_version(d);
  return d;
}

// "User" for shop::User.
template <class E>
constexpr std::string_view type_name_of() {
  std::string_view name = __PRETTY_FUNCTION__;  // "... [with E = shop::User; std::string_view = ...]"
  name.remove_prefix(name.find("E = ") + 4);
  name = name.substr(0, name.find_first_of(";]"));
  const std::size_t scope = name.rfind("::");
  return scope == std::string_view::npos ? name : name.substr(scope + 2);
}

// Steps from byte to byte that a member of this type can stand at.
template <class E, class M>
constexpr std::size_t offset_of(M E::*member) {
  const void* const place = place_of(member);
  std::size_t offset = 0;
  while (!stands_at<E>(place, offset)) offset += alignof(M);
  return offset;
}

}  // namespace detail

// A member and the name of its column, for describe.
template <class E, class M>
struct named {
  M E::*member;
  std::string_view name;
  consteval named(M E::*p, std::string_view n) : member(p), name(n) {
    static_assert(
        detail::supported_field<M>,
        "forebay: the type of this member has no forebay::field_codec: specialise it, or leave the member out");
  }
};

// What forebay_describe returns for E: see above.
template <class E, class... Owner, class... M>
consteval auto describe(const entity_options<E>& options, const named<Owner, M>&... columns) {
  static_assert(sizeof...(M) > 0, "forebay: an entity or a row has at least one column");
  static_assert((std::is_same_v<E, Owner> && ...),
                "forebay: a column is described of a member of another struct, or of a base");
  static_assert(sizeof...(M) <= 64, "forebay: more than 64 members are described");
  if constexpr (sizeof...(M) > 0 && sizeof...(M) <= 64 && (std::is_same_v<E, Owner> && ...) &&
                (detail::supported_field<M> && ...)) {
    return detail::describe<E, detail::types<M...>>(
        detail::type_name_of<E>(), options,
        {detail::make_column<M>(columns.name, detail::offset_of(columns.member))...}, true);
  } else {
    return detail::bad_description{};
  }
}

namespace detail {

template <class T>
concept declared_by_macro = requires {
  forebay_declared(type_tag<T>{});
};
template <class T>
concept described = declared_by_macro<T> || requires {
  forebay_describe(type_tag<T>{});
};
template <class T>
inline constexpr bool found_by_lookup = declared_by_macro<T>;

template <class T>
consteval auto checked_description() {
  constexpr auto d = forebay_describe(type_tag<T>{});
  if constexpr (!declared_by_macro<T>) {  // which has checked already, with the entity's name in the text
#define FOREBAY_PROBLEM(name, text, T, options) static_assert(d.wrong != problem::name, "forebay: " text);
    FOREBAY_PROBLEMS(FOREBAY_PROBLEM, , )
#undef FOREBAY_PROBLEM
  }
  return d;
}

template <class T>
inline constexpr auto description_of = checked_description<T>();

template <int I, class List>
struct nth;
template <int I, class Head, class... Rest>
struct nth<I, types<Head, Rest...>> : nth<I - 1, types<Rest...>> {};
template <class Head, class... Rest>
struct nth<0, types<Head, Rest...>> {
  using type = Head;
};
template <int I, class T>
using member_type = typename nth<I, typename decltype(forebay_describe(type_tag<T>{}))::types>::type;

template <class T, class Sequence>
struct key_of;
template <class T, std::size_t... I>
struct key_of<T, std::index_sequence<I...>> {
  static constexpr auto& index = description_of<T>.key;
  using type = std::conditional_t<sizeof...(I) == 1, member_type<index[0], T>, std::tuple<member_type<index[I], T>...>>;
};

// The column of a member, which must be listed.
template <class T>
consteval int column_index(const void* place) {
  const int index = index_at<T>(description_of<T>, place);
  if (index < 0) throw "this member is not listed in the declaration";
  return index;
}

}  // namespace detail

// A type that is declared in one of the two ways above.
template <class T>
concept row_type = detail::described<T>;

// One that has a table.
template <class T>
concept entity = row_type<T> && !detail::description_of<T>.table.empty();

template <row_type T>
inline constexpr row_shape shape_of{detail::description_of<T>.type_name, detail::description_of<T>.columns,
                                    &detail::payload_type_of<T>};

template <entity T>
inline constexpr entity_table table_of{
    shape_of<T>, detail::description_of<T>.table,
    std::span<const int>(detail::description_of<T>.key.data(), detail::description_of<T>.key_size),
    detail::description_of<T>.version, detail::description_of<T>.generated};

// The type of an entity's key: the member's own, or a std::tuple of them.
template <entity T>
using key_t = typename detail::key_of<T, std::make_index_sequence<detail::description_of<T>.key_size>>::type;

// Memory that a row owns beyond its struct.
FOREBAY_API std::size_t heap_bytes(const row_shape& shape, const void* row) noexcept;

// A row for logs and failing tests: "User{id: 42, email: ***, name: NULL}", by column. Sensitive columns are ***, texts
// beyond 64 and bytes beyond 16 are cut, and what is no printable ASCII is escaped.
FOREBAY_API std::string to_text(const row_shape& shape, const void* row);
template <row_type T>
[[nodiscard]] std::string to_text(const T& row) {
  return to_text(shape_of<T>, &row);
}

namespace detail {

// What GoogleTest shows for a row, where the type has no operator<< of its own. The macros declare a PrintTo that calls
// it; beside a forebay_describe it is one line: void PrintTo(const User& u, std::ostream* out) { *out << to_text(u); }
template <class T, class Stream>
void print_row(const T& row, Stream& out) {
  if constexpr (requires { out << row; }) {
    out << row;
  } else {
    out << to_text(row);
  }
}

}  // namespace detail

template <row_type T>
struct payload_traits<T> {
  static std::size_t heap_bytes(const T& row) noexcept { return forebay::heap_bytes(shape_of<T>, &row); }
};

}  // namespace forebay
