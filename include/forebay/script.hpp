#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <forebay/call_site.hpp>

namespace forebay {

// Statements that were written at run time, one after another, each with its semicolon: a migration, a fixture.
// Whoever makes one answers for what stands in it: nothing is bound, braces mean nothing. The name is for errors: the
// file that it came from.
class unsafe_script {
 public:
  explicit unsafe_script(std::string text, std::string name = "script", call_site where = call_site::here())
      : text_(std::move(text)), name_(std::move(name)), where_(where) {}

  [[nodiscard]] std::string_view text() const noexcept { return text_; }
  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  [[nodiscard]] const call_site& where() const noexcept { return where_; }

 private:
  std::string text_;
  std::string name_;
  call_site where_;
};

enum class script_scope : unsigned char {
  all_or_nothing,  // in one transaction; within a transaction, in a savepoint
  each_by_itself   // what ran before a failure stays: for what no transaction can hold ("vacuum", some pragmas)
};

}  // namespace forebay
