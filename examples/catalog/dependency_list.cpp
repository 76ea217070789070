#include "dependency_list.hpp"

#include "trimmed.hpp"

namespace catalog {

namespace {

constexpr std::string_view name_characters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-._";

[[noreturn]] void refuse(int requirement, const std::string& why) {
  throw malformed_dependency("requirement " + std::to_string(requirement) + " of Depends " + why);
}

// Removes and gives what stands before the separator; the separator goes too.
std::string_view take_until(std::string_view& rest, char separator) {
  const std::size_t end = rest.find(separator);
  const std::string_view part = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  return part;
}

std::string_view take_name(std::string_view& rest) {
  const std::string_view name = rest.substr(0, rest.find_first_not_of(name_characters));
  rest.remove_prefix(name.size());
  return name;
}

std::optional<std::string> read_constraint(std::string_view text, int requirement) {
  if (text.empty()) return std::nullopt;
  if (!text.starts_with('(')) refuse(requirement, "has text after the package's name");
  if (text.find(')') != text.size() - 1) refuse(requirement, "has a parenthesis that does not close");
  const std::string_view constraint = trimmed(text.substr(1, text.size() - 2));
  if (constraint.empty()) refuse(requirement, "has nothing in its parentheses");
  return std::string(constraint);
}

required_package read_package(std::string_view text, int requirement, int alternative) {
  const std::string_view name = take_name(text);
  if (name.empty()) refuse(requirement, "names no package");
  if (text.starts_with(':')) {
    text.remove_prefix(1);
    take_name(text);
  }
  return {requirement, alternative, std::string(name), read_constraint(trimmed(text), requirement)};
}

}  // namespace

bool is_package_name(std::string_view text) noexcept {
  return !text.empty() && text.find_first_not_of(name_characters) == std::string_view::npos;
}

std::vector<required_package> parse_dependencies(std::string_view field) {
  std::vector<required_package> found;
  for (int requirement = 1; !trimmed(field).empty(); ++requirement) {  // a comma at the end is allowed
    std::string_view choices = take_until(field, ',');
    if (trimmed(choices).ends_with('|')) refuse(requirement, "names no package");
    int alternative = 0;
    do {
      found.push_back(read_package(trimmed(take_until(choices, '|')), requirement, ++alternative));
    } while (!choices.empty());
  }
  return found;
}

}  // namespace catalog
