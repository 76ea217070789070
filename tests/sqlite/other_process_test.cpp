#include "sqlite/shop.hpp"

#include <future>

#include <spawn.h>
#include <sys/wait.h>

#include <forebay/testing/manual_clock.hpp>

extern char** environ;  // NOLINT(readability-redundant-declaration): POSIX has it in no header

using namespace shop;
using forebay::source;

namespace {

forebay::database_options options_with(forebay::runtime& time, const std::string& url) {
  forebay::database_options o = options_for(url);
  o.session_deadline = std::chrono::hours(1);
  o.time = &time;
  for (forebay::cached_entity& e : o.cache.entities) e.policy.memory_ttl = std::chrono::minutes(10);
  return o;
}

// Another process that writes to the same file, in a time that stands still.
class OtherProcess : public testing::Test {
 protected:
  void SetUp() override { start("?watch=100"); }
  void start(const std::string& url_options) {
    shop.emplace(options_with(clock, folder.url("shop.db") + url_options));
    shop->users.insert_many(shop->s, std::vector{ann(), bob()});
  }

  // Spawned, because a fork would inherit SQLite's open files.
  void other(const std::string& sql) {
    std::string program = OTHER_PROCESS;
    std::string file = folder.file("shop.db");
    std::string text = sql;
    char* const arguments[] = {program.data(), file.data(), text.data(), nullptr};
    pid_t child = 0;
    ASSERT_EQ(::posix_spawn(&child, program.c_str(), nullptr, nullptr, arguments, environ), 0);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_EQ(status, 0);
  }

  std::optional<std::string> name_of(std::int64_t id) { return shop->users.find(shop->s, id).value().name; }
  source source_of(std::int64_t id) { return shop->users.find(shop->s, id).source(); }

  temporary_folder folder;
  forebay::testing::manual_clock clock;
  std::optional<shop_database> shop;
};

TEST_F(OtherProcess, ItsCommitsAreNoticedWhenTheTimeHasCome) {
  EXPECT_EQ(name_of(1), "Ann");
  other("update users set name = 'Theirs' where id = 1");
  EXPECT_EQ(name_of(1), "Ann");
  EXPECT_EQ(source_of(1), source::memory) << "within the time";
  clock.advance(100ms);
  EXPECT_EQ(name_of(1), "Theirs");
  EXPECT_EQ(source_of(1), source::memory);
  other("update users set name = 'Again' where id = 1");
  clock.advance(100ms);
  EXPECT_EQ(name_of(1), "Again");
}

TEST_F(OtherProcess, CachedValuesAndAbsenceFollowToo) {
  const auto count = [](forebay::context& in) {
    return in.database().scalar<std::int64_t>(in, "select count(*) from users");
  };
  const auto ask = [&] { return *shop->db.cached<std::int64_t>(shop->s, "count", {.ttl = 10min}, count); };
  EXPECT_EQ(ask(), 2);
  EXPECT_FALSE(shop->users.find(shop->s, 3));
  other("insert into users values(3, 'c', null, 1)");
  clock.advance(100ms);
  EXPECT_EQ(ask(), 3);
  EXPECT_TRUE(shop->users.find(shop->s, 3));
}

TEST_F(OtherProcess, OwnCommitsDoNotEmptyTheCache) {
  (void)name_of(1);
  for (std::int64_t id = 10; id < 13; ++id) {
    shop->users.insert(shop->s, {.id = id, .email = std::to_string(id), .name = {}, .version = 1});
    clock.advance(100ms);
    EXPECT_EQ(source_of(1), source::memory);
  }
}

TEST_F(OtherProcess, AWriteOfOursNoticesBeforeItBegins) {
  (void)name_of(1);
  other("update users set name = 'Theirs' where id = 1");
  clock.advance(100ms);
  shop->users.remove(shop->s, 2);
  EXPECT_EQ(source_of(1), source::primary);
  EXPECT_EQ(name_of(1), "Theirs");
}

TEST_F(OtherProcess, AHitDoesNotWaitForATransactionOfOurs) {
  (void)name_of(1);
  forebay::transaction tx = shop->db.begin(shop->s);
  clock.advance(1s);
  EXPECT_EQ(shop->users.find(shop->s.outside(tx), 1).source(), source::memory);
  tx.rollback();
  other("update users set name = 'Theirs' where id = 1");
  clock.advance(100ms);
  EXPECT_EQ(name_of(1), "Theirs");
}

TEST_F(OtherProcess, ALoadFromBeforeItsCommitIsNotKept) {
  (void)name_of(2);
  clock.stop_at("flight: loaded", 1);
  auto reader = std::async(std::launch::async, [&] {
    forebay::session s = shop->db.session();
    return shop->users.find(s, 1).value().name;
  });
  clock.wait_until_stopped("flight: loaded");
  other("update users set name = 'Theirs' where id = 1");
  clock.advance(100ms);
  (void)name_of(2);  // notices
  clock.resume("flight: loaded");
  EXPECT_EQ(reader.get(), "Ann") << "it began before";
  EXPECT_EQ(name_of(1), "Theirs");
}

TEST_F(OtherProcess, IsNotAskedAboutWhenTheUrlSaysSo) {
  shop.reset();
  std::filesystem::remove(folder.file("shop.db"));
  start("?watch=0");
  (void)name_of(1);
  other("update users set name = 'Theirs' where id = 1");
  clock.advance(1min);
  EXPECT_EQ(name_of(1), "Ann");
  clock.advance(10min);
  EXPECT_EQ(name_of(1), "Theirs") << "memory_ttl is the bound that is left";
}

}  // namespace
