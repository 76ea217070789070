#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <forebay/db/connection.hpp>
#include <forebay/error.hpp>
#include <forebay/export.hpp>
#include <forebay/predicate.hpp>
#include <forebay/value.hpp>

namespace forebay::testing {

// What a fake server answers a statement with.
struct fake_rows {
  std::vector<std::string> columns{};
  std::vector<std::vector<owned_value>> rows{};
  std::uint64_t changes = 0;
  bool read_only = true;
  write_effects effects{.known = true};
};

// A database that is a function: for unit tests of what lies above drivers, and of its failures. While it lives, the
// scheme "fake" with its name leads to it:
//
//   fake_server server("shop");
//   server.answer([](std::string_view text, const auto& bound) { return fake_rows{...}; });
//   database db{{.shards = {{.primary = server.url()}}}};
//
// Thread-safe. The answer is called on the thread of the call, and may throw forebay::error.
class FOREBAY_API fake_server {
 public:
  using answer_function = std::function<fake_rows(std::string_view text, const std::vector<owned_value>& bound)>;
  enum class commit_answer : std::uint8_t { committed, refused, lost };

  explicit fake_server(std::string name);
  ~fake_server();
  fake_server(const fake_server&) = delete;
  fake_server& operator=(const fake_server&) = delete;

  [[nodiscard]] std::string url() const;
  void answer(answer_function with);
  // For every COMMIT from now on: refused throws query_failed, lost throws commit_unknown.
  void answer_commits(commit_answer with);
  // The next so many attempts to connect throw cannot_connect.
  void refuse_connections(std::size_t times);
  // Connections that are open now say that they are not usable any more.
  void break_connections();
  // Connections that are open now still say that they are usable, but a check of them fails.
  void break_connections_unnoticed();

  [[nodiscard]] std::size_t connections() const;   // open now
  [[nodiscard]] std::uint64_t statements() const;  // run since the start
  [[nodiscard]] std::uint64_t checks() const;      // connection::check
  [[nodiscard]] std::uint64_t commits() const;
  [[nodiscard]] std::uint64_t rollbacks() const;

  struct state;

 private:
  std::shared_ptr<state> state_;
};

}  // namespace forebay::testing
