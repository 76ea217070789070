#include <forebay/handle.hpp>

#include <forebay/error.hpp>

namespace forebay::detail {

void throw_empty_handle() {
  throw not_found({.message = "an empty handle was dereferenced: there was no such row",
                   .fix = "test the handle first, or use value_or"});
}

}  // namespace forebay::detail
