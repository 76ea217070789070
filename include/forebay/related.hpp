#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include <forebay/entity/key_codec.hpp>
#include <forebay/handle.hpp>
#include <forebay/predicate.hpp>

namespace forebay {

// What load_for found: the rows of Child that point to each parent. A parent without any has an empty span. Immutable.
template <entity Parent, entity Child>
class children_of {
 public:
  std::span<const Child> operator[](const Parent& p) const& { return of_key(key_of(p)); }
  std::span<const Child> operator[](const handle<Parent>& p) const& { return of_key(key_of(*p)); }
  [[nodiscard]] std::span<const Child> of_key(const key_t<Parent>& key) const& {
    const auto found = by_parent_.find(key);
    return found == by_parent_.end() ? std::span<const Child>() : std::span<const Child>(found->second);
  }
  // Keep what load_for gives first: the spans view into it.
  void operator[](const Parent&) const&& = delete;
  void operator[](const handle<Parent>&) const&& = delete;
  void of_key(const key_t<Parent>&) const&& = delete;

 private:
  template <entity U>
  friend class repository;
  std::map<key_t<Parent>, std::vector<Child>> by_parent_;
};

// What load_for found: the row of Parent that each given row points to. An empty handle where it points to none, or to
// one that is not there. Immutable.
template <entity Child, entity Parent, auto ForeignKey>
class parents_of {
 public:
  const handle<Parent>& operator[](const Child& c) const& {
    const auto* key = detail::without_optional<std::remove_cvref_t<decltype(c.*ForeignKey)>>::get(c.*ForeignKey);
    const auto found = key == nullptr ? by_key_.end() : by_key_.find(*key);
    return found == by_key_.end() ? none_ : found->second;
  }
  const handle<Parent>& operator[](const handle<Child>& c) const& { return (*this)[*c]; }
  // Keep what load_for gives first: what these give lives in it.
  void operator[](const Child&) const&& = delete;
  void operator[](const handle<Child>&) const&& = delete;

 private:
  template <entity U>
  friend class repository;
  std::map<key_t<Parent>, handle<Parent>> by_key_;
  handle<Parent> none_;
};

namespace detail {

// The rows in a batch, whatever holds them: null for an empty handle or optional.
template <class Element>
struct batch_element {
  using type = Element;
  static const Element* get(const Element& e) noexcept { return &e; }
};
template <class T>
struct batch_element<handle<T>> {
  using type = T;
  static const T* get(const handle<T>& h) { return h ? &*h : nullptr; }
};
template <class T>
struct batch_element<std::optional<T>> {
  using type = T;
  static const T* get(const std::optional<T>& o) noexcept { return o ? &*o : nullptr; }
};

}  // namespace detail

}  // namespace forebay
