// Every operation, failing at its first call of the driver, at its second, and so on until it needs no more: after each
// failure the pool is whole, nothing is half-written, and the cache tells what the database has.

#include <gtest/gtest.h>

#include <algorithm>
#include <compare>
#include <functional>
#include <optional>
#include <ostream>
#include <stdexcept>
#include <string>
#include <tuple>
#include <vector>

#include <forebay/forebay.hpp>
#include <forebay/soci/sqlite.hpp>
#include <forebay/testing/fault_plan.hpp>

namespace whole_operations {

struct Account {
  std::int64_t id{};
  std::string owner;
  std::int64_t balance{};
  std::int64_t version{};
  auto operator<=>(const Account&) const = default;
};
FOREBAY_ENTITY(Account, (.table = "accounts", .version = &Account::version), id, owner, balance, version);

struct Entry {
  std::int64_t id{};
  std::int64_t account_id{};
  std::int64_t amount{};
  auto operator<=>(const Entry&) const = default;
};
FOREBAY_ENTITY(Entry, "entries", id, account_id, amount);

}  // namespace whole_operations

namespace forebay {
namespace {

using testing::driver_call;
using testing::fault;
using testing::fault_kind;
using testing::fault_plan;
using whole_operations::Account;
using whole_operations::Entry;

constexpr std::int64_t accounts_at_start = 4;
constexpr std::size_t pool_size = 2;

struct content {
  std::vector<Account> accounts;
  std::vector<Entry> entries;
  bool operator==(const content&) const = default;
  friend void PrintTo(const content& c, std::ostream* out) {
    for (const Account& a : c.accounts) *out << a.id << ':' << a.owner << ':' << a.balance << ':' << a.version << ' ';
    for (const Entry& e : c.entries) *out << e.id << ':' << e.account_id << ':' << e.amount << ' ';
  }
};

// A database behind a plan, with rows that are all in the cache, and one that is known to be missing.
struct bank {
  bank() {
    session s = db.session();
    db.execute(s, "create table accounts(id integer primary key, owner text unique, balance integer, version integer)");
    db.execute(s,
               "create table entries(id integer primary key, account_id integer references accounts(id), amount "
               "integer)");
    for (std::int64_t i = 1; i <= accounts_at_start; ++i) {
      accounts.insert(s, {i, "owner " + std::to_string(i), 100 * i, 1});
      for (std::int64_t j = 0; j < 2; ++j) entries.insert(s, {10 * i + j, i, 50 * i});
    }
    static_cast<void>(cached());
  }

  content stored() {
    session s = db.session();
    return {db.query<Account>(s, "select * from accounts order by id"),
            db.query<Entry>(s, "select * from entries order by id")};
  }
  // The same, row by row through the cache.
  content cached() {
    session s = db.session();
    content found;
    for (std::int64_t id = 1; id <= 10; ++id) {
      if (const auto a = accounts.find(s, id)) found.accounts.push_back(*a);
    }
    for (std::int64_t id = 1; id <= 300; ++id) {
      if (const auto e = entries.find(s, id)) found.entries.push_back(*e);
    }
    return found;
  }

  fault_plan plan;
  database db{{.shards = {{.primary = plan.url("sqlite::memory:")}},
               .cache = {.entities = {cache_for<Account>(), cache_for<Entry>()}},
               .pool = {.max_size = pool_size}}};
  repository<Account> accounts{db};
  repository<Entry> entries{db};
};

struct whole_operation {
  const char* name;
  std::function<void(bank&, session&)> run;
};

std::int64_t sum_of_balances(context& in) {
  return in.database().scalar<std::int64_t>(in, "select sum(balance) from accounts");
}

std::vector<Entry> two_hundred_entries() {
  std::vector<Entry> many;
  for (std::int64_t i = 0; i < 200; ++i) many.push_back({100 + i, 1 + i % accounts_at_start, i});
  return many;
}

std::vector<whole_operation> operations() {
  return {
      {"find",
       [](bank& b, session& s) {
         b.db.execute(s, "update accounts set balance = balance where id = 1");  // so that it is not cached
         EXPECT_EQ((*b.accounts.find(s, 1)).balance, 100);
       }},
      {"find_many",
       [](bank& b, session& s) {
         b.db.execute(s, "update accounts set balance = balance where id > 1");
         const auto found = b.accounts.find_many(s, {3, 1, 99, 2});
         ASSERT_EQ(found.size(), 4u);
         EXPECT_EQ(found[0]->balance, 300);
         EXPECT_FALSE(found[2]);
       }},
      {"query",
       [](bank& b, session& s) {
         EXPECT_EQ(b.accounts.query(s).where(col<&Account::balance> > 150).order_by(col<&Account::id>).all().size(),
                   3u);
       }},
      {"insert",
       [](bank& b, session& s) {
         b.accounts.insert(s, {5, "owner 5", 500, 1});
       }},
      {"insert_many", [](bank& b, session& s) { b.entries.insert_many(s, two_hundred_entries()); }},
      {"update",
       [](bank& b, session& s) {
         Account a{2, "owner 2", 222, 1};
         b.accounts.update(s, a);
         EXPECT_EQ(a.version, 2);
       }},
      {"remove", [](bank& b, session& s) { EXPECT_TRUE(b.entries.remove(s, 20)); }},
      {"execute",
       [](bank& b, session& s) {
         EXPECT_EQ(b.db.execute(s, "update accounts set balance = balance + {} where id > {}", 1, 1), 3u);
       }},
      {"query that writes",
       [](bank& b, session& s) {
         const auto ids = b.db.query<std::int64_t>(s, "update accounts set balance = 0 where id > 2 returning id");
         EXPECT_EQ(ids.size(), 2u);
       }},
      {"transact with a savepoint",
       [](bank& b, session& s) {
         b.db.transact(s, [&](transaction& tx) {
           Account from = *b.accounts.find(tx, 1);
           from.balance -= 10;
           b.accounts.update(tx, from);
           tx.nested([&] {
             Account to = *b.accounts.find(tx, 2);
             to.balance += 10;
             b.accounts.update(tx, to);
             b.entries.insert(tx, {50, 2, 10});
           });
           b.entries.insert(tx, {51, 1, -10});
         });
       }},
      {"transact that gives a savepoint up",
       [](bank& b, session& s) {
         b.db.transact(s, [&](transaction& tx) {
           b.entries.insert(tx, {50, 2, 10});
           try {
             tx.nested([&] {
               b.entries.insert(tx, {51, 2, 10});
               throw std::runtime_error("given up");
             });
           } catch (const std::runtime_error&) {
             b.entries.insert(tx, {52, 2, 10});
           }
         });
       }},
      {"cached",
       [](bank& b, session& s) {
         const auto sum = b.db.cached<std::int64_t>(s, "sum", {.tags = {table<Account>}}, &sum_of_balances);
         EXPECT_EQ(*sum, 1'000);
       }},
      {"load_for",
       [](bank& b, session& s) {
         const auto parents = b.accounts.find_many(s, {1, 2});
         const auto children = b.entries.load_for<&Entry::account_id>(s, parents);
         EXPECT_EQ(children.of_key(1).size(), 2u);
       }},
  };
}

class WholeOperation : public ::testing::TestWithParam<std::tuple<whole_operation, fault_kind>> {};

// What an error says about its outcome is what has happened.
void expect_told_truly(const error& e, const content& now, const content& before, const content& after) {
  switch (e.outcome()) {
    case outcome::not_applied: EXPECT_EQ(now, before) << e.what(); break;
    case outcome::applied: EXPECT_EQ(now, after) << e.what(); break;
    case outcome::unknown: EXPECT_TRUE(now == before || now == after) << e.what(); break;
  }
}

void expect_whole(bank& b) {
  for (const connection_role role : {connection_role::reader, connection_role::writer}) {
    const pool_statistics p = b.db.connections(role);
    EXPECT_EQ(p.in_use, 0u);
    EXPECT_EQ(p.waiting, 0u);
    EXPECT_LE(p.size, pool_size);
    EXPECT_EQ(p.idle, p.size);
  }
  session s = b.db.session();
  EXPECT_EQ(b.db.execute(s, "update accounts set balance = balance where id = 1"), 1u);
  EXPECT_EQ(b.db.query<std::int64_t>(s, "select id from accounts where id <= 4").size(), 4u);
}

TEST_P(WholeOperation, LeavesNothingHalfDoneWhicheverCallFails) {
  const auto& [operation, kind] = GetParam();
  content before;
  content after;
  {
    bank b;
    before = b.stored();
    session s = b.db.session();
    operation.run(b, s);
    after = b.stored();
  }
  std::uint64_t n = 1;
  for (bool failed = true; failed && n < 1'000; ++n) {
    bank b;
    session s = b.db.session();
    b.plan.fail_nth(n, {.kind = kind});
    std::optional<error> told;
    try {
      operation.run(b, s);
    } catch (const error& e) {
      told = e;
    }
    failed = b.plan.failed();
    SCOPED_TRACE("call " + std::to_string(n) + ", " +
                 (failed ? std::string(to_string(*b.plan.failed_at())) : std::string("none")) + " failed");
    b.plan.heal();
    const content now = b.stored();
    if (told) {
      expect_told_truly(*told, now, before, after);
    } else {
      EXPECT_EQ(now, after);  // nothing failed, or what failed was not needed
    }
    EXPECT_EQ(b.cached(), now);
    expect_whole(b);
    if (HasFatalFailure() || HasNonfatalFailure()) break;
  }
  EXPECT_GT(n, 2u);
}

std::string name_of(const ::testing::TestParamInfo<WholeOperation::ParamType>& info) {
  std::string name = std::get<0>(info.param).name;
  std::ranges::replace(name, ' ', '_');
  constexpr const char* kinds[] = {"_refused", "_lost_before", "_lost_after"};
  return name + kinds[static_cast<int>(std::get<1>(info.param))];
}

INSTANTIATE_TEST_SUITE_P(Sqlite, WholeOperation,
                         ::testing::Combine(::testing::ValuesIn(operations()),
                                            ::testing::Values(fault_kind::refused, fault_kind::lost_before,
                                                              fault_kind::lost_after)),
                         name_of);

// A fault that a retry cures: the whole closure runs again and its first attempt leaves nothing.
TEST(RetriedOperation, LeavesNothingOfItsFailedAttempt) {
  for (std::uint64_t n = 1; n < 100; ++n) {
    bank b;
    session s = b.db.session();
    b.plan.fail_nth(n, {.code = errc::serialization_failure, .retryable = true});
    int attempts = 0;
    b.db.transact(s, [&](transaction& tx) {
      ++attempts;
      b.entries.insert(tx, {50, 1, attempts});
      tx.nested([&] { b.entries.insert(tx, {51, 1, attempts}); });
    });
    const bool failed = b.plan.failed();
    b.plan.heal();
    EXPECT_EQ(b.stored().entries.size(), 2 * accounts_at_start + 2);
    EXPECT_EQ((*b.entries.find(s, 50)).amount, attempts);
    EXPECT_EQ(b.cached(), b.stored());
    expect_whole(b);
    if (!failed) return;
  }
  ADD_FAILURE() << "it never ends";
}

}  // namespace
}  // namespace forebay
