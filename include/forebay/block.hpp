#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <new>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <forebay/clock.hpp>
#include <forebay/export.hpp>
#include <forebay/position.hpp>

namespace forebay {

// A payload's operations without its type: one constant a type; its address identifies the type within the process.
struct payload_type {
  std::size_t size;
  void (*construct)(void* at);  // value-initialises
  void (*destroy)(void* at) noexcept;
  std::size_t (*heap_bytes)(const void* payload) noexcept;  // owned beyond size
};

// Memory that a payload owns beyond sizeof(T), for the cache's bound in bytes. Known for rows, for trivially copyable
// types, and for texts, optionals, vectors and maps of what is known; specialise it for a type of your own.
template <class T>
struct payload_traits {
  static std::size_t heap_bytes(const T&) noexcept {
    static_assert(std::is_trivially_copyable_v<T>,
                  "forebay: the cache cannot tell how much memory this type owns; specialise forebay::payload_traits");
    return 0;
  }
};

template <>
struct payload_traits<std::string> {
  static std::size_t heap_bytes(const std::string& s) noexcept {
    return s.capacity() > std::string().capacity() ? s.capacity() + 1 : 0;
  }
};

template <class T>
struct payload_traits<std::optional<T>> {
  static std::size_t heap_bytes(const std::optional<T>& o) noexcept {
    return o ? payload_traits<T>::heap_bytes(*o) : 0;
  }
};

template <class T>
struct payload_traits<std::vector<T>> {
  static std::size_t heap_bytes(const std::vector<T>& v) noexcept {
    std::size_t sum = v.capacity() * sizeof(T);
    for (const T& element : v) sum += payload_traits<T>::heap_bytes(element);
    return sum;
  }
};

template <class K, class V>
struct payload_traits<std::map<K, V>> {
  static std::size_t heap_bytes(const std::map<K, V>& m) noexcept {
    constexpr std::size_t node_links = 4 * sizeof(void*);
    std::size_t sum = m.size() * (sizeof(std::pair<const K, V>) + node_links);
    for (const auto& [key, mapped] : m) {
      sum += payload_traits<K>::heap_bytes(key) + payload_traits<V>::heap_bytes(mapped);
    }
    return sum;
  }
};

class block_ptr;

namespace detail {

inline constexpr std::size_t payload_alignment = 16;

template <class T>
consteval std::size_t checked_size() {
  static_assert(alignof(T) <= payload_alignment, "forebay: rows and cached values are aligned to at most 16 bytes");
  return sizeof(T);
}

template <class T>
inline constexpr payload_type payload_type_of{checked_size<T>(), [](void* at) { ::new (at) T(); },
                                              [](void* at) noexcept { static_cast<T*>(at)->~T(); },
                                              [](const void* payload) noexcept -> std::size_t {
                                                return payload_traits<T>::heap_bytes(*static_cast<const T*>(payload));
                                              }};

}  // namespace detail

class block_ptr;

// One loaded value with its count, in one allocation: what the cache keeps and what a handle shares. The payload
// follows the header; a block without one says "there is no such row". Immutable once shared.
class alignas(detail::payload_alignment) block {
 public:
  // A block with a value-initialised payload, to be filled before it is shared.
  FOREBAY_API static block_ptr make(const payload_type& type);
  // A block without payload.
  FOREBAY_API static block_ptr make_absent();
  template <class T>
  static block_ptr make(T payload);

  block(const block&) = delete;
  block& operator=(const block&) = delete;

  [[nodiscard]] bool absent() const noexcept { return type_ == nullptr; }
  [[nodiscard]] const payload_type* type() const noexcept { return type_; }
  [[nodiscard]] void* payload() noexcept { return this + 1; }
  [[nodiscard]] const void* payload() const noexcept { return this + 1; }
  // Header, payload and what the payload owns on the heap.
  [[nodiscard]] FOREBAY_API std::size_t bytes() const noexcept;

  forebay::freshness freshness{};
  time_point loaded_at{};  // when the look-up that loaded it began

 private:
  friend class block_ptr;
  block() = default;
  ~block() = default;
  static void* allocate(std::size_t payload_size);
  FOREBAY_API static void release(block* b) noexcept;

  const payload_type* type_ = nullptr;
  std::atomic<std::uint32_t> references_{1};
};

// Shared ownership of a block; the size of a pointer. As thread-safe as std::shared_ptr.
class block_ptr {
 public:
  block_ptr() noexcept = default;
  block_ptr(const block_ptr& other) noexcept : block_(other.block_) {
    if (block_ != nullptr) block_->references_.fetch_add(1, std::memory_order_relaxed);
  }
  block_ptr(block_ptr&& other) noexcept : block_(std::exchange(other.block_, nullptr)) {}
  block_ptr& operator=(block_ptr other) noexcept {
    std::swap(block_, other.block_);
    return *this;
  }
  ~block_ptr() {
    if (block_ != nullptr && block_->references_.fetch_sub(1, std::memory_order_acq_rel) == 1) block::release(block_);
  }

  explicit operator bool() const noexcept { return block_ != nullptr; }
  block& operator*() const noexcept { return *block_; }
  block* operator->() const noexcept { return block_; }
  [[nodiscard]] block* get() const noexcept { return block_; }

 private:
  friend class block;
  explicit block_ptr(block* adopted) noexcept : block_(adopted) {}
  block* block_ = nullptr;
};

template <class T>
block_ptr block::make(T payload) {
  block* b = ::new (allocate(sizeof(T))) block();
  block_ptr owner(b);
  ::new (b->payload()) T(std::move(payload));
  b->type_ = &detail::payload_type_of<T>;
  return owner;
}

}  // namespace forebay
