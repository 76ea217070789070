#include "sqlite_url.hpp"

#include <atomic>
#include <cstddef>
#include <string>
#include <string_view>

#include <forebay/error.hpp>

namespace forebay::soci {

namespace {

[[noreturn]] void refuse(const database_url& url, const std::string& why) {
  throw invalid_option({.message = "the URL \"" + url.safe_text() + "\" " + why,
                        .fix = "write sqlite:PATH, sqlite:PATH?mode=rw or sqlite::memory:"});
}

std::string unique_memory_name() {
  static std::atomic<unsigned> count{0};
  // The memdb file system lets several connections share one database, and waits for locks as a file does.
  return "file:/forebay-" + std::to_string(count.fetch_add(1)) + "?vfs=memdb";
}

}  // namespace

sqlite_place sqlite_place_of(const database_url& url) {
  const std::string_view rest = url.rest();
  const std::size_t question = rest.find('?');
  sqlite_place p{.name = std::string(rest.substr(0, question))};
  if (p.name.empty()) refuse(url, "names no file");
  if (p.name.find('"') != std::string::npos) refuse(url, "has a double quote in the file's name");
  if (question != std::string_view::npos) {
    const std::string_view option = rest.substr(question + 1);
    if (option != "mode=rw" && option != "mode=rwc") refuse(url, "has an unknown option after the question mark");
    p.must_exist = option == "mode=rw";
  }
  if (p.name == ":memory:") {
    if (question != std::string_view::npos) refuse(url, "has an option that means nothing in memory");
    p.in_memory = true;
    p.name = unique_memory_name();
  }
  return p;
}

}  // namespace forebay::soci
