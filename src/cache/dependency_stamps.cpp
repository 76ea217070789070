#include "cache/dependency_stamps.hpp"

#include <algorithm>

namespace forebay {

namespace {

std::string_view without_schema(std::string_view table) noexcept {
  const std::size_t dot = table.rfind('.');
  return dot == std::string_view::npos ? table : table.substr(dot + 1);
}

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

std::size_t dependency_stamps::slot_of(std::string_view table) noexcept {
  std::uint64_t hash = 0xcbf29ce484222325u;  // FNV-1a
  for (const char c : without_schema(table)) hash = (hash ^ static_cast<unsigned char>(lower(c))) * 0x100000001b3u;
  return hash % slot_count;
}

bool dependency_stamps::same_table(std::string_view a, std::string_view b) noexcept {
  return std::ranges::equal(without_schema(a), without_schema(b), {}, lower, lower);
}

}  // namespace forebay
