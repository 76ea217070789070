#include <forebay/predicate.hpp>

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

namespace forebay {

condition::condition(int column, comparison how, std::vector<owned_value> values) : values_(std::move(values)) {
  steps_.push_back({combination::leaf, how, column, 0, static_cast<std::uint32_t>(values_.size())});
}

void condition::combine(condition&& other, combination how) {
  const auto shift = static_cast<std::uint32_t>(values_.size());
  for (step& s : other.steps_) s.first_value += shift;
  std::ranges::move(other.steps_, std::back_inserter(steps_));
  std::ranges::move(other.values_, std::back_inserter(values_));
  steps_.push_back({how, {}, 0, 0, 0});
}

void condition::negate() { steps_.push_back({combination::negation, {}, 0, 0, 0}); }

namespace {

std::string_view sign_of(comparison how) {
  switch (how) {
    case comparison::equal: return " = {}";
    case comparison::not_equal: return " <> {}";
    case comparison::less: return " < {}";
    case comparison::less_or_equal: return " <= {}";
    case comparison::greater: return " > {}";
    case comparison::greater_or_equal: return " >= {}";
    case comparison::like: return " like {}";
    case comparison::is_null: return " is null";
    case comparison::in: return " in ({})";
  }
  return {};
}

}  // namespace

std::string condition::text(const dialect& d, const row_shape& shape) const {
  std::vector<std::string> stack;
  for (const step& s : steps_) {
    if (s.what == combination::leaf) {
      stack.push_back(quote_identifier(d, shape.columns[static_cast<std::size_t>(s.column)].name) +
                      std::string(sign_of(s.how)));
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
    if (s.what != combination::leaf || s.how == comparison::is_null) continue;
    if (s.how == comparison::in) {
      std::vector<value> list;
      for (std::uint32_t i = 0; i < s.value_count; ++i) list.push_back(values_[s.first_value + i].view());
      out.emplace_back(std::move(list));
    } else {
      out.emplace_back(values_[s.first_value].view());
    }
  }
}

}  // namespace forebay
