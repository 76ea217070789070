#include <forebay/testing/fake_server.hpp>

#include <map>
#include <mutex>
#include <string>
#include <utility>

#include <forebay/db/driver.hpp>

namespace forebay::testing {

struct fake_server::state {
  explicit state(std::string n) : name(std::move(n)) {}

  const std::string name;
  std::mutex mutex;
  answer_function answer = [](std::string_view, const std::vector<owned_value>&) { return fake_rows{}; };
  commit_answer commit_with = commit_answer::committed;
  std::size_t refusals = 0;
  std::uint64_t generation = 0;      // of the connections that are opened now
  std::uint64_t usable_from = 0;     // older ones are broken
  std::uint64_t answering_from = 0;  // older ones are broken, and may not know it
  std::uint64_t checks = 0;
  std::size_t connections = 0;
  std::uint64_t statements = 0;
  std::uint64_t commits = 0;
  std::uint64_t rollbacks = 0;
  std::uint64_t writes = 0;  // the position
};

namespace {

using state_ptr = std::shared_ptr<fake_server::state>;

struct server_table {
  std::mutex mutex;
  std::map<std::string, std::weak_ptr<fake_server::state>, std::less<>> by_name;
};

server_table& servers() {
  static server_table table;
  return table;
}

class fake_result final : public result {
 public:
  explicit fake_result(fake_rows what) : what_(std::move(what)) {}
  std::span<const value> next() override {
    if (row_ == what_.rows.size()) return {};
    cells_.clear();
    for (const owned_value& v : what_.rows[row_]) cells_.push_back(v.view());
    ++row_;
    return cells_;
  }
  [[nodiscard]] std::span<const std::string> columns() const override { return what_.columns; }
  [[nodiscard]] std::uint64_t changes() const override { return what_.changes; }
  [[nodiscard]] const write_effects& effects() const override { return what_.effects; }
  [[nodiscard]] bool read_only() const override { return what_.read_only; }
  void close() noexcept override {}

 private:
  fake_rows what_;
  std::size_t row_ = 0;
  std::vector<value> cells_;
};

class fake_connection final : public connection {
 public:
  fake_connection(state_ptr server, std::uint64_t generation)
      : connection("fake:" + server->name, sqlite_dialect), server_(std::move(server)), generation_(generation) {}
  ~fake_connection() override {
    const std::lock_guard guard(server_->mutex);
    --server_->connections;
  }

  [[nodiscard]] position asof() override { return upto(); }
  [[nodiscard]] position upto() override {
    const std::lock_guard guard(server_->mutex);
    return {1, server_->writes};
  }
  [[nodiscard]] bool usable() const noexcept override {
    const std::lock_guard guard(server_->mutex);
    return generation_ >= server_->usable_from;
  }

 private:
  result& do_run(const statement& what, deadline) override {
    std::vector<owned_value> bound;
    for (const parameter& p : what.parameters) {
      for (const value& v : p.values()) bound.emplace_back(v);
    }
    fake_server::answer_function answer;
    {
      const std::lock_guard guard(server_->mutex);
      ++server_->statements;
      if (what.intent == statement_intent::write) ++server_->writes;
      answer = server_->answer;
    }
    return *results_.emplace_back(std::make_unique<fake_result>(answer(what.text, bound)));
  }
  void do_begin(transaction_mode, isolation_level, deadline) override {}
  position do_commit(deadline) override {
    const std::lock_guard guard(server_->mutex);
    switch (server_->commit_with) {
      case fake_server::commit_answer::committed: break;
      case fake_server::commit_answer::refused:
        throw_error(errc::query_failed, {.message = "the fake refuses to commit"});
      case fake_server::commit_answer::lost:
        throw commit_unknown({.message = "the fake's answer to COMMIT is lost", .outcome = outcome::unknown});
    }
    ++server_->commits;
    return {1, ++server_->writes};
  }
  void do_savepoint(savepoint_step, deadline) override {}
  bool do_check(deadline) override {
    const std::lock_guard guard(server_->mutex);
    ++server_->checks;
    return generation_ >= server_->answering_from;
  }
  void do_rollback() noexcept override {
    const std::lock_guard guard(server_->mutex);
    ++server_->rollbacks;
  }

  state_ptr server_;
  std::uint64_t generation_;
  std::vector<std::unique_ptr<fake_result>> results_;  // until the connection goes: fakes are short-lived
};

class fake_driver final : public driver {
 public:
  explicit fake_driver(state_ptr server) : server_(std::move(server)), endpoint_("fake:" + server_->name) {}

  [[nodiscard]] std::unique_ptr<connection> connect(connection_role, deadline) override {
    std::uint64_t generation = 0;
    {
      const std::lock_guard guard(server_->mutex);
      if (server_->refusals > 0) {
        --server_->refusals;
        throw_error(errc::cannot_connect, {.message = "the fake refuses to be connected to", .endpoint = endpoint_});
      }
      ++server_->connections;
      generation = server_->generation;
    }
    return std::make_unique<fake_connection>(server_, generation);
  }
  [[nodiscard]] const dialect& sql_dialect() const noexcept override { return sqlite_dialect; }
  [[nodiscard]] std::size_t max_connections(connection_role) const noexcept override { return SIZE_MAX; }
  [[nodiscard]] std::string_view endpoint() const noexcept override { return endpoint_; }

 private:
  state_ptr server_;
  std::string endpoint_;
};

std::unique_ptr<driver> make_fake_driver(const database_url& url, runtime&) {
  const std::lock_guard guard(servers().mutex);
  const auto found = servers().by_name.find(url.rest());
  const state_ptr server = found == servers().by_name.end() ? nullptr : found->second.lock();
  if (server == nullptr) {
    throw_error(errc::cannot_connect, {.message = "there is no fake_server of the name " + std::string(url.rest())});
  }
  return std::make_unique<fake_driver>(server);
}

}  // namespace

fake_server::fake_server(std::string name) : state_(std::make_shared<state>(std::move(name))) {
  static const driver_registration registration("fake", &make_fake_driver);
  const std::lock_guard guard(servers().mutex);
  servers().by_name.insert_or_assign(state_->name, state_);
}

fake_server::~fake_server() {
  const std::lock_guard guard(servers().mutex);
  const auto known = servers().by_name.find(state_->name);
  if (known != servers().by_name.end() && known->second.lock() == state_) servers().by_name.erase(known);
}

std::string fake_server::url() const { return "fake:" + state_->name; }

void fake_server::answer(answer_function with) {
  const std::lock_guard guard(state_->mutex);
  state_->answer = std::move(with);
}

void fake_server::answer_commits(commit_answer with) {
  const std::lock_guard guard(state_->mutex);
  state_->commit_with = with;
}

void fake_server::refuse_connections(std::size_t times) {
  const std::lock_guard guard(state_->mutex);
  state_->refusals = times;
}

void fake_server::break_connections() {
  const std::lock_guard guard(state_->mutex);
  state_->usable_from = state_->answering_from = ++state_->generation;
}

void fake_server::break_connections_unnoticed() {
  const std::lock_guard guard(state_->mutex);
  state_->answering_from = ++state_->generation;
}

std::size_t fake_server::connections() const {
  const std::lock_guard guard(state_->mutex);
  return state_->connections;
}
std::uint64_t fake_server::statements() const {
  const std::lock_guard guard(state_->mutex);
  return state_->statements;
}
std::uint64_t fake_server::checks() const {
  const std::lock_guard guard(state_->mutex);
  return state_->checks;
}
std::uint64_t fake_server::commits() const {
  const std::lock_guard guard(state_->mutex);
  return state_->commits;
}
std::uint64_t fake_server::rollbacks() const {
  const std::lock_guard guard(state_->mutex);
  return state_->rollbacks;
}

}  // namespace forebay::testing
