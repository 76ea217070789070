#include "sqlite/shop.hpp"

#include <functional>
#include <map>
#include <random>
#include <stdexcept>

#include <forebay/diagnostics/counters.hpp>

using namespace shop;
using forebay::source;
using forebay::table;

namespace {

// The machine's time, and what a test adds to it.
class shifted_time final : public forebay::runtime {
 public:
  [[nodiscard]] forebay::time_point now() const noexcept override { return machine_.now() + shift_; }
  [[nodiscard]] forebay::time_point coarse_now() const noexcept override { return machine_.coarse_now() + shift_; }
  [[nodiscard]] std::unique_ptr<forebay::waiter> make_waiter() override { return machine_.make_waiter(); }
  [[nodiscard]] std::unique_ptr<forebay::background_job> start(std::unique_ptr<forebay::job> work) override {
    return machine_.start(std::move(work));
  }
  void pass(forebay::nanoseconds time) { shift_ += time; }

 private:
  forebay::runtime& machine_ = forebay::system_runtime();
  forebay::nanoseconds shift_{};
};

struct Item {
  std::int64_t id{};
  std::int64_t user_id{};
};
FOREBAY_ENTITY(Item, "items", id, user_id);

// Another shape of the same table.
struct UserEmail {
  std::int64_t id{};
  std::string email;
};
FOREBAY_ENTITY(UserEmail, "users", id, email);

struct NamedUser {
  std::string email;
  std::int64_t version{};
};
FOREBAY_ENTITY(NamedUser, (.table = "people", .version = &NamedUser::version), email, version);

// A table's name may be written in several ways.
struct LoudUser {
  std::int64_t id{};
  std::string email;
};
FOREBAY_ENTITY(LoudUser, "main.USERS", id, email);

struct Length {
  double metres{};
  std::int64_t n{};
};
FOREBAY_ENTITY(Length, "lengths", metres, n);

class Cache : public testing::Test {
 protected:
  Cache() {
    db.observe(counters);
    users.insert(s, ann());
    users.insert(s, bob());
  }

  forebay::database_options options() {
    forebay::database_options o = options_for(folder.url("shop.db"));
    o.cache.entities = {forebay::cache_for<User>({.memory_ttl = 10s, .negative_ttl = 2s}),
                        forebay::cache_for<Line>({.memory_ttl = 10s, .negative_ttl = 0ms}), forebay::cache_for<Item>(),
                        forebay::cache_for<NamedUser>()};
    o.session_deadline = 60s;
    o.time = &time;
    return o;
  }

  std::uint64_t statements() const { return counters->snapshot().statements; }

  temporary_folder folder;
  shifted_time time;
  shop_database shop{options()};
  forebay::database& db = shop.db;
  forebay::session& s = shop.s;
  forebay::repository<User>& users = shop.users;
  std::shared_ptr<forebay::diagnostics::counters> counters = std::make_shared<forebay::diagnostics::counters>();
};

TEST_F(Cache, TheSecondFindAsksNoDatabaseAndSharesTheRow) {
  const auto first = users.find(s, 1);
  EXPECT_EQ(first.source(), source::primary);
  const std::uint64_t before = statements();
  const auto second = users.find(s, 1);
  EXPECT_EQ(second.source(), source::memory);
  EXPECT_EQ(&*first, &*second);
  EXPECT_EQ(statements(), before);
}

TEST_F(Cache, AHitTellsItsAge) {
  (void)users.find(s, 1);
  time.pass(3s);
  const auto hit = users.find(s, 1);
  EXPECT_EQ(hit.source(), source::memory);
  EXPECT_GE(hit.age(), 3s);
  EXPECT_LT(hit.age(), 10s);
}

TEST_F(Cache, ARowIsKeptForItsTimeToLive) {
  (void)users.find(s, 1);
  time.pass(11s);
  EXPECT_EQ(users.find(s, 1).source(), source::primary);
}

TEST_F(Cache, AnEntityThatIsNotNamedIsNotCached) {
  shop.orders.insert(s, {.id = 1, .user_id = 1, .courier_id = {}, .total_cents = 1});
  (void)shop.orders.find(s, 1);
  EXPECT_EQ(shop.orders.find(s, 1).source(), source::primary);
  EXPECT_EQ(db.cache_statistics().entries, 0u);
}

TEST_F(Cache, FindManyAsksForWhatIsMissingOnly) {
  (void)users.find(s, 1);
  const auto both = users.find_many(s, {2, 1, 404});
  EXPECT_EQ(both[0].source(), source::primary);
  EXPECT_EQ(both[1].source(), source::memory);
  EXPECT_FALSE(both[2]);
  const std::uint64_t before = statements();
  const auto again = users.find_many(s, {1, 2, 404, 1});
  EXPECT_EQ(again[1].source(), source::memory);
  EXPECT_FALSE(again[2]);
  EXPECT_EQ(statements(), before);
}

TEST_F(Cache, ARowLoadedByFindManyAnswersFind) {
  (void)users.find_many(s, {1, 2});
  EXPECT_EQ(users.find(s, 2).source(), source::memory);
}

TEST_F(Cache, ThatThereIsNoRowIsKeptUntilOneIsInserted) {
  EXPECT_FALSE(users.find(s, 3));
  const auto kept = users.find(s, 3);
  EXPECT_FALSE(kept);
  EXPECT_EQ(kept.source(), source::memory);
  users.insert(s, {.id = 3, .email = "c", .name = std::nullopt, .version = 1});
  EXPECT_TRUE(users.find(s, 3));
}

TEST_F(Cache, ThatThereIsNoRowExpiresByItsOwnTime) {
  (void)users.find(s, 3);
  (void)users.find(s, 1);
  time.pass(3s);
  EXPECT_EQ(users.find(s, 3).source(), source::primary);
  EXPECT_EQ(users.find(s, 1).source(), source::memory);
}

TEST_F(Cache, ANegativeTimeToLiveOfZeroKeepsNoAbsence) {
  EXPECT_FALSE(shop.lines.find(s, {1, "apple"}));
  EXPECT_EQ(shop.lines.find(s, {1, "apple"}).source(), source::primary);
}

TEST_F(Cache, InsertManyEndsEachAbsence) {
  (void)users.find_many(s, {3, 4});
  users.insert_many(s, std::vector<User>{{.id = 3, .email = "c", .name = std::nullopt, .version = 1},
                                         {.id = 4, .email = "d", .name = std::nullopt, .version = 1}});
  EXPECT_TRUE(users.find(s, 3));
  EXPECT_TRUE(users.find(s, 4));
}

TEST_F(Cache, AnUpdateIsSeenByTheNextReadAndLeavesOtherRowsAlone) {
  (void)users.find_many(s, {1, 2});
  User me = *users.find(s, 1);
  me.name = "Anna";
  users.update(s, me);
  EXPECT_EQ(users.find(s, 1).value().name, "Anna");
  EXPECT_EQ(users.find(s, 2).source(), source::memory);
}

TEST_F(Cache, ARemovalIsSeenByTheNextRead) {
  (void)users.find(s, 2);
  users.remove(s, 2);
  EXPECT_FALSE(users.find(s, 2));
}

TEST_F(Cache, AKeyOfSeveralColumnsIsCachedAndDropped) {
  shop.lines.insert(s, {.order_id = 1, .sku = "apple", .amount = 3, .version = 1});
  (void)shop.lines.find(s, {1, "apple"});
  EXPECT_EQ(shop.lines.find(s, {1, "apple"}).source(), source::memory);
  Line line = *shop.lines.find(s, {1, "apple"});
  line.amount = 4;
  shop.lines.update(s, line);
  EXPECT_EQ(shop.lines.find(s, {1, "apple"}).value().amount, 4);
}

TEST_F(Cache, AHandleKeepsWhatItHadWhenTheRowChanges) {
  const auto before = users.find(s, 1);
  db.execute(s, "update users set name = 'Changed' where id = 1");
  EXPECT_EQ(before->name, "Ann");
  EXPECT_EQ(users.find(s, 1).value().name, "Changed");
}

// What exactly it does is in touched_test.cpp.
TEST_F(Cache, ARawWriteMakesWhatItTouchedWorthless) {
  shop.lines.insert(s, {.order_id = 1, .sku = "apple", .amount = 3, .version = 1});
  (void)users.find_many(s, {1, 2, 404});
  (void)shop.lines.find(s, {1, "apple"});
  db.execute(s, "update users set name = 'x' where id = {}", 1);
  EXPECT_EQ(users.find(s, 1).value().name, "x");
  EXPECT_EQ(users.find(s, 2).source(), source::memory);
  EXPECT_EQ(users.find(s, 404).source(), source::memory);
  EXPECT_EQ(shop.lines.find(s, {1, "apple"}).source(), source::memory);
}

TEST_F(Cache, ARawWriteThatReturnsRowsIsSeenToo) {
  (void)users.find(s, 1);
  (void)db.query<std::int64_t>(s, "update users set name = 'x' where id = 1 returning id");
  EXPECT_EQ(users.find(s, 1).value().name, "x");
}

TEST_F(Cache, ARawReadLeavesTheCacheAlone) {
  (void)users.find(s, 1);
  (void)db.query<User>(s, "select * from users");
  db.execute(s, "select replace(email, 'a', 'b') from users");  // goes where writes go, and changes nothing
  EXPECT_EQ(users.find(s, 1).source(), source::memory);
}

TEST_F(Cache, ATransactionsWritesAreSeenAfterItsCommitAndNotBefore) {
  (void)users.find(s, 1);
  forebay::transaction tx = db.begin(s);
  User me = *users.find(tx, 1);
  me.name = "Anna";
  users.update(tx, me);
  EXPECT_EQ(users.find(tx, 1).value().name, "Anna");
  EXPECT_EQ(users.find(s.outside(tx), 1).value().name, "Ann");
  EXPECT_EQ(users.find(s.outside(tx), 1).source(), source::memory);
  tx.commit();
  EXPECT_EQ(users.find(s, 1).value().name, "Anna");
}

TEST_F(Cache, ARollbackLeavesTheCacheAlone) {
  (void)users.find_many(s, {1, 3});
  {
    forebay::transaction tx = db.begin(s);
    User me = *users.find(tx, 1);
    me.name = "Anna";
    users.update(tx, me);
    users.insert(tx, {.id = 3, .email = "c", .name = std::nullopt, .version = 1});
    db.execute(tx, "delete from users where id = 2");
  }
  EXPECT_EQ(users.find(s, 1).source(), source::memory);
  EXPECT_EQ(users.find(s, 1).value().name, "Ann");
  EXPECT_EQ(users.find(s, 3).source(), source::memory);
}

TEST_F(Cache, ReadsInATransactionNeitherUseNorFillTheCache) {
  (void)users.find(s, 1);
  forebay::transaction tx = db.begin(s);
  EXPECT_EQ(users.find(tx, 1).source(), source::primary);
  db.execute(tx, "update users set name = 'Uncommitted' where id = 2");
  EXPECT_EQ(users.find(tx, 2).value().name, "Uncommitted");
  EXPECT_EQ(users.find_many(tx, {2})[0].value().name, "Uncommitted");
  tx.rollback();
  EXPECT_EQ(users.find(s, 2).source(), source::primary);
  EXPECT_EQ(users.find(s, 2).value().name, std::nullopt);
}

TEST_F(Cache, ARawWriteInATransactionIsSeenAtItsCommit) {
  (void)users.find(s, 1);
  forebay::transaction tx = db.begin(s);
  db.execute(tx, "update users set name = 'x' where id = 1");
  EXPECT_EQ(users.find(s.outside(tx), 1).source(), source::memory);
  tx.commit();
  EXPECT_EQ(users.find(s, 1).value().name, "x");
}

TEST_F(Cache, AWriteThroughOneEntityIsSeenThroughAnotherOfTheSameTable) {
  forebay::database_options o = options_for(folder.url("two.db"));
  o.cache.entities.push_back(forebay::cache_for<UserEmail>());
  shop_database two(std::move(o));
  const forebay::repository<UserEmail> emails{two.db};
  two.users.insert(two.s, ann());
  ASSERT_EQ(emails.find(two.s, 1).value().email, ann().email);
  User me = *two.users.find(two.s, 1);
  me.email = "new";
  two.users.update(two.s, me);
  EXPECT_EQ(emails.find(two.s, 1).value().email, "new");
  EXPECT_TRUE(emails.remove(two.s, 1));
  EXPECT_FALSE(two.users.find(two.s, 1));
}

// What a foreign key deletes or a trigger changes was written by the same statement.
TEST_F(Cache, RowsThatAForeignKeyRemovesAreNotServedFromTheCache) {
  db.execute(s, "create table items(id integer primary key, user_id integer references users(id) on delete cascade)");
  const forebay::repository<Item> items{db};
  items.insert(s, {.id = 1, .user_id = 1});
  ASSERT_TRUE(items.find(s, 1));
  users.remove(s, 1);
  ASSERT_EQ(db.query<std::int64_t>(s, "select count(*) from items")[0], 0);
  EXPECT_FALSE(items.find(s, 1));
}

// Keys are equal when their values are, whatever the column's collation says.
TEST_F(Cache, AKeyUnderACollationIsItselfOnlyForReadsAndWrites) {
  db.execute(s, "create table people(email text primary key collate nocase, version integer)");
  const forebay::repository<NamedUser> people{db};
  people.insert(s, {.email = "ann", .version = 1});
  EXPECT_FALSE(people.find(s, "ANN"));
  const auto both = people.find_many(s, {std::string("ANN"), std::string("ann")});
  EXPECT_FALSE(both[0]);
  EXPECT_TRUE(both[1]);
  EXPECT_FALSE(people.remove(s, "ANN"));
  NamedUser loud{.email = "ANN", .version = 1};
  EXPECT_THROW(people.update(s, loud), forebay::conflict);
  EXPECT_EQ(db.query<std::string>(s, "select email from people").at(0), "ann");
  EXPECT_TRUE(people.remove(s, "ann"));
  EXPECT_FALSE(people.find(s, "ann"));
}

TEST_F(Cache, EqualNumbersAreOneKey) {
  forebay::database_options o = options_for(folder.url("lengths.db"));
  o.cache.entities.push_back(forebay::cache_for<Length>());
  shop_database shop_of_lengths(std::move(o));
  forebay::session& in = shop_of_lengths.s;
  shop_of_lengths.db.execute(in, "create table lengths(metres real primary key, n integer)");
  const forebay::repository<Length> lengths{shop_of_lengths.db};
  lengths.insert(in, {.metres = 0.0, .n = 1});
  EXPECT_TRUE(lengths.find(in, -0.0));
  EXPECT_TRUE(lengths.remove(in, 0.0));
  EXPECT_FALSE(lengths.find(in, -0.0));
}

TEST_F(Cache, ATableIsItselfInWhateverCaseAndSchemaItIsWritten) {
  forebay::database_options o = options_for(folder.url("loud.db"));
  o.cache.entities.push_back(forebay::cache_for<LoudUser>());
  shop_database loud(std::move(o));
  const forebay::repository<LoudUser> same{loud.db};
  loud.users.insert(loud.s, ann());
  ASSERT_EQ(same.find(loud.s, 1).value().email, ann().email);
  const auto count = [&] {
    return *loud.db.cached<std::int64_t>(loud.s, "count", {.tags = {table<LoudUser>}}, [](forebay::context& in) {
      return in.database().query<std::int64_t>(in, "select count(*) from users").at(0);
    });
  };
  ASSERT_EQ(count(), 1);
  loud.users.remove(loud.s, 1);
  EXPECT_FALSE(same.find(loud.s, 1));
  EXPECT_EQ(count(), 0);
}

// Somebody else wrote: the conflict says "read it again", and that must help.
TEST_F(Cache, AfterAConflictTheRowIsReadAgainFromTheDatabase) {
  (void)users.find(s, 1);
  forebay::database elsewhere(options_for(folder.url("shop.db")));
  forebay::session there = elsewhere.session();
  elsewhere.execute(there, "update users set name = 'elsewhere', version = 2 where id = 1");

  User stale = *users.find(s, 1);
  EXPECT_THROW(users.update(s, stale), forebay::conflict);
  EXPECT_EQ(users.find(s, 1).value().version, 2);

  elsewhere.execute(there, "update users set version = 3 where id = 1");
  EXPECT_THROW(db.transact(s, [&](forebay::transaction& tx) { users.update(tx, stale); }), forebay::conflict);
  EXPECT_EQ(users.find(s, 1).value().version, 3);
}

int made = 0;
std::string greeting(forebay::context& in, std::int64_t id, const std::string& word) {
  ++made;
  (void)in;
  return word + " " + std::to_string(id);
}

TEST_F(Cache, ACachedValueIsMadeOnceForEachNameAndArguments) {
  made = 0;
  const auto ask = [&](std::int64_t id, const std::string& word) {
    return db.cached<std::string>(s, "greeting", {.ttl = 1s}, greeting, id, word);
  };
  const auto first = ask(1, "hello");
  EXPECT_EQ(*first, "hello 1");
  EXPECT_EQ(first.source(), source::loader);
  EXPECT_EQ(ask(1, "hello").source(), source::memory);
  EXPECT_EQ(made, 1);
  EXPECT_EQ(*ask(2, "hello"), "hello 2");
  EXPECT_EQ(*ask(1, "bye"), "bye 1");
  EXPECT_EQ(made, 3);
  (void)db.cached<std::string>(s, "other name", {.ttl = 1s}, greeting, std::int64_t{1}, std::string("hello"));
  EXPECT_EQ(made, 4);
}

TEST_F(Cache, ACachedValueExpires) {
  made = 0;
  const auto ask = [&] {
    return db.cached<std::string>(s, "greeting", {.ttl = 1s}, greeting, std::int64_t{1}, std::string("x"));
  };
  (void)ask();
  time.pass(2s);
  (void)ask();
  EXPECT_EQ(made, 2);
}

std::vector<User> everybody(forebay::context& in) {
  return in.database().query<User>(in, "select * from users order by id");
}

TEST_F(Cache, ACachedValueIsWorthlessAfterAWriteToOneOfItsTables) {
  const auto ask = [&] {
    return db.cached<std::vector<User>>(s, "everybody", {.ttl = 9s, .tags = {table<User>}}, everybody);
  };
  EXPECT_EQ(ask().value().size(), 2u);
  EXPECT_EQ(ask().source(), source::memory);
  shop.lines.insert(s, {.order_id = 1, .sku = "apple", .amount = 3, .version = 1});
  EXPECT_EQ(ask().source(), source::memory) << "another table";
  users.remove(s, 2);
  EXPECT_EQ(ask().value().size(), 1u);
  User me = *users.find(s, 1);
  me.name = "Anna";
  users.update(s, me);
  EXPECT_EQ((*ask())[0].name, "Anna");
  users.insert(s, bob());
  EXPECT_EQ(ask().value().size(), 2u);
  db.execute(s, "delete from users where id = 2");
  EXPECT_EQ(ask().value().size(), 1u);
  db.transact(s, [&](forebay::transaction& tx) { users.insert(tx, bob()); });
  EXPECT_EQ(ask().value().size(), 2u);
  {
    forebay::transaction tx = db.begin(s);
    users.remove(tx, 2);
  }
  EXPECT_EQ(ask().source(), source::memory) << "rolled back";
}

TEST_F(Cache, InATransactionACachedValueIsMadeAnewAndNotKept) {
  const auto ask = [&](forebay::context& in) {
    return db.cached<std::vector<User>>(in, "everybody", {.tags = {table<User>}}, everybody);
  };
  EXPECT_EQ(ask(s).value().size(), 2u);
  forebay::transaction tx = db.begin(s);
  users.remove(tx, 2);
  EXPECT_EQ(ask(tx).value().size(), 1u);
  EXPECT_EQ(ask(tx).source(), source::loader);
  EXPECT_EQ(ask(s.outside(tx)).value().size(), 2u);
  tx.rollback();
  EXPECT_EQ(ask(s).value().size(), 2u);
}

TEST_F(Cache, ALoaderThatThrowsIsAskedAgain) {
  static int calls;
  calls = 0;
  const auto ask = [&] {
    return db.cached<int>(s, "fails once", {}, [](forebay::context&) {
      if (++calls == 1) throw std::runtime_error("the application's own");
      return 7;
    });
  };
  EXPECT_THROW((void)ask(), std::runtime_error);
  EXPECT_EQ(*ask(), 7);
}

TEST_F(Cache, CachedValuesOfOneNameAndSeveralTypesDoNotMeet) {
  EXPECT_EQ(*db.cached<int>(s, "same name", {}, [](forebay::context&) { return 1; }), 1);
  EXPECT_EQ(*db.cached<std::string>(s, "same name", {}, [](forebay::context&) { return std::string("text"); }), "text");
  EXPECT_EQ(*db.cached<int>(s, "same name", {}, [](forebay::context&) { return 2; }), 1);
}

TEST_F(Cache, ArgumentsThatLookAlikeAreDifferentKeys) {
  const auto as_text = [&](const auto&... arguments) {
    return *db.cached<std::string>(
        s, "shape", {},
        [](forebay::context&, const auto&... a) {
          std::string all;
          ((all += "[" +
                   [](const auto& v) {
                     if constexpr (std::is_convertible_v<decltype(v), std::string_view>)
                       return "t" + std::string(v);
                     else if constexpr (std::is_same_v<std::remove_cvref_t<decltype(v)>, std::optional<std::int64_t>>)
                       return v ? "o" + std::to_string(*v) : std::string("none");
                     else
                       return "n" + std::to_string(v);
                   }(a) +
                   "]"),
           ...);
          return all;
        },
        arguments...);
  };
  using maybe = std::optional<std::int64_t>;
  EXPECT_EQ(as_text(std::string("ab"), std::string("c")), "[tab][tc]");
  EXPECT_EQ(as_text(std::string("a"), std::string("bc")), "[ta][tbc]");
  EXPECT_EQ(as_text(std::string("")), "[t]");
  EXPECT_EQ(as_text(maybe()), "[none]");
  EXPECT_EQ(as_text(maybe(0)), "[o0]");
  EXPECT_EQ(as_text(std::int64_t{1}, std::int64_t{2}), "[n1][n2]");
  EXPECT_EQ(as_text(std::int64_t{1}), "[n1]");
}

TEST_F(Cache, TheTimeToLiveOfACachedValueHasARange) {
  const auto with = [&](forebay::milliseconds ttl) {
    return error_of([&] { (void)db.cached<int>(s, "report", {.ttl = ttl}, [](forebay::context&) { return 1; }); });
  };
  for (const forebay::milliseconds bad :
       {forebay::milliseconds(0), forebay::milliseconds(-1), forebay::milliseconds(24h * 31)}) {
    const caught e = with(bad);
    EXPECT_EQ(e.code, forebay::errc::invalid_option);
    EXPECT_TRUE(e.says("cached_options::ttl")) << e.what;
    EXPECT_TRUE(e.says("\"report\"")) << e.what;
    EXPECT_TRUE(e.says("1 ms to 30 days")) << e.what;
    EXPECT_TRUE(e.says("cache_test.cpp:")) << e.what;
  }
  EXPECT_EQ(*db.cached<int>(s, "report", {.ttl = 24h * 30}, [](forebay::context&) { return 1; }), 1);
}

TEST_F(Cache, TheMemoryIsBounded) {
  forebay::database_options o = options_for(folder.url("small.db"));
  o.cache.memory = 64_KiB;
  shop_database small(std::move(o));
  std::vector<User> rows;
  for (std::int64_t i = 1; i <= 600; ++i) {
    rows.push_back({.id = i, .email = std::to_string(i) + std::string(500, 'x'), .name = std::nullopt, .version = 1});
  }
  small.users.insert_many(small.s, rows);
  for (std::int64_t i = 1; i <= 600; ++i) (void)small.users.find(small.s, i);
  const forebay::cache_statistics now = small.db.cache_statistics();
  EXPECT_LE(now.bytes, now.capacity);
  EXPECT_LE(now.capacity, 64_KiB);
  EXPECT_GT(now.entries, 50u);
  EXPECT_GT(now.evictions, 400u);
  EXPECT_EQ(small.users.find(small.s, 600).source(), source::memory);
  EXPECT_EQ(small.users.find(small.s, 1).value(), rows[0]);
}

TEST_F(Cache, AValueThatIsTooLargeIsNotKept) {
  forebay::database_options o = options_for(folder.url("small.db"));
  o.cache.memory = 64_KiB;
  shop_database small(std::move(o));
  small.users.insert(small.s, {.id = 1, .email = std::string(70'000, 'x'), .name = std::nullopt, .version = 1});
  small.users.insert(small.s, {.id = 2, .email = std::string(1'000, 'x'), .name = std::nullopt, .version = 1});
  (void)small.users.find_many(small.s, {1, 2});
  EXPECT_EQ(small.users.find(small.s, 1).source(), source::primary);
  EXPECT_EQ(small.users.find(small.s, 2).source(), source::memory);
}

// Reads, writes, transactions that end either way, and raw SQL in any order: every read gives what a map would give.
TEST_F(Cache, RandomOperationsAgreeWithAMap) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  const auto below = [&random](std::int64_t n) {
    return static_cast<std::int64_t>(random() % static_cast<unsigned>(n));
  };
  std::map<std::int64_t, User> model{{1, ann()}, {2, bob()}};
  constexpr std::int64_t keys = 12;

  const auto check_find = [&](forebay::context& in, std::int64_t id) {
    const auto found = users.find(in, id);
    const auto expected = model.find(id);
    ASSERT_EQ(found.has_value(), expected != model.end()) << id;
    if (found) {
      ASSERT_EQ(*found, expected->second);
    }
  };
  const auto check_find_many = [&](forebay::context& in) {
    std::vector<std::int64_t> ids;
    for (std::int64_t i = below(8); i >= 0; --i) ids.push_back(1 + below(keys));
    const auto found = users.find_many(in, ids);
    for (std::size_t i = 0; i < ids.size(); ++i) {
      const auto expected = model.find(ids[i]);
      ASSERT_EQ(found[i].has_value(), expected != model.end()) << ids[i];
      if (found[i]) {
        ASSERT_EQ(*found[i], expected->second);
      }
    }
  };
  std::function<void(forebay::context&)> change = [&](forebay::context& in) {
    const std::int64_t id = 1 + below(keys);
    const auto known = model.find(id);
    switch (below(5)) {
      case 0:
        if (known == model.end()) {
          const User fresh{.id = id, .email = "e" + std::to_string(id), .name = std::nullopt, .version = 1};
          users.insert(in, fresh);
          model.emplace(id, fresh);
        } else {
          ASSERT_THROW(users.insert(in, known->second), forebay::duplicate_key);
        }
        return;
      case 1: ASSERT_EQ(users.remove(in, id), model.erase(id) == 1); return;
      case 2:
        ASSERT_EQ(db.execute(in, "update users set name = {} where id = {}", "raw", id),
                  known == model.end() ? 0u : 1u);
        if (known != model.end()) known->second.name = "raw";
        return;
      case 3:
        if (known != model.end()) {
          User stale = known->second;
          stale.version += 1;
          ASSERT_THROW(users.update(in, stale), forebay::conflict);
        }
        return;
      default:
        if (known != model.end()) {
          User row = known->second;
          row.name = "n" + std::to_string(below(1000));
          users.update(in, row);
          known->second = row;
        }
    }
  };
  for (int i = 0; i < 3000 && !HasFatalFailure(); ++i) {
    SCOPED_TRACE("operation " + std::to_string(i));
    const std::int64_t what = below(10);
    if (what < 4) {
      check_find(s, 1 + below(keys));
    } else if (what < 6) {
      check_find_many(s);
    } else if (what < 8) {
      change(s);
    } else {
      const std::map<std::int64_t, User> before = model;
      forebay::transaction tx = db.begin(s);
      for (std::int64_t n = below(4); n >= 0; --n) {
        change(tx);
        check_find(tx, 1 + below(keys));
      }
      if (what == 8) {
        tx.commit();
      } else {
        tx.rollback();
        model = before;
      }
    }
  }
}

// "or fail" keeps the rows before the one that failed.
TEST_F(Cache, AStatementThatFailedHalfwayIsSeenByTheCache) {
  (void)users.find_many(s, {1, 2});
  const caught e = error_of([&] {
    db.execute(s, "update or fail users set name = {}, email = case id when 1 then 'first' else 'first' end",
               secret_text);
  });
  EXPECT_EQ(e.code, forebay::errc::duplicate_key);
  EXPECT_EQ(e.details.outcome, forebay::outcome::applied);
  EXPECT_EQ(db.query<std::string>(s, "select email from users where id = 1").at(0), "first");
  EXPECT_EQ(users.find(s, 1).value().email, "first");
}

TEST_F(Cache, RowsThatATriggerChangesAreNotServedFromTheCache) {
  db.execute(s, "create trigger rename after delete on users begin update users set name = 'renamed'; end");
  (void)users.find_many(s, {1, 2});
  users.remove(s, 2);
  EXPECT_EQ(users.find(s, 1).value().name, "renamed");
  db.transact(s, [&](forebay::transaction& tx) {
    User me = *users.find(tx, 1);
    me.name = "Ann";
    users.update(tx, me);
  });
  users.insert(s, bob());
  ASSERT_EQ(users.find(s, 1).value().name, "Ann");
  db.transact(s, [&](forebay::transaction& tx) { users.remove(tx, 2); });
  EXPECT_EQ(users.find(s, 1).value().name, "renamed") << "in a transaction too";
}

}  // namespace
