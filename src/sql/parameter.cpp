#include <forebay/sql/parameter.hpp>

#include <functional>

#include "process_key.hpp"

namespace forebay {

namespace {

std::uint64_t mix(std::uint64_t hash, std::uint64_t more) noexcept {
  // The finaliser of MurmurHash3 (Austin Appleby, public domain).
  hash ^= more;
  hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccdu;
  hash = (hash ^ (hash >> 33)) * 0xc4ceb9fe1a85ec53u;
  return hash ^ (hash >> 33);
}

std::uint64_t content_of(const value& v) noexcept {
  switch (v.kind()) {
    case value_kind::null: return 0;
    case value_kind::real: return std::hash<double>{}(v.as_real());
    case value_kind::text:
    case value_kind::bytes: return std::hash<std::string_view>{}(v.as_text());
    case value_kind::boolean:
    case value_kind::integer:
    case value_kind::timestamp: break;
  }
  return static_cast<std::uint64_t>(v.as_integer());
}

}  // namespace

std::uint64_t identity_of(std::span<const parameter> parameters) noexcept {
  std::uint64_t hash = process_key();
  for (const parameter& p : parameters) {
    hash = mix(hash, p.values().size());
    for (const value& v : p.values()) hash = mix(hash + static_cast<std::uint64_t>(v.kind()), content_of(v));
  }
  return hash;
}

}  // namespace forebay
