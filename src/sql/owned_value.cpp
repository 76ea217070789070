#include <forebay/sql/owned_value.hpp>

#include <utility>

namespace forebay {

owned_value::owned_value(const value& v) : plain_(v) {
  if (v.kind() == value_kind::text || v.kind() == value_kind::bytes) text_ = v.as_text();
}

value owned_value::view() const {
  if (plain_.kind() == value_kind::text) return value::text(text_);
  if (plain_.kind() == value_kind::bytes) return value::bytes(text_.data(), text_.size());
  return plain_;
}

owned_parameter::owned_parameter(const parameter& p) : is_list_(p.is_list()) {
  values_.reserve(p.values().size());
  for (const value& v : p.values()) values_.emplace_back(v);
}

parameter owned_parameter::view() const {
  if (!is_list_) return values_.front().view();
  std::vector<value> list;
  list.reserve(values_.size());
  for (const owned_value& v : values_) list.push_back(v.view());
  return parameter(std::move(list));
}

}  // namespace forebay
