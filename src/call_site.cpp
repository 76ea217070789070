#include <forebay/call_site.hpp>

namespace forebay {

std::string to_string(const call_site& where) {
  if (where.line == 0) return "unknown";
  return std::string(where.file) + ":" + std::to_string(where.line);
}

}  // namespace forebay
