#include <forebay/cache/lookup.hpp>

namespace forebay {

std::string_view to_string(source from) noexcept {
  switch (from) {
    case source::memory: return "memory";
    case source::primary: return "primary";
    case source::loader: return "loader";
  }
  return "unknown";
}

}  // namespace forebay
