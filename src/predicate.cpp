#include <forebay/predicate.hpp>

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

namespace forebay {

std::string detail::qualified_name(const dialect& d, const column_ref& c, joined_tables tables) {
  std::string name = quote_identifier(d, c.meant().name);
  if (tables.empty()) return name;
  return "t" + std::to_string(std::ranges::find(tables, c.table) - tables.begin() + 1) + "." + name;
}

condition::condition(const column_ref& left, comparison how, std::vector<owned_value> values)
    : values_(std::move(values)) {
  steps_.push_back(
      {.what = combination::leaf, .how = how, .left = left, .value_count = static_cast<std::uint32_t>(values_.size())});
}

condition::condition(const column_ref& left, comparison how, const value& right)
    : steps_{{.what = combination::leaf, .how = how, .left = left, .value_count = 1}}, values_{owned_value(right)} {}

condition::condition(const column_ref& left, comparison how, const column_ref& right)
    : steps_{{.what = combination::leaf, .how = how, .left = left, .right = right}} {}

void condition::combine(condition&& other, combination how) {
  const auto shift = static_cast<std::uint32_t>(values_.size());
  for (step& s : other.steps_) s.first_value += shift;
  std::ranges::move(other.steps_, std::back_inserter(steps_));
  std::ranges::move(other.values_, std::back_inserter(values_));
  steps_.push_back({.what = how});
}

void condition::negate() { steps_.push_back({.what = combination::negation}); }

namespace {

// What stands behind the column; {} for its values, and for the other column where it is compared with one.
std::string_view sign_of(comparison how) {
  switch (how) {
    case comparison::equal: return " = {}";
    case comparison::not_equal: return " <> {}";
    case comparison::less: return " < {}";
    case comparison::less_or_equal: return " <= {}";
    case comparison::greater: return " > {}";
    case comparison::greater_or_equal: return " >= {}";
    case comparison::like: return " like {}";
    case comparison::between: return " between {} and {}";
    case comparison::in: return " in ({})";
    case comparison::not_in: return " not in ({})";
    case comparison::is_null: return " is null";
    case comparison::is_not_null: return " is not null";
  }
  return {};
}

bool takes_a_list(comparison how) { return how == comparison::in || how == comparison::not_in; }

}  // namespace

std::string condition::text(const dialect& d, detail::joined_tables tables) const {
  std::vector<std::string> stack;
  for (const step& s : steps_) {
    if (s.what == combination::leaf) {
      std::string text = detail::qualified_name(d, s.left, tables);
      std::string_view sign = sign_of(s.how);
      if (s.right.table != nullptr) sign.remove_suffix(2);
      text += sign;
      if (s.right.table != nullptr) text += detail::qualified_name(d, s.right, tables);
      stack.push_back(std::move(text));
    } else if (s.what == combination::negation) {
      stack.back() = "not (" + stack.back() + ")";
    } else {
      const std::string right = std::move(stack.back());
      stack.pop_back();
      stack.back() = "(" + stack.back() + (s.what == combination::both ? " and " : " or ") + right + ")";
    }
  }
  return stack.back();
}

void condition::append_parameters(std::vector<parameter>& out) const {
  for (const step& s : steps_) {
    if (s.what != combination::leaf) continue;
    if (takes_a_list(s.how)) {
      std::vector<value> list;
      list.reserve(s.value_count);
      for (std::uint32_t i = 0; i < s.value_count; ++i) list.push_back(values_[s.first_value + i].view());
      out.emplace_back(std::move(list));
    } else {
      for (std::uint32_t i = 0; i < s.value_count; ++i) out.emplace_back(values_[s.first_value + i].view());
    }
  }
}

}  // namespace forebay
