#pragma once

#include <string>
#include <vector>

#include <forebay/export.hpp>
#include <forebay/sql/parameter.hpp>
#include <forebay/value.hpp>

namespace forebay {

// A value that owns its text.
class FOREBAY_API owned_value {
 public:
  explicit owned_value(const value& v);
  [[nodiscard]] value view() const;

 private:
  value plain_;  // unless text or bytes
  std::string text_;
};

// A parameter that owns its values.
class FOREBAY_API owned_parameter {
 public:
  explicit owned_parameter(const parameter& p);
  [[nodiscard]] parameter view() const;

 private:
  std::vector<owned_value> values_;
  bool is_list_;
};

}  // namespace forebay
