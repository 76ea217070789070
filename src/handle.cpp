#include <forebay/handle.hpp>

#include <string>

#include <forebay/error.hpp>

namespace forebay::detail {

void throw_empty_handle(std::string_view type_name) {
  throw not_found(
      {.message = "an empty handle of " + std::string(type_name) + " was dereferenced: there was no such row",
       .fix = "test the handle first, or use value_or"});
}

}  // namespace forebay::detail
