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

#define FOREBAY_MEMBER(T, x) &forebay_E::x;
#define FOREBAY_MEMBER_MANY(T) &forebay_E::forebay_too_many_members;
#define FOREBAY_COLUMN(T, x) ::forebay::detail::make_column<decltype(forebay_E::x)>(#x, __builtin_offsetof(forebay_E, x)),
#define FOREBAY_COLUMN_MANY(T) {}
#define FOREBAY_TYPE(T, x) decltype(forebay_E::x),
#define FOREBAY_TYPE_MANY(T)
#define FOREBAY_INDEX(T, x) if (::forebay::detail::same_member(forebay_p, &forebay_E::x)) return forebay_i; ++forebay_i;
#define FOREBAY_INDEX_MANY(T)
#define FOREBAY_CHECK(T, x) static_assert(::forebay::detail::supported_member<decltype(&T::x)>, "forebay: the type of " #T "::" #x " has no forebay::field_codec: specialise it, or leave the member out");
#define FOREBAY_CHECK_MANY(T) static_assert(sizeof(T) == 0, "forebay: " #T " lists more than 64 members");

// The checks come first, outside of every template: what they find is reported in few lines, at the declaration.
#define FOREBAY_ENTITY(T, options, ...)                                                                                \
  FOREBAY_FOR_EACH(FOREBAY_CHECK, T, __VA_ARGS__)                                                                      \
  template <::std::same_as<T> forebay_E, class forebay_M> consteval int forebay_index(::forebay::type_tag<forebay_E>, forebay_M forebay_E::*forebay_p) {               \
    int forebay_i = 0; FOREBAY_FOR_EACH(FOREBAY_INDEX, T, __VA_ARGS__) return -1; }                                            \
  template <::std::same_as<T> forebay_E> consteval auto forebay_describe(::forebay::type_tag<forebay_E>) {                             \
    if constexpr (requires { FOREBAY_FOR_EACH(FOREBAY_MEMBER, T, __VA_ARGS__) })                                       \
      return ::forebay::detail::describe<forebay_E, ::forebay::detail::types<FOREBAY_FOR_EACH(FOREBAY_TYPE, T, __VA_ARGS__) void>>( \
          #T, ::forebay::entity_options<forebay_E>{FOREBAY_UNWRAP(options)},                                                   \
          {FOREBAY_FOR_EACH(FOREBAY_COLUMN, T, __VA_ARGS__)});                                                         \
    else return ::forebay::detail::bad_description{};                                                                  \
  }                                                                                                                    \
  template <::std::same_as<T> forebay_E> void forebay_declared(::forebay::type_tag<forebay_E>);                                        \
  static_assert(::forebay::detail::found_by_lookup<T>, "forebay: declare " #T " in its own namespace");                \
  static_assert(((void)forebay_describe(::forebay::type_tag<T>{}), true))

#define FOREBAY_ROW(T, ...) FOREBAY_ENTITY(T, (), __VA_ARGS__)
// clang-format on
