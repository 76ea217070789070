#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include <forebay/sql/dialect.hpp>

#include "lexer.hpp"

namespace forebay::detail {

// Writes a statement without what varies from run to run: literals and placeholders become ?, lists keep one of several
// equal elements, words are in lower case, white space is as a person would put it, comments are gone. What it writes
// is its own normal form.
class normal_form {
 public:
  normal_form(const dialect& d, std::string_view text);
  std::string write() &&;

 private:
  // A list whose length does not count: of IN ( or ARRAY [, or the rows of VALUES. An element that is written like the
  // one before it is taken back.
  struct list {
    std::size_t depth;  // of its elements
    bool of_rows;
    bool begun = false;     // an element
    bool has_last = false;  // an element stands before this one
    std::size_t begin = 0;
    std::size_t last_begin = 0;
    std::size_t last_end = 0;
  };
  // Lists within lists beyond this are written out.
  static constexpr std::size_t max_lists = 16;

  void take(const token& t);
  void take_sign();
  void before(const token& t);
  void put(const token& t);
  void after(const token& t);
  void begin_list(bool of_rows, std::size_t depth);
  void end_element();
  [[nodiscard]] bool needs_space(const token& t) const;
  [[nodiscard]] bool is_unary_sign(const token& t) const;
  [[nodiscard]] bool is_literal_here(const token& t) const;

  dialect::family family_;
  lexer lexer_;
  std::string out_;
  token last_{};
  bool last_is_literal_ = false;
  token sign_{};  // + or - that belongs to a number, if one comes
  std::size_t depth_ = 0;
  std::array<list, max_lists> lists_{};
  std::size_t list_count_ = 0;
};

}  // namespace forebay::detail
