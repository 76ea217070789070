// Invalidation is bound to the commit: rule 2 of the protocol's first section, through the public API.
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <map>
#include <mutex>
#include <string>

#include <forebay/forebay.hpp>
#include <forebay/testing/fake_server.hpp>
#include <forebay/testing/manual_clock.hpp>

namespace app {
struct Item {
  std::int64_t id{};
  std::string text;
  std::int64_t version{};
};
FOREBAY_ENTITY(Item, (.table = "items", .version = &Item::version), id, text, version);
}  // namespace app

namespace forebay {
namespace {

using app::Item;
using testing::fake_rows;
using testing::fake_server;

std::atomic<int> computed{0};
std::string compute(context&, std::int64_t factor) { return std::to_string(factor * ++computed); }

// A database whose only row has the text that `committed` holds; a statement that writes changes nothing by itself.
class CommitBinding : public ::testing::Test {
 protected:
  CommitBinding() {
    computed = 0;
    server.answer([this](std::string_view text, const std::vector<owned_value>&) {
      const std::lock_guard guard(mutex);
      if (!text.starts_with("select")) return fake_rows{.changes = 1, .read_only = false};
      fake_rows found{.columns = {"id", "text", "version"}};
      found.rows.push_back(
          {owned_value(value::integer(1)), owned_value(value::text(committed)), owned_value(value::integer(1))});
      return found;
    });
  }

  void commit_text(const std::string& text) {
    const std::lock_guard guard(mutex);
    committed = text;
  }
  std::string read() {
    session s = db.session({.name = "reader"});
    return (*items.find(s, 1)).text;
  }
  source source_of_read() {
    session s = db.session({.name = "reader"});
    return items.find(s, 1).source();
  }

  std::mutex mutex;
  std::string committed = "old";
  testing::manual_clock clock;
  fake_server server{"commit_binding"};
  database db{{.shards = {{.primary = server.url()}},
               .cache = {.entities = {cache_for<Item>()}},
               .session_deadline = seconds(60),
               .time = &clock}};
  repository<Item> items{db};
};

TEST_F(CommitBinding, ARollbackLeavesTheCacheAlone) {
  read();
  {
    session s = db.session();
    transaction tx = db.begin(s);
    Item mine{1, "never", 1};
    items.update(tx, mine);
  }
  EXPECT_EQ(source_of_read(), source::memory);
  EXPECT_EQ(server.rollbacks(), 1u);
}

TEST_F(CommitBinding, AnExceptionInTransactRollsBack) {
  read();
  session s = db.session();
  EXPECT_THROW(db.transact(s,
                           [&](transaction& tx) {
                             Item mine{1, "never", 1};
                             items.update(tx, mine);
                             throw std::runtime_error("stop");
                           }),
               std::runtime_error);
  EXPECT_EQ(source_of_read(), source::memory);
  EXPECT_EQ(server.commits(), 0u);
}

TEST_F(CommitBinding, AReadBetweenTheWriteAndItsCommitIsGoneAfterTheCommit) {
  read();
  clock.stop_at("transaction: before commit");
  auto writer = std::async(std::launch::async, [&] {
    session s = db.session({.deadline = std::chrono::hours(2)});
    db.transact(s, [&](transaction& tx) {
      Item mine{1, "new", 1};
      items.update(tx, mine);
    });
  });
  clock.wait_until_stopped("transaction: before commit");
  clock.advance(std::chrono::hours(1));  // the entry from before has expired
  EXPECT_EQ(read(), "old");              // loaded and kept: the write is not committed
  clock.stop_at("transaction: committed");
  clock.resume("transaction: before commit");
  clock.wait_until_stopped("transaction: committed");
  commit_text("new");
  clock.resume("transaction: committed");
  writer.get();
  EXPECT_EQ(read(), "new");  // dropping before the commit only would have left "old"
}

TEST_F(CommitBinding, ALoadAcrossTheCommitIsNotKept) {
  clock.stop_at("flight: loaded");
  auto reader = std::async(std::launch::async, [&] { return read(); });
  clock.wait_until_stopped("flight: loaded");
  commit_text("new");
  {
    session s = db.session();
    Item mine{1, "new", 1};
    items.update(s, mine);  // by itself, without a transaction
  }
  clock.resume("flight: loaded");
  EXPECT_EQ(reader.get(), "old");
  EXPECT_EQ(read(), "new");
}

TEST_F(CommitBinding, AnUnknownCommitCountsAsACommit) {
  read();
  server.answer_commits(fake_server::commit_answer::lost);
  commit_text("new");  // it did happen
  session s = db.session();
  try {
    db.transact(s, [&](transaction& tx) {
      Item mine{1, "new", 1};
      items.update(tx, mine);
    });
    ADD_FAILURE() << "no error";
  } catch (const commit_unknown& e) {
    EXPECT_EQ(e.outcome(), outcome::unknown);
    EXPECT_FALSE(e.retryable());
  }
  EXPECT_EQ(read(), "new");
}

TEST_F(CommitBinding, ARefusedCommitRollsBackAndLeavesTheCacheAlone) {
  read();
  server.answer_commits(fake_server::commit_answer::refused);
  session s = db.session();
  transaction tx = db.begin(s);
  Item mine{1, "never", 1};
  items.update(tx, mine);
  EXPECT_THROW(tx.commit(), error);
  EXPECT_FALSE(tx.open());
  EXPECT_EQ(server.rollbacks(), 1u);
  EXPECT_EQ(source_of_read(), source::memory);
}

TEST_F(CommitBinding, ReadsInsideATransactionBypassTheCache) {
  read();
  commit_text("new");
  session s = db.session();
  transaction tx = db.begin(s);
  const auto inside = items.find(tx, 1);
  EXPECT_EQ(inside->text, "new");
  EXPECT_EQ(inside.source(), source::primary);
  EXPECT_EQ(read(), "old");  // and do not fill it
}

TEST_F(CommitBinding, ARawWriteMakesWhatItTouchedWorthlessAfterItsCommit) {
  read();
  session s = db.session();
  {
    transaction tx = db.begin(s);
    db.execute(tx, "update items set text = {}", "new");
    EXPECT_EQ(source_of_read(), source::memory);
    commit_text("new");
    tx.commit();
  }
  EXPECT_EQ(read(), "new");
}

TEST_F(CommitBinding, AFailedWriteThatMayHaveHappenedDropsWhatItTouched) {
  read();
  server.answer([this](std::string_view text, const std::vector<owned_value>&) -> fake_rows {
    if (!text.starts_with("select")) {
      throw_error(errc::connection_lost, {.message = "gone", .outcome = outcome::unknown});
    }
    const std::lock_guard guard(mutex);
    return {.columns = {"id", "text", "version"},
            .rows = {
                {owned_value(value::integer(1)), owned_value(value::text(committed)), owned_value(value::integer(2))}}};
  });
  commit_text("new");
  session s = db.session();
  Item mine{1, "new", 1};
  EXPECT_THROW(items.update(s, mine), error);
  EXPECT_EQ(read(), "new");
  EXPECT_EQ(mine.version, 1);
}

TEST_F(CommitBinding, ACachedValueLivesUntilATableThatItDependsOnIsWritten) {
  session s = db.session();
  const auto value = [&] {
    return *db.cached<std::string>(s, "product", {.ttl = seconds(60), .tags = {table<Item>}}, compute,
                                   std::int64_t{10});
  };
  EXPECT_EQ(value(), "10");
  EXPECT_EQ(value(), "10");
  Item mine{1, "new", 1};
  items.update(s, mine);
  EXPECT_EQ(value(), "20");
  clock.advance(seconds(60));
  session later = db.session();
  EXPECT_EQ(
      db.cached<std::string>(later, "product", {.ttl = seconds(60), .tags = {table<Item>}}, compute, std::int64_t{10})
          .source(),
      source::loader);
}

TEST_F(CommitBinding, ACachedValueComputedAcrossACommitIsWorthless) {
  session s = db.session();
  const auto value = [](database& on) {
    session mine = on.session();
    return *on.cached<std::string>(mine, "slow", {.ttl = seconds(60), .tags = {table<Item>}}, compute, std::int64_t{1});
  };
  clock.stop_at("flight: loaded");
  auto early = std::async(std::launch::async, [&] { return value(db); });
  clock.wait_until_stopped("flight: loaded");
  Item mine{1, "new", 1};
  items.update(s, mine);
  clock.resume("flight: loaded");
  EXPECT_EQ(early.get(), "1");
  EXPECT_EQ(value(db), "2");
}

TEST_F(CommitBinding, CachedValuesOfOtherArgumentsOrTypesAreOthers) {
  session s = db.session();
  const auto of = [&](std::int64_t factor) {
    return *db.cached<std::string>(s, "args", {.ttl = seconds(60)}, compute, factor);
  };
  EXPECT_EQ(of(1), "1");
  EXPECT_EQ(of(100), "200");
  EXPECT_EQ(of(1), "1");
  const auto number = db.cached<std::int64_t>(
      s, "args", {.ttl = seconds(60)}, [](context&, std::int64_t) { return std::int64_t{7}; }, std::int64_t{1});
  EXPECT_EQ(*number, 7);
}

}  // namespace
}  // namespace forebay
