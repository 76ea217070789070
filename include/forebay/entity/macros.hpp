// The text of FOREBAY_ENTITY and FOREBAY_ROW. A system header, so that compilers do not print its expansions: an error
// in a declaration is reported at the declaration.
#pragma once
#pragma GCC system_header

#include <forebay/entity/for_each.hpp>

// clang-format off
// Removes the parentheses around options, if there are any: (.table = "users") and "users" both become a list.
#define FOREBAY_UNWRAP(x) FOREBAY_UNWRAP_1(FOREBAY_UNWRAP_2 x)
#define FOREBAY_UNWRAP_1(...) FOREBAY_UNWRAP_3(__VA_ARGS__)
#define FOREBAY_UNWRAP_2(...) FOREBAY_UNWRAP_2 __VA_ARGS__
#define FOREBAY_UNWRAP_3(...) FOREBAY_NOTHING##__VA_ARGS__
#define FOREBAY_NOTHINGFOREBAY_UNWRAP_2

// What can be wrong with a declaration: the name of the detail::problem, and the text of the error.
#define FOREBAY_PROBLEMS(X, T, options)                                                                                \
  X(lists_twice, "a member is listed twice", T, options)                                                               \
  X(names_twice, "two members have the same column", T, options)                                                       \
  X(not_listed, "a member that the options name is not listed", T, options)                                            \
  X(key_twice, "a member is in .key twice", T, options)                                                                \
  X(key_can_be_null, "a member of the key is std::optional, but no row has NULL as its key", T, options)               \
  X(key_not_written, "a member of the key is in .filled or .read_only; a key that the database makes is .generated", T, options) \
  X(generated_not_key, ".generated names a member that is not of the key", T, options)                                 \
  X(version_of_key, "the version is a member of the key", T, options)                                                  \
  X(version_not_written, "the version is in .filled or .read_only", T, options)                                        \
  X(filled_read_only, "a member is in .filled and in .read_only; .read_only is enough", T, options)
#define FOREBAY_CHECK_PROBLEM(which, text, T, options) static_assert(::forebay::detail::description_of<T>.wrong != ::forebay::detail::problem::which, "forebay: " #T ": " text ": " #options);

#define FOREBAY_MEMBER(T, x) &forebay_E::x;
#define FOREBAY_MEMBER_MANY(T) &forebay_E::forebay_too_many_members;
#define FOREBAY_COLUMN(T, x) ::forebay::detail::make_column<decltype(forebay_E::x)>(#x, __builtin_offsetof(forebay_E, x)),
#define FOREBAY_COLUMN_MANY(T) {}
#define FOREBAY_TYPE(T, x) decltype(forebay_E::x),
#define FOREBAY_TYPE_MANY(T)
#define FOREBAY_CHECK(T, x) static_assert(::forebay::detail::supported_member<decltype(&T::x)>, "forebay: the type of " #T "::" #x " has no forebay::field_codec: specialise it, or leave the member out");
#define FOREBAY_CHECK_MANY(T) static_assert(sizeof(T) == 0, "forebay: " #T " lists more than 64 members");

// The checks come first, outside of every template: what they find is reported in few lines, at the declaration.
#define FOREBAY_ENTITY(T, options, ...)                                                                                \
  FOREBAY_FOR_EACH(FOREBAY_CHECK, T, __VA_ARGS__)                                                                      \
  template <::std::same_as<T> forebay_E> consteval auto forebay_describe(::forebay::type_tag<forebay_E>) {             \
    if constexpr (requires { FOREBAY_FOR_EACH(FOREBAY_MEMBER, T, __VA_ARGS__) })                                       \
      return ::forebay::detail::describe<forebay_E, ::forebay::detail::types<FOREBAY_FOR_EACH(FOREBAY_TYPE, T, __VA_ARGS__) void>>( \
          #T, ::forebay::entity_options<forebay_E>{FOREBAY_UNWRAP(options)},                                           \
          {FOREBAY_FOR_EACH(FOREBAY_COLUMN, T, __VA_ARGS__)});                                                         \
    else return ::forebay::detail::bad_description{};                                                                  \
  }                                                                                                                    \
  template <::std::same_as<T> forebay_E> void forebay_declared(::forebay::type_tag<forebay_E>);                        \
  template <::std::same_as<T> forebay_E> void PrintTo(const forebay_E& forebay_row, ::std::ostream* forebay_out) {     \
    ::forebay::detail::print_row(forebay_row, *forebay_out); }                                                         \
  static_assert(::forebay::detail::found_by_lookup<T>, "forebay: declare " #T " in its own namespace");                \
  FOREBAY_PROBLEMS(FOREBAY_CHECK_PROBLEM, T, options)                                                                  \
  static_assert(true)

#define FOREBAY_ROW(T, ...) FOREBAY_ENTITY(T, (), __VA_ARGS__)
// clang-format on
