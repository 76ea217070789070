#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include <forebay/database.hpp>
#include <forebay/error.hpp>
#include <forebay/options.hpp>

using namespace std::chrono_literals;
using namespace forebay::literals;
using forebay::database_options;

namespace {

struct User {
  std::int64_t id{};
};
FOREBAY_ENTITY(User, "users", id);

// Opens nothing: options are looked at before anything is opened.
class no_server final : public forebay::driver {
 public:
  [[nodiscard]] std::unique_ptr<forebay::connection> connect(forebay::connection_role, forebay::deadline) override {
    forebay::throw_error(forebay::errc::cannot_connect, {.message = "there is no server"});
  }
  [[nodiscard]] const forebay::dialect& sql_dialect() const noexcept override { return forebay::sqlite_dialect; }
  [[nodiscard]] std::size_t max_connections(forebay::connection_role) const noexcept override { return SIZE_MAX; }
  [[nodiscard]] std::string_view endpoint() const noexcept override { return "none:"; }
};

const forebay::driver_registration registration("none",
                                                [](const forebay::database_url&,
                                                   forebay::runtime&) -> std::unique_ptr<forebay::driver> {
                                                  return std::make_unique<no_server>();
                                                });

database_options good() { return {.shards = {{.primary = "none:x"}}}; }

// What the database says to these options; empty when it takes them.
template <class Change>
std::string refusal(Change change) {
  database_options o = good();
  change(o);
  try {
    const forebay::database made(std::move(o));
  } catch (const forebay::invalid_option& e) {
    return e.what();
  }
  return {};
}

void expect_refused(const std::string& what, const std::string& member, const std::string& range) {
  EXPECT_NE(what.find(member), std::string::npos) << "names " << member << ": " << what;
  EXPECT_NE(what.find(range), std::string::npos) << "tells the range " << range << ": " << what;
}

TEST(Options, TheDefaultsAreTaken) {
  EXPECT_EQ(refusal([](database_options&) {}), "");
}

TEST(Options, ThereIsExactlyOneShard) {
  expect_refused(refusal([](auto& o) { o.shards.clear(); }), "database_options::shards", "exactly one");
  expect_refused(refusal([](auto& o) { o.shards.push_back(o.shards[0]); }), "database_options::shards", "exactly one");
}

TEST(Options, TheSessionsDeadline) {
  const auto with = [](forebay::milliseconds d) { return refusal([d](auto& o) { o.session_deadline = d; }); };
  EXPECT_EQ(with(1ms), "");
  EXPECT_EQ(with(24h), "");
  for (const forebay::milliseconds bad :
       {forebay::milliseconds(0), forebay::milliseconds(-1), forebay::milliseconds(24h) + 1ms,
        forebay::milliseconds::max(), forebay::milliseconds::min()}) {
    expect_refused(with(bad), "database_options::session_deadline", "1 ms to 1 day");
  }
}

TEST(Options, TheCachesMemory) {
  const auto with = [](std::size_t bytes) { return refusal([bytes](auto& o) { o.cache.memory = bytes; }); };
  EXPECT_EQ(with(64_KiB), "");
  EXPECT_EQ(with(1024_GiB), "");
  for (const std::size_t bad : {std::size_t{0}, 64_KiB - 1, 1024_GiB + 1, SIZE_MAX}) {
    expect_refused(with(bad), "cache_options::memory", "64 KiB to 1 TiB");
  }
}

TEST(Options, TheTimesToLiveOfAnEntity) {
  const auto with = [](forebay::cache_policy p) {
    return refusal([p](auto& o) { o.cache.entities = {forebay::cache_for<User>(p)}; });
  };
  EXPECT_EQ(with({.memory_ttl = 1ms, .negative_ttl = 0ms}), "");
  EXPECT_EQ(with({.memory_ttl = 24h * 30, .negative_ttl = 24h * 30}), "");
  for (const forebay::milliseconds bad : {forebay::milliseconds(0), forebay::milliseconds(-1),
                                          forebay::milliseconds(24h * 30) + 1ms, forebay::milliseconds::max()}) {
    expect_refused(with({.memory_ttl = bad}), "cache_policy::memory_ttl of User", "1 ms to 30 days");
  }
  for (const forebay::milliseconds bad : {forebay::milliseconds(-1), forebay::milliseconds(24h * 30) + 1ms}) {
    expect_refused(with({.negative_ttl = bad}), "cache_policy::negative_ttl of User", "0 to 30 days");
  }
}

TEST(Options, AnEntityIsNamedOnce) {
  const std::string what = refusal([](auto& o) {
    o.cache.entities = {forebay::cache_for<User>({.memory_ttl = 1s}), forebay::cache_for<User>({.memory_ttl = 2s})};
  });
  expect_refused(what, "cache_options::entities", "User");
}

TEST(Options, AnEntityHasATable) {
  expect_refused(refusal([](auto& o) { o.cache.entities.emplace_back(); }), "cache_options::entities", "cache_for");
}

TEST(Options, ThePool) {
  const auto with = [](forebay::pool_options p) { return refusal([p](auto& o) { o.pool = p; }); };
  EXPECT_EQ(with({.max_size = 1, .acquire_limit = 1ms}), "");
  EXPECT_EQ(with({.max_size = 10'000, .acquire_limit = 1h}), "");
  for (const std::size_t bad : {std::size_t{0}, std::size_t{10'001}, SIZE_MAX}) {
    expect_refused(with({.max_size = bad}), "pool_options::max_size", "1 to 10,000");
  }
  for (const forebay::milliseconds bad :
       {forebay::milliseconds(0), forebay::milliseconds(-1), forebay::milliseconds(1h) + 1ms}) {
    expect_refused(with({.acquire_limit = bad}), "pool_options::acquire_limit", "1 ms to 1 h");
  }
}

TEST(Options, AnObserverIsNotNull) {
  expect_refused(refusal([](auto& o) { o.observers.emplace_back(); }), "database_options::observers", "null");
}

TEST(Options, AServerThatIsNotThereIsFoundAtTheFirstCall) {
  forebay::database db(good());
  forebay::session s = db.session({.name = "first"});
  try {
    db.execute(s, "select 1");
    FAIL();
  } catch (const forebay::error& e) {
    EXPECT_EQ(e.code(), forebay::errc::cannot_connect);
    EXPECT_NE(std::string(e.what()).find("options_test.cpp:"), std::string::npos) << e.what();
  }
  EXPECT_EQ(db.connections(forebay::connection_role::writer).size, 0u);
}

}  // namespace
