#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <forebay/call_site.hpp>
#include <forebay/export.hpp>
#include <forebay/sql/literal.hpp>
#include <forebay/sql/owned_value.hpp>
#include <forebay/sql/parameter.hpp>

namespace forebay {

namespace detail {

void sql_ends_inside_quotes_or_a_comment_and_cannot_be_added_to();

}  // namespace detail

// A piece of a statement: a literal checked as sql_text is, which must not end inside quotes or a comment either, where
// it would swallow the next piece.
template <class... Args>
class sql_fragment : public sql_text<Args...> {
 public:
  template <std::size_t N>
  consteval sql_fragment(const char (&text)[N], const char* file = __builtin_FILE(), int line = __builtin_LINE(),
                         const char* function = __builtin_FUNCTION())
      : sql_text<Args...>(text, file, line, function) {
    if (detail::ends_open({text, N - 1})) detail::sql_ends_inside_quotes_or_a_comment_and_cannot_be_added_to();
  }
};

template <class... Args>
using sql_piece_literal = sql_fragment<std::type_identity_t<Args>...>;

// A statement put together while the program runs, from literals that were checked while it was compiled; what stands
// behind a {} is bound, never pasted. A blank is put between pieces that have none there. Owns its text and copies of
// what is bound. Goes where a literal with its arguments goes:
//
//   db.query<User>(s, sql("select * from users where tenant = {}", tenant)
//                         .add_if(age, " and age >= {}")            // a std::optional: added when it holds a value
//                         .add_if(only_active, " and active"));
//
// One thread at a time.
class FOREBAY_API composed_sql {
 public:
  // What sql() and unsafe_sql() call.
  composed_sql(std::string_view text, std::initializer_list<parameter> bound, const call_site& where);

  template <class... Args>
  composed_sql& add(sql_piece_literal<Args...> text, const Args&... args) & {
    append(text.text(), {make_parameter(args)...});
    return *this;
  }
  template <class... Args>
  composed_sql&& add(sql_piece_literal<Args...> text, const Args&... args) && {
    return std::move(add(text, args...));
  }

  template <class... Args>
  composed_sql& add_if(bool condition, sql_piece_literal<Args...> text, const Args&... args) & {
    if (condition) append(text.text(), {make_parameter(args)...});
    return *this;
  }
  template <class... Args>
  composed_sql&& add_if(bool condition, sql_piece_literal<Args...> text, const Args&... args) && {
    return std::move(add_if(condition, text, args...));
  }

  // The value, when there is one, is what the {} stands for.
  template <class T>
  composed_sql& add_if(const std::optional<T>& argument, sql_piece_literal<T> text) & {
    if (argument) append(text.text(), {make_parameter(*argument)});
    return *this;
  }
  template <class T>
  composed_sql&& add_if(const std::optional<T>& argument, sql_piece_literal<T> text) && {
    return std::move(add_if(argument, text));
  }

  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  // Equal for equal pieces, whatever is bound.
  [[nodiscard]] std::uint64_t text_hash() const noexcept { return text_hash_of(text_); }
  // Where sql( or unsafe_sql( stands.
  [[nodiscard]] const call_site& where() const noexcept { return where_; }
  // Views into this.
  [[nodiscard]] std::vector<parameter> parameters() const;

 private:
  void append(std::string_view text, std::initializer_list<parameter> bound);

  std::string text_;
  std::vector<owned_parameter> bound_;
  call_site where_;
};

// Begins a statement that pieces are added to.
template <class... Args>
[[nodiscard]] composed_sql sql(sql_piece_literal<Args...> text, const Args&... args) {
  return {text.text(), {make_parameter(args)...}, text.where()};
}

// A text that was made while the program runs, and where. Views the text.
class run_time_text {
 public:
  template <class Text>
    requires std::is_convertible_v<const Text&, std::string_view> run_time_text(
        const Text& text, const char* file = __builtin_FILE(), int line = __builtin_LINE(),
        const char* function = __builtin_FUNCTION())
        : text_(text), where_{file, line, function} {}
    [[nodiscard]] std::string_view text() const noexcept { return text_; }
    [[nodiscard]] const call_site& where() const noexcept { return where_; }

   private:
    std::string_view text_;
    call_site where_;
};

namespace detail {

// Throws invalid_option for what the compiler refuses in a literal, naming the position.
FOREBAY_API void check_run_time_text(const run_time_text& text, std::initializer_list<parameter> bound);

}  // namespace detail

// The same for a text that no compiler has seen: whoever calls this answers for what stands in it. Its {} are bound as
// in a literal, single braces are doubled. Throws invalid_option, which names the position and what is wrong there,
// when the text does not fit its arguments.
template <class... Args>
[[nodiscard]] composed_sql unsafe_sql(run_time_text text, const Args&... args) {
  detail::check_run_time_text(text, {make_parameter(args)...});
  return {text.text(), {make_parameter(args)...}, text.where()};
}

}  // namespace forebay
