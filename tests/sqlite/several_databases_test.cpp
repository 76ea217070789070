#include "sqlite/shop.hpp"

#include <forebay/diagnostics/broad_invalidation.hpp>

// Databases that share a process share nothing else.

using namespace shop;
using forebay::errc;
using forebay::source;

namespace {

class SeveralDatabases : public testing::Test {
 protected:
  SeveralDatabases() {
    one.users.insert(one.s, ann());
    two.users.insert(two.s, {.id = 1, .email = "other", .name = "Other", .version = 1});
  }
  temporary_folder folder;
  shop_database one{folder.url("one.db")};
  shop_database two{folder.url("two.db")};
};

TEST_F(SeveralDatabases, EachHasItsOwnRowsAndItsOwnCache) {
  EXPECT_EQ(one.users.find(one.s, 1).value().email, ann().email);
  EXPECT_EQ(two.users.find(two.s, 1).value().email, "other");
  one.db.execute(one.s, "update users set name = 'x'");
  EXPECT_EQ(one.users.find(one.s, 1).value().name, "x");
  EXPECT_EQ(two.users.find(two.s, 1).source(), source::memory);
  EXPECT_EQ(two.db.scalar<std::string>(two.s, "select email from users"), "other");
}

TEST_F(SeveralDatabases, ASessionOfAnotherDatabaseIsRefusedByEveryCall) {
  const auto refused = [](auto call) {
    const caught e = error_of(call);
    EXPECT_EQ(e.code, errc::invalid_option);
    EXPECT_TRUE(e.says("another database")) << e.what;
    EXPECT_TRUE(e.says("several_databases_test.cpp:")) << e.what;
  };
  refused([&] { (void)one.db.query<User>(two.s, "select * from users where email = {}", secret_text); });
  refused([&] { (void)one.db.query_one<User>(two.s, "select * from users where email = {}", secret_text); });
  refused([&] { (void)one.db.scalar<std::int64_t>(two.s, "select count(*) from users"); });
  refused([&] {
    one.db.for_each<User>(
        two.s, [](const User&) {}, "select * from users");
  });
  refused([&] { one.db.execute(two.s, "delete from users where email = {}", secret_text); });
  refused([&] { one.db.run_script(two.s, forebay::unsafe_script("delete from users")); });
  refused([&] { (void)one.users.find(two.s, 1); });
  EXPECT_EQ(two.db.scalar<std::int64_t>(two.s, "select count(*) from users"), 1);
}

TEST_F(SeveralDatabases, ATransactionInEachAtTheSameTime) {
  forebay::transaction first = one.db.begin(one.s);
  forebay::transaction second = two.db.begin(two.s);
  one.db.execute(first, "update users set name = 'first' where id = 1");
  two.db.execute(second, "update users set name = 'second' where id = 1");
  second.commit();
  first.rollback();
  EXPECT_EQ(one.users.find(one.s, 1).value().name, "Ann");
  EXPECT_EQ(two.users.find(two.s, 1).value().name, "second");
}

TEST_F(SeveralDatabases, ADetectorMayWatchBoth) {
  const auto detector = std::make_shared<forebay::diagnostics::broad_invalidation>();
  one.db.observe(detector);
  two.db.observe(detector);
  const int line = __LINE__ + 1;
  for (shop_database* shop : {&one, &two}) shop->db.execute(shop->s, "update users set name = 'x'");
  one.db.execute(one.s, "update users set name = 'y' where id = {}", 1);
  one.db.execute(one.s, forebay::touches_all<User>(), "update users set name = 'z'");
  const auto found = detector->findings();
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].where.line, line);
  EXPECT_EQ(found[0].occurrences, 2u);
  EXPECT_EQ(found[0].sessions, 2u);
}

#ifndef NDEBUG
TEST(SeveralDatabasesDeathTest, ASessionThatOutlivesItsDatabaseIsCaughtInDebug) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const auto outlive = [] {
    auto db = std::make_unique<forebay::database>("sqlite::memory:");
    const forebay::session s = db->session();
    db.reset();
  };
  EXPECT_DEATH(outlive(), "a session outlives its database");
}
#endif

}  // namespace
