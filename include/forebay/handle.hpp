#pragma once

#include <string_view>
#include <utility>

#include <forebay/block.hpp>
#include <forebay/cache/lookup.hpp>
#include <forebay/entity/entity.hpp>
#include <forebay/export.hpp>

namespace forebay {

namespace detail {
[[noreturn]] FOREBAY_API void throw_empty_handle(std::string_view type_name);
}

// What a read found: like an optional, but it shares the immutable value with the cache instead of copying it, and
// tells where it came from. Copying one costs an atomic increment. A copy may be used on another thread.
template <class T>
class handle {
 public:
  using value_type = T;

  handle() noexcept = default;
  explicit handle(lookup found) noexcept : block_(std::move(found.block)), source_(found.from), age_(found.age) {
    if (block_ && block_->absent()) block_ = block_ptr();
  }

  [[nodiscard]] bool has_value() const noexcept { return static_cast<bool>(block_); }
  explicit operator bool() const noexcept { return has_value(); }

  // Each throws not_found on an empty handle.
  const T& operator*() const& { return get(); }
  T operator*() const&& { return get(); }  // a temporary hands out a copy, so that `auto u = *users.find(...)` is safe
  const T* operator->() const& { return &get(); }
  const T* operator->() const&& = delete;  // keep the handle first: auto u = users.find(...); u->name
  [[nodiscard]] const T& value() const& { return get(); }
  [[nodiscard]] T value() const&& { return get(); }
  [[nodiscard]] T value_or(T other) const { return has_value() ? get() : std::move(other); }

  [[nodiscard]] forebay::source source() const noexcept { return source_; }
  // Since the look-up that loaded it began, at the time this handle was made.
  [[nodiscard]] milliseconds age() const noexcept { return age_; }

 private:
  const T& get() const {
    if (!block_) [[unlikely]]
      throw_empty();
    return *static_cast<const T*>(block_->payload());
  }

  [[noreturn]] static void throw_empty() {
    if constexpr (row_type<T>) {
      detail::throw_empty_handle(shape_of<T>.type_name);
    } else {
      detail::throw_empty_handle("value");
    }
  }

  block_ptr block_;
  forebay::source source_ = source::primary;
  milliseconds age_{};
};

}  // namespace forebay
