#include "sqlite/shop.hpp"

#include <algorithm>
#include <limits>

// What a raw write makes worthless in the cache: at least what it touched, and no more than can be told.

using namespace shop;
using forebay::source;
using forebay::touches;
using forebay::touches_all;
using forebay::touches_nothing;

namespace {

using ids = std::vector<std::int64_t>;

struct Tag {
  std::string name;
  std::int64_t weight{};
};
FOREBAY_ENTITY(Tag, "tags", name, weight);

struct Label {
  std::string name;
  std::int64_t weight{};
};
FOREBAY_ENTITY(Label, "labels", name, weight);

struct UserMail {
  std::string email;
  std::int64_t id{};
};
FOREBAY_ENTITY(UserMail, "main.Users", email, id);

struct BigSpender {
  std::int64_t user_id{};
  std::int64_t spent{};
};
FOREBAY_ENTITY(BigSpender, "big_spenders", user_id, spent);

struct Unique {
  std::int64_t id{};
  std::int64_t code{};
};
FOREBAY_ENTITY(Unique, "uniques", id, code);

struct Coded {
  std::string upper;
  std::string code;
};
FOREBAY_ENTITY(Coded, "coded", upper, code);

struct wide_story final : forebay::observer {
  void on_invalidation(const forebay::invalidation_event& e) noexcept override {
    for (const forebay::wide_write& w : e.wide) wide.push_back(w);
  }
  std::vector<forebay::wide_write> wide;
};

class Touched : public testing::Test {
 protected:
  Touched() {
    db.observe(seen);
    for (std::int64_t i = 1; i <= 5; ++i) {
      shop.users.insert(s, {.id = i, .email = std::string(1, static_cast<char>('a' + i)), .name = "n", .version = i});
    }
    db.execute(s, "create table tags(name text primary key, weight integer)");
    db.execute(s, "create table labels(name text primary key collate nocase, weight integer)");
    warm();
    seen->wide.clear();
  }

  static forebay::database_options options() {
    forebay::database_options o = options_for("sqlite::memory:");
    o.cache.entities.push_back(forebay::cache_for<Order>());
    o.cache.entities.push_back(forebay::cache_for<Tag>());
    o.cache.entities.push_back(forebay::cache_for<Label>());
    o.cache.entities.push_back(forebay::cache_for<BigSpender>());
    o.cache.entities.push_back(forebay::cache_for<Unique>());
    o.cache.entities.push_back(forebay::cache_for<Coded>());
    return o;
  }

  void warm() {
    for (const std::int64_t id : watched) (void)shop.users.find(s, id);
  }

  // The users that are no longer in memory. What is there is what the database has.
  ids dropped() {
    ids gone;
    for (const std::int64_t id : watched) {
      const auto found = shop.users.find(s, id);
      if (found.source() != source::memory) gone.push_back(id);
      const auto stored = db.query_one<User>(s, "select * from users where id = {}", id);
      EXPECT_EQ(found ? std::optional<User>(*found) : std::nullopt, stored) << "user " << id;
    }
    return gone;
  }

  template <class... Args>
  ids dropped_by(forebay::sql_literal<Args...> text, const Args&... args) {
    warm();
    seen->wide.clear();
    db.execute(s, text, args...);
    return dropped();
  }

  const ids watched{-7, 1, 2, 3, 4, 5, 404};
  const ids all = watched;
  shop_database shop{options()};
  forebay::database& db = shop.db;
  forebay::session& s = shop.s;
  forebay::repository<Tag> tags{db};
  forebay::repository<Label> labels{db};
  std::shared_ptr<wide_story> seen = std::make_shared<wide_story>();
};

TEST_F(Touched, AKeyInTheWhereIsThatRowOnly) {
  EXPECT_EQ(dropped_by("update users set name = {} where id = {}", "x", 2), ids{2});
  EXPECT_EQ(dropped_by("update users set name = 'y' where id = 3"), ids{3});
  EXPECT_EQ(dropped_by("update users set name = 'y' where 3 = id and version > {}", 0), ids{3});
  EXPECT_EQ(dropped_by("delete from users where id = {}", 4), ids{4});
  EXPECT_EQ(dropped_by("update users set name = 'z' where (id = {}) and (version = 1 or name is null)", 1), ids{1});
  EXPECT_TRUE(seen->wide.empty());
}

TEST_F(Touched, NegativeNumbersAndBooleansAreKeysToo) {
  db.execute(s, "insert into users(id, email, version) values(-7, 'minus', 1)");
  EXPECT_EQ(dropped_by("update users set name = 'x' where id = -7"), ids{-7});
  EXPECT_EQ(dropped_by("update users set name = 'y' where id = {}", -7), ids{-7});
  EXPECT_EQ(dropped_by("update users set name = 'y' where id = {}", true), ids{1});
}

TEST_F(Touched, AListOfKeysIsThoseRows) {
  EXPECT_EQ(dropped_by("update users set name = 'x' where id in ({})", ids{2, 4, 404}), (ids{2, 4, 404}));
  EXPECT_EQ(dropped_by("update users set name = 'x' where id in ({})", ids{}), ids{});
  EXPECT_EQ(dropped_by("delete from users where id in ({}) and name = 'x'", ids{5, 4}), (ids{4, 5}));
}

TEST_F(Touched, AVeryLongListIsTheTable) {
  EXPECT_EQ(dropped_by("update users set name = 'x' where id in ({})", ids(5000, 2)), all);
}

TEST_F(Touched, NamesMayBeWrittenInManyWays) {
  EXPECT_EQ(dropped_by("UPDATE \"Users\" SET name = 'x' WHERE \"ID\" = {}", 2), ids{2});
  EXPECT_EQ(dropped_by("update main.[users] as u set name = 'x' where u.id = {}", 3), ids{3});
  EXPECT_EQ(dropped_by("update `users` /* where id = 1 */ set name = 'x' -- id = 2\nwhere id = {}", 4), ids{4});
}

TEST_F(Touched, WhatIsNotOneKeyIsTheTable) {
  EXPECT_EQ(dropped_by("update users set name = 'x'"), all);
  EXPECT_EQ(dropped_by("update users set name = 'y' where id = {} or version = 3", 1), all);
  EXPECT_EQ(dropped_by("update users set name = 'x' where not id = {}", 1), all);
  EXPECT_EQ(dropped_by("update users set name = 'y' where id > {}", 3), all);
  EXPECT_EQ(dropped_by("update users set name = 'x' where email = {}", "b"), all);
  EXPECT_EQ(dropped_by("update users set name = 'y' where abs(id) = {}", 2), all);
  EXPECT_EQ(dropped_by("update users set name = 'x' where id = version"), all);
  EXPECT_EQ(dropped_by("update users set name = 'y' where id = (select max(id) from users)"), all);
  EXPECT_EQ(dropped_by("delete from users where id + 0 = {}", 4), all);
}

TEST_F(Touched, AChangedKeyIsTheTable) {
  EXPECT_EQ(dropped_by("update users set id = {} where id = {}", 404, 2), all);
  warm();
  (void)db.query<std::int64_t>(s, "update users set id = 2 where id = 404 returning id");
  EXPECT_EQ(dropped(), all);
}

TEST_F(Touched, AKeyThatIsChangedUnderItsOtherNameIsTheTable) {
  (void)db.query<std::int64_t>(s, "update users set rowid = 404 where version = 2 returning id");
  EXPECT_EQ(dropped(), all);
  EXPECT_EQ(dropped_by("update users set _rowid_ = 2 where id = {}", 404), all);
  EXPECT_EQ(dropped_by("update users set name = 'x' where rowid = {}", 2), all);
}

TEST_F(Touched, AnUpdateFromIsTheTable) {
  EXPECT_EQ(dropped_by("update users set name = o.sku from (select 1 as id, 'x' as sku) as o where users.id = o.id"),
            all);
}

TEST_F(Touched, AnEqualNumberOfAnotherTypeIsTheTable) {
  EXPECT_EQ(dropped_by("update users set name = 'x' where id = '2'"), all);
  EXPECT_EQ(dropped_by("update users set name = 'y' where id = {}", "2"), all);
  EXPECT_EQ(dropped_by("update users set name = 'z' where id = {}", 2.0), all);
  EXPECT_EQ(dropped_by("update users set name = '1' where id = 2.0"), all);
  EXPECT_EQ(dropped_by("update users set name = '2' where id = {}", std::nullopt), all);
}

TEST_F(Touched, AnInsertWithoutReturningIsTheTable) {
  EXPECT_EQ(dropped_by("insert into users(id, email, version) values({}, 'new', 1)", 404), all);
}

TEST_F(Touched, ReturnedKeysAreThoseRows) {
  (void)db.query<std::int64_t>(s, "insert into users(id, email, version) values(404, 'new', 1) returning id");
  EXPECT_EQ(dropped(), ids{404});
  (void)db.query<User>(s, "update users set name = 'r' where version > {} returning *", 3);
  EXPECT_EQ(dropped(), (ids{4, 5}));
  db.execute(s, "delete from users where email = {} returning email, users.id", "new");
  EXPECT_EQ(dropped(), ids{404});
  (void)db.query<std::int64_t>(s, "update users set name = 'nobody' where version = 77 returning id");
  EXPECT_EQ(dropped(), ids{});
  (void)db.query<std::int64_t>(s,
                               "insert into users(id, email, version) values(2, 'u', 1) on conflict (id) do update "
                               "set name = 'upserted' returning id");
  EXPECT_EQ(dropped(), ids{2});
  EXPECT_TRUE(seen->wide.empty());
}

TEST_F(Touched, ReturnedKeysCountAlsoWhenNobodyReadsThem) {
  db.for_each<std::int64_t>(
      s, [](std::int64_t) { return false; }, "update users set name = 'r' where version > 3 returning id");
  EXPECT_EQ(dropped(), (ids{4, 5}));
}

TEST_F(Touched, WhatOnlyLooksLikeTheReturnedKeyIsNot) {
  (void)db.query<std::int64_t>(s, "update users set name = 'x' where version = 3 returning version as id");
  EXPECT_EQ(dropped(), all);
  (void)db.query<std::int64_t>(s, "update users set name = 'y' where version = 3 returning id + 1 as id");
  EXPECT_EQ(dropped(), all);
  (void)db.query<std::string>(s, "update users set name = 'z' where version = 3 returning email");
  EXPECT_EQ(dropped(), all);
  (void)db.query<std::int64_t>(s, "update users set name = 'u' where version = 3 returning id notnull");
  EXPECT_EQ(dropped(), all);
  (void)db.query<std::int64_t>(s, "update users set name = 'v' where version = 3 returning users.id IsNull");
  EXPECT_EQ(dropped(), all);
}

TEST_F(Touched, AKeyThatIsComputedFromWhatIsWrittenIsTheTable) {
  db.execute(s, "create table coded(code text, upper text generated always as (upper(code)) unique)");
  db.execute(s, "insert into coded(code) values ('a')");
  const forebay::repository<Coded> coded{db};
  const auto expect_only = [&](const std::string& there) {
    for (const char* key : {"A", "B", "C", "D"}) EXPECT_EQ(coded.find(s, key).has_value(), key == there) << key;
  };
  expect_only("A");
  db.execute(s, "update coded set code = 'b' where upper = 'A'");
  expect_only("B");
  (void)db.query<std::string>(s, "update coded set code = 'c' where code = 'b' returning upper");
  expect_only("C");
  EXPECT_TRUE(coded.set(s, "C", forebay::set<&Coded::code>("d")));
  expect_only("D");
  EXPECT_EQ(coded.set_where(s, forebay::col<&Coded::code> == "d", forebay::set<&Coded::code>("a")), 1u);
  expect_only("A");
}

TEST_F(Touched, AReplaceIsTheTableSinceItDeletesOtherRows) {
  (void)db.query<std::int64_t>(s, "replace into users(id, email, version) values(404, 'b', 1) returning id");
  EXPECT_EQ(dropped(), all);
  EXPECT_FALSE(shop.users.find(s, 1));
  (void)db.query<std::int64_t>(s, "insert or replace into users(id, email, version) values(1, 'c', 1) returning id");
  EXPECT_EQ(dropped(), all);
  EXPECT_FALSE(shop.users.find(s, 2));
  EXPECT_EQ(dropped_by("update or replace users set email = 'e' where id = {}", 3), all);
  EXPECT_FALSE(shop.users.find(s, 4));
}

TEST_F(Touched, AReplaceOfTheSchemaIsTheTable) {
  db.execute(s, "create table uniques(id integer primary key, code integer unique on conflict replace)");
  const forebay::repository<Unique> uniques{db};
  uniques.insert(s, {.id = 1, .code = 1});
  uniques.insert(s, {.id = 2, .code = 2});
  ASSERT_TRUE(uniques.find(s, 1));
  db.execute(s, "update uniques set code = 1 where id = {}", 2);
  EXPECT_FALSE(uniques.find(s, 1));
  ASSERT_TRUE(uniques.find(s, 2));
  uniques.insert(s, {.id = 3, .code = 1});
  EXPECT_FALSE(uniques.find(s, 2));
}

TEST_F(Touched, AWriteWithinACommonTableExpression) {
  EXPECT_EQ(dropped_by("with users as (select 1 as id) update users set name = 'x' where id = {}", 2), ids{2});
  EXPECT_EQ(dropped_by("with old as (select id from users where version < {}) delete from users where id in "
                       "(select id from old)",
                       3),
            all);
}

TEST_F(Touched, OtherTablesStay) {
  shop.orders.insert(s, {.id = 1, .user_id = 1, .courier_id = {}, .total_cents = 5});
  ASSERT_TRUE(shop.orders.find(s, 1));
  warm();
  db.execute(s, "update orders set total_cents = 6");
  EXPECT_EQ(dropped(), ids{});
  EXPECT_EQ(shop.orders.find(s, 1).value().total_cents, 6);
  EXPECT_EQ(dropped_by("update users set name = 'x'"), all);
  EXPECT_EQ(shop.orders.find(s, 1).source(), source::memory);
}

TEST_F(Touched, AReadThatGoesWhereWritesGoTouchesNothing) {
  EXPECT_EQ(dropped_by("select replace(email, 'a', 'b') from users"), ids{});
  EXPECT_EQ(dropped_by("pragma user_version"), ids{});
}

TEST_F(Touched, WhatCannotBeToldIsEverything) {
  ASSERT_FALSE(tags.find(s, "none"));
  ASSERT_EQ(tags.find(s, "none").source(), source::memory);
  EXPECT_EQ(dropped_by("create index by_version on users(version)"), all);
  EXPECT_NE(tags.find(s, "none").source(), source::memory);
  ASSERT_EQ(seen->wide.size(), 1u);
  EXPECT_EQ(seen->wide[0].reason, forebay::wide_reason::tables_not_known);
  EXPECT_TRUE(seen->wide[0].table.empty());
}

TEST_F(Touched, ATemporaryTableThatHidesOneIsEverything) {
  db.execute(s, "create temp table users(id integer primary key, email text, name text, version integer)");
  warm();
  db.execute(s, "update main.users set name = 'real' where id = 2");
  EXPECT_EQ(shop.users.find(s, 2).value().name, "real");
  db.execute(s, "insert into users(id, email, version) values(2, 'temp', 1)");
  db.execute(s, "drop table temp.users");
  EXPECT_EQ(shop.users.find(s, 2).value().name, "real");
}

TEST_F(Touched, ATriggersTableGoesAsAWhole) {
  db.execute(s,
             "create trigger spread after update of name on users when new.id = 2 begin "
             "update users set version = 100 where id = 3; end");
  EXPECT_EQ(dropped_by("update users set name = 'x' where id = {}", 2), all);
  EXPECT_EQ(shop.users.find(s, 3).value().version, 100);
  ASSERT_EQ(seen->wide.size(), 1u);
  EXPECT_EQ(seen->wide[0].reason, forebay::wide_reason::trigger_or_action);
}

TEST_F(Touched, ATriggerOnAnotherTableIsSeen) {
  db.execute(s,
             "create trigger spend after insert on orders begin "
             "update users set version = version + new.total_cents where id = new.user_id; end");
  EXPECT_EQ(dropped_by("insert into orders(id, user_id, total_cents) values(1, {}, 50)", 2), all);
  EXPECT_EQ(shop.users.find(s, 2).value().version, 52);
  shop.orders.insert(s, {.id = 2, .user_id = 2, .courier_id = {}, .total_cents = 50});
  EXPECT_EQ(shop.users.find(s, 2).value().version, 102);
}

TEST_F(Touched, ACascadeIsSeen) {
  db.execute(s, "create table uniques(id integer primary key references users(id) on delete cascade, code integer)");
  const forebay::repository<Unique> uniques{db};
  uniques.insert(s, {.id = 1, .code = 1});
  uniques.insert(s, {.id = 2, .code = 2});
  ASSERT_TRUE(uniques.find(s, 1));
  EXPECT_EQ(dropped_by("delete from users where id = {}", 1), ids{1});
  EXPECT_FALSE(uniques.find(s, 1));
}

TEST_F(Touched, AViewOfWrittenTablesIsSeen) {
  db.execute(s, "create view spenders as select user_id, total_cents from orders join users on users.id = user_id");
  db.execute(s, "create view big_spenders as select user_id, sum(total_cents) as spent from spenders group by user_id");
  const forebay::repository<BigSpender> big{db};
  shop.orders.insert(s, {.id = 1, .user_id = 1, .courier_id = {}, .total_cents = 5});
  EXPECT_EQ(big.find(s, 1).value().spent, 5);
  EXPECT_EQ(big.find(s, 1).source(), source::memory);
  db.execute(s, "update orders set total_cents = 6 where id = 1");
  EXPECT_EQ(big.find(s, 1).value().spent, 6);
  shop.orders.insert(s, {.id = 2, .user_id = 1, .courier_id = {}, .total_cents = 10});
  EXPECT_EQ(big.find(s, 1).value().spent, 16);
  db.execute(s, "insert into tags values('t', 1)");
  EXPECT_EQ(big.find(s, 1).source(), source::memory);
  db.execute(s, touches(shop.orders, 1), "update orders set total_cents = 7 where total_cents = 6");
  EXPECT_EQ(big.find(s, 1).value().spent, 17);
}

TEST_F(Touched, AViewThatIsMadeAnewIsFollowedAnew) {
  db.execute(s, "create view big_spenders as select user_id, sum(total_cents) as spent from orders group by user_id");
  const forebay::repository<BigSpender> big{db};
  shop.orders.insert(s, {.id = 1, .user_id = 1, .courier_id = {}, .total_cents = 5});
  EXPECT_EQ(big.find(s, 1).value().spent, 5);
  {
    forebay::transaction tx = db.begin(s);
    db.execute(tx, "drop view big_spenders");
    db.execute(tx, "create view big_spenders as select id as user_id, version as spent from users");
    tx.commit();
  }
  EXPECT_EQ(big.find(s, 1).value().spent, 1);
  db.execute(s, "update users set version = 9 where id = 1");
  EXPECT_EQ(big.find(s, 1).value().spent, 9);
}

TEST_F(Touched, AViewThatDoesNotCompileIsInNobodysWay) {
  db.execute(s, "create view big_spenders as select user_id, spent from later");
  db.execute(s, "insert into tags values('t', 1)");
  db.execute(s, "create table later(user_id integer primary key, spent integer)");
  db.execute(s, "insert into later values (1, 5)");
  const forebay::repository<BigSpender> big{db};
  EXPECT_EQ(big.find(s, 1).value().spent, 5);
  db.execute(s, "update later set spent = 6");
  EXPECT_EQ(big.find(s, 1).value().spent, 6);
  db.execute(s, "drop table later");
  EXPECT_TRUE(shop.users.set(s, 1, forebay::set<&User::name>("x")));
  db.execute(s, "create table later(user_id integer primary key, spent integer)");
  EXPECT_FALSE(big.find(s, 1));
  db.execute(s, "insert into later values (1, 7)");
  EXPECT_EQ(big.find(s, 1).value().spent, 7);
}

TEST_F(Touched, AViewOfSomethingElseGoesWithEveryWrite) {
  db.execute(s, "create view big_spenders as select value as user_id, 1 as spent from json_each('[1]')");
  const forebay::repository<BigSpender> big{db};
  EXPECT_TRUE(big.find(s, 1));
  db.execute(s, "insert into tags values('t', 1)");
  EXPECT_NE(big.find(s, 1).source(), source::memory);
}

TEST_F(Touched, ATextKeyIsExactWhereNoCollationMayTakeAnotherForIt) {
  for (const char* name : {"ann", "ANN", "bob"}) tags.insert(s, {.name = name, .weight = 1});
  for (const char* name : {"ann", "ANN", "bob"}) (void)tags.find(s, name);
  db.execute(s, "update tags set weight = 2 where name = {}", "ann");
  EXPECT_EQ(tags.find(s, "ann").value().weight, 2);
  EXPECT_EQ(tags.find(s, "ANN").source(), source::memory);
  db.execute(s, "update tags set weight = 3 where name = 'ANN'");
  EXPECT_EQ(tags.find(s, "ANN").value().weight, 3);
  EXPECT_EQ(tags.find(s, "bob").source(), source::memory);
  db.execute(s, "update tags set weight = 4 where name = {} collate nocase", "ANN");
  EXPECT_EQ(tags.find(s, "ann").value().weight, 4);
}

TEST_F(Touched, ATextKeyUnderACollationIsTheTable) {
  labels.insert(s, {.name = "ann", .weight = 1});
  ASSERT_EQ(labels.find(s, "ann").value().weight, 1);
  db.execute(s, "update labels set weight = 2 where name = {}", "ANN");
  EXPECT_EQ(labels.find(s, "ann").value().weight, 2);
  (void)db.query<std::string>(s, "update labels set weight = 3 where name = {} returning name", "ANN");
  EXPECT_EQ(labels.find(s, "ann").value().weight, 3);
}

TEST_F(Touched, AKeyOfSeveralColumnsMustBeNamedWhole) {
  const auto line = [](std::int64_t order, const char* sku) {
    return Line{.order_id = order, .sku = sku, .amount = 1, .version = 1};
  };
  shop.lines.insert_many(s, std::vector{line(1, "a"), line(1, "b"), line(2, "a")});
  const auto warm_lines = [&] { (void)shop.lines.find_many(s, {{1, "a"}, {1, "b"}, {2, "a"}}); };
  const auto in_memory = [&](std::int64_t order, const char* sku) {
    return shop.lines.find(s, {order, sku}).source() == source::memory;
  };
  warm_lines();
  db.execute(s, "update lines set amount = 2 where sku = {} and order_id = {}", "a", 1);
  EXPECT_FALSE(in_memory(1, "a"));
  EXPECT_TRUE(in_memory(1, "b"));
  EXPECT_TRUE(in_memory(2, "a"));
  warm_lines();
  db.execute(s, "update lines set amount = 3 where order_id in ({}) and sku = 'a'", ids{1, 2});
  EXPECT_FALSE(in_memory(1, "a"));
  EXPECT_TRUE(in_memory(1, "b"));
  EXPECT_FALSE(in_memory(2, "a"));
  warm_lines();
  db.execute(s, "update lines set amount = 4 where order_id = {}", 1);
  EXPECT_FALSE(in_memory(2, "a"));
  warm_lines();
  db.execute(s, "update lines set amount = 5 where order_id = 2 returning order_id, amount");
  EXPECT_FALSE(in_memory(1, "b"));
}

TEST_F(Touched, SeveralEntitiesOfATableAreEachExactOrAllDropped) {
  forebay::database_options o = options_for("sqlite::memory:");
  o.cache.entities.push_back(forebay::cache_for<UserMail>());
  shop_database two(std::move(o));
  const forebay::repository<UserMail> mails{two.db};
  two.users.insert(two.s, ann());
  two.users.insert(two.s, bob());
  const auto warm_both = [&] {
    for (const User& u : {ann(), bob()}) {
      (void)two.users.find(two.s, u.id);
      (void)mails.find(two.s, u.email);
    }
  };
  warm_both();
  two.db.execute(two.s, "update users set version = 2 where id = {}", 1);
  EXPECT_NE(two.users.find(two.s, 2).source(), source::memory);
  EXPECT_NE(mails.find(two.s, ann().email).source(), source::memory);
  warm_both();
  two.db.execute(two.s, "update users set version = 3 where version = 2 returning id, email");
  EXPECT_NE(two.users.find(two.s, 1).source(), source::memory);
  EXPECT_NE(mails.find(two.s, ann().email).source(), source::memory);
  EXPECT_EQ(two.users.find(two.s, 2).source(), source::memory);
  EXPECT_EQ(mails.find(two.s, bob().email).source(), source::memory);
}

TEST_F(Touched, TheApplicationMayNameTheRows) {
  warm();
  db.execute(s, touches(shop.users, 2), "update users set name = 'x' where email = {}", "c");
  EXPECT_EQ(dropped(), ids{2});
  db.execute(s, touches(shop.users, ids{3, 4}), "update users set name = 'x' where version in (3, 4)");
  EXPECT_EQ(dropped(), (ids{3, 4}));
  db.execute(s, touches_all<User>(), "update users set name = 'y'");
  EXPECT_EQ(dropped(), all);
  (void)db.query<std::string>(s, touches(shop.users, 5),
                              "update users set name = 'q' where version = 5 returning name");
  EXPECT_EQ(dropped(), ids{5});
  EXPECT_TRUE(seen->wide.empty());
}

TEST_F(Touched, NothingIsSaidToBeTouchedAndOnlyThatTableIsMeant) {
  db.execute(s, "alter table users add column seen integer");
  warm();
  db.execute(s, touches_nothing(), "update users set seen = 1");
  EXPECT_EQ(dropped(), ids{});
  db.execute(s, touches(shop.orders, 1), "update users set name = 'x'");
  EXPECT_EQ(dropped(), all);
  db.execute(s, touches(shop.orders, 1) | touches(shop.users, 2), "update users set name = 'y' where version = 2");
  EXPECT_EQ(dropped(), ids{2});
}

TEST_F(Touched, WhatTriggersWriteIsDroppedWhateverTheApplicationSays) {
  db.execute(s,
             "create trigger spread after update of name on users when new.id = 2 begin "
             "update users set version = 100 where id = 3; end");
  warm();
  db.execute(s, touches(shop.users, 2), "update users set name = 'x' where id = 2");
  EXPECT_EQ(dropped(), all);
  EXPECT_EQ(shop.users.find(s, 3).value().version, 100);
}

TEST_F(Touched, AKeyThatTheMemberCannotHoldIsRefused) {
  EXPECT_THROW((void)touches(shop.users, std::uint64_t{1} << 63), forebay::error);
  EXPECT_EQ(touches(shop.lines, {1, "a"}).tables()[0].keys.size(), 1u);
}

TEST_F(Touched, InATransactionAllOfItWaitsForTheCommit) {
  warm();
  forebay::session other = db.session();
  {
    forebay::transaction tx = db.begin(s);
    db.execute(tx, "update users set name = 'x' where id = {}", 2);
    db.execute(tx, touches(shop.users, 3), "update users set name = 'x' where version = 3");
    (void)db.query<std::int64_t>(tx, "update users set name = 'x' where version = 4 returning id");
    EXPECT_EQ(shop.users.find(other, 2).source(), source::memory);
    tx.commit();
  }
  EXPECT_EQ(dropped(), (ids{2, 3, 4}));
  {
    forebay::transaction tx = db.begin(s);
    db.execute(tx, "update users set name = 'y'");
  }
  EXPECT_EQ(dropped(), ids{});
}

TEST_F(Touched, AFailureThatLeavesRowsBehindIsSeen) {
  warm();
  EXPECT_THROW(
      (void)db.query<std::int64_t>(
          s, "insert or fail into users(id, email, version) values(404, 'new', 1), (1, 'again', 1) returning id"),
      forebay::duplicate_key);
  (void)dropped();
  db.execute(s, "delete from users where id = 404");
  warm();
  EXPECT_THROW(db.execute(s, "insert or fail into users(id, email, version) values(404, 'new', 1), (1, 'again', 1)"),
               forebay::duplicate_key);
  (void)dropped();
}

TEST_F(Touched, AWideWriteIsReportedWithItsTableItsStatementAndItsLine) {
  const int line = __LINE__ + 1;
  db.execute(s, "update users set name = {} where email = {}", secret_text, "b");
  ASSERT_EQ(seen->wide.size(), 1u);
  EXPECT_EQ(seen->wide[0].table, "users");
  EXPECT_EQ(seen->wide[0].where.line, line);
  EXPECT_EQ(seen->wide[0].reason, forebay::wide_reason::key_not_named);
  EXPECT_EQ(seen->wide[0].statement, "update users set name = {} where email = {}");
}

TEST_F(Touched, AWideWriteInATransactionHasItsOwnLineNotTheCommits) {
  forebay::transaction tx = db.begin(s);
  const int line = __LINE__ + 1;
  for (int i = 0; i < 3; ++i) db.execute(tx, "update users set name = {} where email = 'b'", i);
  tx.commit();
  ASSERT_EQ(seen->wide.size(), 1u);
  EXPECT_EQ(seen->wide[0].where.line, line);
}

TEST_F(Touched, AWideWriteToATableOfNoCachedEntityIsNotReported) {
  db.execute(s, "create table plain(x)");
  seen->wide.clear();
  db.execute(s, "insert into plain values(1)");
  EXPECT_TRUE(seen->wide.empty());
}

}  // namespace
