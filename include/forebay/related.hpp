#pragma once

#include <algorithm>
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <forebay/entity/key_codec.hpp>
#include <forebay/handle.hpp>
#include <forebay/predicate.hpp>

namespace forebay {

namespace detail {

// Members that together are the key of a row elsewhere; nullopt where one of them is.
template <auto... Member>
struct foreign_key {
  using type = std::tuple<typename without_optional<typename member_pointer<decltype(Member)>::member>::type...>;
  template <class Row>
  static std::optional<type> of(const Row& row) {
    if (((value_of(row.*Member) == nullptr) || ...)) return std::nullopt;
    return type(*value_of(row.*Member)...);
  }

 private:
  template <class M>
  static const auto* value_of(const M& member) {
    return without_optional<M>::get(member);
  }
};
template <auto Member>
struct foreign_key<Member> {
  using type = typename without_optional<typename member_pointer<decltype(Member)>::member>::type;
  template <class Row>
  static std::optional<type> of(const Row& row) {
    return row.*Member;
  }
};

template <auto First, auto... More>
struct owner_of {
  using type = typename member_pointer<decltype(First)>::object;
  static constexpr bool same = (std::is_same_v<type, typename member_pointer<decltype(More)>::object> && ...);
};

}  // namespace detail

// What load_for found: the rows of Child that point to each parent. A parent without any has an empty span. A range of
// all these rows, so that it can be handed to load_for again. Immutable.
template <entity Parent, entity Child>
class children_of {
 public:
  std::span<const Child> operator[](const Parent& p) const& { return of_key(key_of(p)); }
  std::span<const Child> operator[](const handle<Parent>& p) const& { return of_key(key_of(*p)); }
  [[nodiscard]] std::span<const Child> of_key(const key_t<Parent>& key) const& {
    const auto found = by_parent_.find(key);
    if (found == by_parent_.end()) return {};
    return std::span<const Child>(rows_).subspan(found->second.first, found->second.count);
  }
  // Keep what load_for gives first: the spans view into it.
  void operator[](const Parent&) const&& = delete;
  void operator[](const handle<Parent>&) const&& = delete;
  void of_key(const key_t<Parent>&) const&& = delete;

  [[nodiscard]] const Child* begin() const noexcept { return rows_.data(); }
  [[nodiscard]] const Child* end() const noexcept { return rows_.data() + rows_.size(); }
  [[nodiscard]] std::size_t size() const noexcept { return rows_.size(); }

 private:
  template <entity U>
  friend class repository;
  struct part {
    std::size_t first;
    std::size_t count;
  };
  std::vector<Child> rows_;  // those of one parent side by side
  std::map<key_t<Parent>, part> by_parent_;
};

// What load_for found: the row of Parent that each given row points to. An empty handle where it points to none, or to
// one that is not there. A range of the parents, each once, so that it can be handed to load_for again. Immutable.
template <entity Child, entity Parent, auto... ForeignKey>
class parents_of {
 public:
  const handle<Parent>& operator[](const Child& c) const& {
    const std::optional<key_t<Parent>> key = detail::foreign_key<ForeignKey...>::of(c);
    return key ? of_key(*key) : none_;
  }
  const handle<Parent>& operator[](const handle<Child>& c) const& { return (*this)[*c]; }
  [[nodiscard]] const handle<Parent>& of_key(const key_t<Parent>& key) const& {
    const auto found = std::ranges::lower_bound(keys_, key);
    return found == keys_.end() || key < *found ? none_ : rows_[static_cast<std::size_t>(found - keys_.begin())];
  }
  // Keep what load_for gives first: what these give lives in it.
  void operator[](const Child&) const&& = delete;
  void operator[](const handle<Child>&) const&& = delete;
  void of_key(const key_t<Parent>&) const&& = delete;

  [[nodiscard]] const handle<Parent>* begin() const noexcept { return rows_.data(); }
  [[nodiscard]] const handle<Parent>* end() const noexcept { return rows_.data() + rows_.size(); }
  [[nodiscard]] std::size_t size() const noexcept { return rows_.size(); }

 private:
  template <entity U>
  friend class repository;
  std::vector<key_t<Parent>> keys_;  // in order
  std::vector<handle<Parent>> rows_;
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
