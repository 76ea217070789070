#include "sqlite_url.hpp"

#include <atomic>
#include <charconv>
#include <filesystem>
#include <string_view>
#include <system_error>

#include <forebay/error.hpp>

namespace forebay::soci {

namespace {

[[noreturn]] void refuse(const database_url& url, const std::string& why) {
  throw invalid_option({.message = "the URL \"" + url.safe_text() + "\" " + why,
                        .fix = "write sqlite:PATH, sqlite:PATH?mode=rw, mode=ro, statements=256, watch=100 joined by "
                               "&, or sqlite::memory:"});
}

std::string unique_memory_name() {
  static std::atomic<unsigned> count{0};
  // The memdb file system lets several connections share one database, and waits for locks as a file does.
  return "file:/forebay-" + std::to_string(count.fetch_add(1)) + "?vfs=memdb";
}

// Connections are opened later, perhaps after the process has gone to another folder, as services do at their start.
std::string absolute(const std::string& path) {
  std::error_code unknown;  // then the folder is gone, and SQLite says so
  const std::filesystem::path whole = std::filesystem::absolute(path, unknown);
  return unknown ? path : whole.string();
}

// SOCI has no way to open a file to read only; a URI has.
std::string read_only_uri(std::string_view path) {
  std::string uri = "file:";
  for (const char c : path) {
    if (c == '%' || c == '#' || c == '?') {
      constexpr std::string_view digits = "0123456789abcdef";
      uri += {'%', digits[static_cast<unsigned char>(c) >> 4], digits[static_cast<unsigned char>(c) & 15]};
    } else {
      uri += c;
    }
  }
  return uri + "?mode=ro";
}

std::size_t number(const database_url& url, std::string_view name, std::string_view text, std::size_t least,
                   std::size_t most) {
  std::size_t value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed == std::errc() && end == text.data() + text.size() && value >= least && value <= most) return value;
  refuse(url, "has an option " + std::string(name) + " that is no number from " + std::to_string(least) + " to " +
                  std::to_string(most));
}

void read_option(const database_url& url, std::string_view option, sqlite_place& p) {
  const std::size_t equals = option.find('=');
  const std::string_view name = option.substr(0, equals);
  const std::string_view value = equals == std::string_view::npos ? std::string_view() : option.substr(equals + 1);
  if (name == "mode" && !p.in_memory) {
    if (value == "rwc") return;
    if (value != "rw" && value != "ro") refuse(url, "has a mode that is none of rwc, rw and ro");
    p.access = value == "rw" ? sqlite_access::read_write : sqlite_access::read_only;
  } else if (name == "statements") {
    p.statements = number(url, name, value, 1, 10'000);
  } else if (name == "watch" && !p.in_memory) {
    p.watch = milliseconds(number(url, name, value, 0, 3'600'000));
  } else {
    refuse(url, p.in_memory ? "has an option that means nothing in memory"
                            : "has an unknown option after the question mark");
  }
}

}  // namespace

sqlite_place sqlite_place_of(const database_url& url) {
  const std::string_view rest = url.rest();
  const std::size_t question = rest.find('?');
  sqlite_place p{.path = std::string(rest.substr(0, question))};
  if (p.path.empty()) refuse(url, "names no file");
  if (p.path == ":memory:") {
    p.in_memory = true;
    p.path.clear();
    p.watch = milliseconds(0);
  } else {
    p.path = absolute(p.path);
  }
  if (p.path.find('"') != std::string::npos) refuse(url, "has a double quote in the path of its file");
  std::string_view options = question == std::string_view::npos ? std::string_view() : rest.substr(question);
  while (!options.empty()) {
    options.remove_prefix(1);  // the question mark, or the &
    const std::string_view option = options.substr(0, options.find('&'));
    read_option(url, option, p);
    options.remove_prefix(option.size());
  }
  p.name = p.in_memory ? unique_memory_name() : p.access == sqlite_access::read_only ? read_only_uri(p.path) : p.path;
  return p;
}

}  // namespace forebay::soci
