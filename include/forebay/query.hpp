#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include <forebay/call_site.hpp>
#include <forebay/context.hpp>
#include <forebay/database.hpp>
#include <forebay/entity/entity.hpp>
#include <forebay/predicate.hpp>
#include <forebay/repository_base.hpp>

namespace forebay {

namespace detail {

// What a query asks for, without its entity's type.
struct query_text {
  std::vector<condition> where;  // all of them hold
  std::vector<ordering> order;
  std::optional<std::uint64_t> limit;
};

}  // namespace detail

// Rows of one entity by conditions. Built step by step, run by all() or first(); neither reads nor fills the cache. One
// thread at a time; used within the session that it was made for.
template <entity T>
class query {
 public:
  query& where(predicate<T> p) & { return text_.where.push_back(std::move(p)), *this; }
  query& order_by(order<T> o) & { return text_.order.push_back(o), *this; }
  // At most so many rows.
  query& limit(std::uint64_t n) & { return text_.limit = n, *this; }
  query&& where(predicate<T> p) && { return std::move(where(std::move(p))); }
  query&& order_by(order<T> o) && { return std::move(order_by(o)); }
  query&& limit(std::uint64_t n) && { return std::move(limit(n)); }

  [[nodiscard]] std::vector<T> all() const { return run(text_); }
  // The first row, if there is one; asks for no more.
  [[nodiscard]] std::optional<T> first() const {
    detail::query_text one = text_;
    one.limit = std::min<std::uint64_t>(one.limit.value_or(1), 1);
    std::vector<T> rows = run(one);
    if (rows.empty()) return std::nullopt;
    return std::move(rows.front());
  }

 private:
  template <entity U>
  friend class repository;
  [[nodiscard]] std::vector<T> run(const detail::query_text& text) const {
    detail::collector<T> rows;
    runner_.run(*in_, text, rows, where_);
    return std::move(rows.collected);
  }

  query(const repository_base& runner, context& in, call_site where) : runner_(runner), in_(&in), where_(where) {}

  repository_base runner_;  // a copy: the repository may be a temporary
  context* in_;
  call_site where_;
  detail::query_text text_;
};

}  // namespace forebay
