// Database URLs, and what SQLite's driver makes of them: refused with invalid_option or taken, and never a password in
// a message.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include <forebay/db/url.hpp>
#include <forebay/error.hpp>

#include "soci/sqlite_url.hpp"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  try {
    const forebay::database_url url(text);
    require(std::string(url.scheme()) + ":" + std::string(url.rest()) == text);
    require(!url.rest().empty());
    (void)url.safe_text();
    const forebay::soci::sqlite_place place = forebay::soci::sqlite_place_of(url);
    require(!place.name.empty());
  } catch (const forebay::invalid_option&) {}
  // A password of our own in whatever surrounds it.
  try {
    const forebay::database_url url("postgresql://app:canary@" + text);
    require(url.safe_text().find("canary") == std::string::npos || text.find("canary") != std::string::npos);
    (void)forebay::soci::sqlite_place_of(url);
  } catch (const forebay::invalid_option& e) {
    require(std::string_view(e.what()).find("canary") == std::string_view::npos ||
            text.find("canary") != std::string::npos);
  }
  return 0;
}
