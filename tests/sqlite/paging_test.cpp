#include "sqlite/reading.hpp"

#include <algorithm>
#include <random>
#include <set>

using namespace shop;
using forebay::col;
using forebay::errc;

namespace {

struct Item {
  std::int64_t id{};
  std::optional<std::int64_t> a;
  std::optional<std::string> b;
  double c{};
  std::string d;  // its column compares without case
  friend bool operator==(const Item&, const Item&) = default;
};
FOREBAY_ENTITY(Item, "items", id, a, b, c, d);

struct Pair {
  std::string x;
  std::int64_t y{};
  std::optional<std::int64_t> n;
  friend bool operator==(const Pair&, const Pair&) = default;
};
FOREBAY_ENTITY(Pair, (.table = "pairs", .key = {&Pair::x, &Pair::y}), x, y, n);

struct ItemName {
  std::string d;
  std::int64_t id{};
};
FOREBAY_ROW(ItemName, d, id);

struct Secret {
  std::int64_t id{};
  std::string pin;
};
FOREBAY_ENTITY(Secret, (.table = "secrets", .sensitive = {&Secret::pin}), id, pin);

struct Voucher {
  std::string code;
};
FOREBAY_ENTITY(Voucher, (.table = "vouchers", .sensitive = {&Voucher::code}), code);

class Paging : public reading_test {
 protected:
  Paging() {
    db.execute(s,
               "create table items(id integer primary key, a integer, b text, c real not null, "
               "d text not null collate nocase)");
    db.execute(s,
               "create table pairs(x text not null collate nocase, y integer not null, n integer, primary key(x, y))");
  }
  void fill(std::int64_t count) {
    std::vector<Item> rows;
    for (std::int64_t i = 1; i <= count; ++i) rows.push_back({i, i % 3, std::nullopt, 0.5, "x"});
    items.insert_many(s, rows);
  }
  forebay::repository<Item> items{db};
  forebay::repository<Pair> pairs{db};
};
INSTANTIATE_TEST_SUITE_P(Sqlite, Paging, testing::Values("file", "memory"),
                         [](const auto& which) { return which.param; });

TEST_P(Paging, PagesFollowOneAnotherToTheEnd) {
  fill(5);
  auto query = items.query(s);
  query.order_by(col<&Item::id>.descending()).limit(2);
  const auto first = query.after("").page();
  EXPECT_EQ(ids_of(first.rows), (ids{5, 4}));
  EXPECT_TRUE(first.has_more);
  const auto second = query.after(first.next).page();
  EXPECT_EQ(ids_of(second.rows), (ids{3, 2}));
  EXPECT_TRUE(second.has_more);
  const auto third = query.after(second.next).page();
  EXPECT_EQ(ids_of(third.rows), (ids{1}));
  EXPECT_FALSE(third.has_more);
}

TEST_P(Paging, APageThatIsJustFullSaysWhetherThereIsMore) {
  fill(4);
  auto query = items.query(s);
  query.limit(2);
  const auto first = query.page();
  EXPECT_TRUE(first.has_more);
  const auto second = query.after(first.next).page();
  EXPECT_EQ(ids_of(second.rows), (ids{3, 4}));
  EXPECT_FALSE(second.has_more);
}

TEST_P(Paging, BeforeGivesTheRowsAheadInTheQuerysOrder) {
  fill(6);
  auto query = items.query(s);
  query.order_by(col<&Item::id>).limit(2);
  const auto last = query.before("").page();
  EXPECT_EQ(ids_of(last.rows), (ids{5, 6}));
  EXPECT_TRUE(last.has_more);
  const auto middle = query.before(last.previous).page();
  EXPECT_EQ(ids_of(middle.rows), (ids{3, 4}));
  const auto again = query.after(middle.next).page();
  EXPECT_EQ(ids_of(again.rows), (ids{5, 6}));
  EXPECT_EQ(again.next, last.next) << "a cursor is the place of a row, however it was reached";
  const auto first = query.before(middle.previous).page();
  EXPECT_EQ(ids_of(first.rows), (ids{1, 2}));
  EXPECT_FALSE(first.has_more);
}

TEST_P(Paging, AnEmptyPageKeepsTheCursorSoThatNewRowsAreFoundLater) {
  fill(2);
  auto query = items.query(s);
  query.limit(5);
  const auto all = query.page();
  const auto none = query.after(all.next).page();
  EXPECT_TRUE(none.rows.empty());
  EXPECT_FALSE(none.has_more);
  EXPECT_EQ(none.next, all.next);
  EXPECT_EQ(none.previous, "");
  items.insert(s, {3, 1, std::nullopt, 0.5, "x"});
  EXPECT_EQ(ids_of(query.after(none.next).page().rows), (ids{3}));
  const auto ahead = query.before(all.previous).page();
  EXPECT_TRUE(ahead.rows.empty());
  EXPECT_EQ(ahead.previous, all.previous);
  EXPECT_EQ(ahead.next, "");
}

TEST_P(Paging, OfAnEmptyTableIsEmpty) {
  const auto page = items.query(s).limit(3).page();
  EXPECT_TRUE(page.rows.empty());
  EXPECT_FALSE(page.has_more);
  EXPECT_EQ(page.next, "");
  EXPECT_EQ(page.previous, "");
}

TEST_P(Paging, ConditionsHoldOnEveryPage) {
  fill(9);
  auto query = items.query(s);
  query.where(col<&Item::a> == 1 || col<&Item::a> == 2).order_by(col<&Item::a>.descending()).limit(4);
  const auto first = query.page();
  EXPECT_EQ(ids_of(first.rows), (ids{8, 5, 2, 7})) << "the key follows the direction of what stands before it";
  EXPECT_EQ(ids_of(query.after(first.next).page().rows), (ids{4, 1}));
}

TEST_P(Paging, AProjectionIsPaged) {
  fill(3);
  const auto selected = items.query(s).order_by(col<&Item::c>).limit(2).select<ItemName>();
  const auto first = selected.page();
  EXPECT_EQ(ids_of(first.rows), (ids{1, 2}));
  const auto rest = items.query(s).order_by(col<&Item::c>).limit(2).after(first.next).select<ItemName>().page();
  EXPECT_EQ(ids_of(rest.rows), (ids{3}));
}

TEST_P(Paging, AProjectionUnderTheNameOfAnotherColumnIsOrderedByTheColumn) {
  std::vector<Item> rows;
  for (std::int64_t i = 1; i <= 4; ++i)
    rows.push_back(
        {i, {}, std::string(1, static_cast<char>('a' + i * 2 % 5)), 0.5, std::string(1, static_cast<char>('z' - i))});
  items.insert_many(s, rows);
  const auto query = [&] { return items.query(s).order_by(col<&Item::d>).limit(3); };
  const auto first = query().select<ItemName>(col<&Item::b>, col<&Item::id>).page();
  EXPECT_EQ(ids_of(first.rows), (ids{4, 3, 2})) << "by d, and not by b, which is read into a member d";
  EXPECT_EQ(ids_of(query().after(first.next).select<ItemName>(col<&Item::b>, col<&Item::id>).page().rows), (ids{1}));
  EXPECT_EQ(ids_of(query().after(first.next).page().rows), (ids{1})) << "a cursor does not depend on what is selected";
}

TEST_P(Paging, AJoinIsPagedByTheKeysOfAllItsEntities) {
  users.insert_many(s, some_users(3));
  orders.insert_many(s,
                     std::vector<Order>{{1, 1, 2, 5}, {2, 1, std::nullopt, 5}, {3, 2, std::nullopt, 5}, {4, 3, 1, 5}});
  auto query = orders.query(s).left_join<&Order::courier_id>(users);
  query.order_by(col<&User::email>.descending(), col<&Order::total_cents>).limit(1);
  ids seen;
  std::string cursor;
  for (bool more = true; more;) {
    const auto page = query.after(cursor).page();
    for (const auto& row : page.rows) seen.push_back(std::get<Order>(row).id);
    cursor = page.next;
    more = page.has_more;
  }
  EXPECT_EQ(seen, (ids{1, 4, 2, 3}));
}

TEST_P(Paging, WhatCannotBePagedIsRefused) {
  const auto refused = [](const auto& query) {
    const caught e = error_of([&] { (void)query.page(); });
    EXPECT_TRUE(e.says("paging_test.cpp")) << e.what;
    return e.code;
  };
  EXPECT_EQ(refused(items.query(s)), errc::invalid_option) << "no limit";
  EXPECT_EQ(refused(items.query(s).limit(0)), errc::invalid_option);
  EXPECT_EQ(refused(items.query(s).limit(5).offset(1)), errc::invalid_option);
  EXPECT_EQ(refused(items.query(s).limit(5).select<ItemName>().distinct()), errc::invalid_option);
  EXPECT_EQ(refused(items.query(s).limit(5).select<ItemName>(col<&Item::d>, forebay::count())), errc::invalid_option);
  EXPECT_EQ(refused(items.query(s).limit(5).order_by(forebay::count().descending())), errc::invalid_option);
  EXPECT_EQ(refused(forebay::repository<Secret>(db).query(s).order_by(col<&Secret::pin>).limit(5)),
            errc::invalid_option);
  EXPECT_EQ(refused(forebay::repository<Voucher>(db).query(s).limit(5)), errc::invalid_option)
      << "the key is sensitive";
}

// Every change of a character, every cut: an error, never another place.
TEST_P(Paging, ADamagedCursorIsRefused) {
  fill(3);
  auto query = items.query(s);
  query.order_by(col<&Item::d>).limit(2);
  const std::string good = query.page().next;
  const auto refused = [&](const std::string& cursor) {
    try {
      (void)query.after(cursor).page();
      return false;
    } catch (const forebay::invalid_cursor&) {
      return true;
    }
  };
  EXPECT_FALSE(refused(good));
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string changed = good;
    changed[i] = good[i] == 'A' ? 'B' : 'A';
    EXPECT_TRUE(refused(changed)) << i;
    if (i > 0) {
      EXPECT_TRUE(refused(good.substr(0, i))) << i;
    }
  }
  EXPECT_TRUE(refused(good + "A"));
  EXPECT_TRUE(refused("no cursor!"));
  EXPECT_TRUE(refused(std::string(10'000, 'x')));
  EXPECT_TRUE(error_of([&] { (void)query.after(secret_text).page(); }).says("paging_test.cpp"));
}

TEST_P(Paging, ACursorOfAnotherQueryIsRefused) {
  fill(3);
  const std::string cursor = items.query(s).where(col<&Item::id> < 9).order_by(col<&Item::d>).limit(1).page().next;
  const auto code = [&](auto query) { return error_of([&] { (void)query.limit(1).after(cursor).page(); }).code; };
  EXPECT_EQ(code(items.query(s).where(col<&Item::id> < 9)), errc::invalid_cursor);
  EXPECT_EQ(code(items.query(s).where(col<&Item::id> < 9).order_by(col<&Item::d>.descending())), errc::invalid_cursor);
  EXPECT_EQ(code(items.query(s).where(col<&Item::id> < 9).order_by(col<&Item::d>.nulls_last())), errc::invalid_cursor);
  EXPECT_EQ(code(items.query(s).where(col<&Item::id> > 9).order_by(col<&Item::d>)), errc::invalid_cursor);
  EXPECT_EQ(code(items.query(s).order_by(col<&Item::d>)), errc::invalid_cursor);
  EXPECT_EQ(code(pairs.query(s)), errc::invalid_cursor);
  // The values of its conditions may differ, and the length of a page.
  EXPECT_EQ(ids_of(items.query(s).where(col<&Item::id> < 3).order_by(col<&Item::d>).limit(7).after(cursor).page().rows),
            (ids{2}));
}

TEST_P(Paging, ACursorIsTextThatNeedsNoQuoting) {
  items.insert(s, {1, std::nullopt, std::string("quote \" ' \0 \xff", 13), 0.5, "/+?&"});
  const std::string cursor = items.query(s).order_by(col<&Item::b>, col<&Item::d>).limit(1).page().next;
  EXPECT_EQ(cursor.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
            std::string::npos);
  EXPECT_TRUE(items.query(s).order_by(col<&Item::b>, col<&Item::d>).limit(1).after(cursor).page().rows.empty());
}

// Random tables with repeats and NULLs, random orders.

struct walk {
  std::vector<std::int64_t> forward;
  std::vector<std::int64_t> backward;
};

class random_pages {
 public:
  random_pages(forebay::session& s, const forebay::repository<Item>& items, unsigned seed)
      : s_(s), items_(items), random_(seed) {}

  std::uint64_t below(std::uint64_t n) { return random_() % n; }

  Item row(std::int64_t id) {
    static const char* const texts[] = {"a", "A", "b", "B", ""};
    Item r{id, std::nullopt, std::nullopt, static_cast<double>(below(3)) - 0.75, texts[below(5)]};
    if (below(3) != 0) r.a = static_cast<std::int64_t>(below(3)) - 1;
    if (below(3) != 0) r.b = texts[below(5)];
    return r;
  }

  template <class Column>
  forebay::order<Item> part(const Column& c) {
    const forebay::order<Item> o = below(2) == 0 ? c.ascending() : c.descending();
    switch (below(3)) {
      case 0: return o.nulls_first();
      case 1: return o.nulls_last();
      default: return o;
    }
  }

  forebay::query<Item> query() {
    forebay::query<Item> q = items_.query(s_);
    const bool one_way = below(3) == 0;  // compared as one tuple
    for (std::uint64_t n = below(4); n > 0; --n) {
      switch (below(one_way ? 2 : 5)) {
        case 0: q.order_by(one_way ? col<&Item::c>.ascending() : part(col<&Item::c>)); break;
        case 1: q.order_by(one_way ? col<&Item::d>.ascending() : part(col<&Item::d>)); break;
        case 2: q.order_by(part(col<&Item::a>)); break;
        case 3: q.order_by(part(col<&Item::b>)); break;
        default: q.order_by(part(col<&Item::id>));
      }
    }
    if (below(4) == 0) q.where(col<&Item::c> > -1.0 && (col<&Item::d> == "a" || col<&Item::a>.is_not_null()));
    return q;
  }

  // Reads page after page; `between` runs after each.
  template <class Between>
  ids walk(forebay::query<Item> q, std::uint64_t size, bool backward, Between between) {
    q.limit(size);
    ids seen;
    std::string cursor;
    for (bool more = true; more;) {
      backward ? q.before(cursor) : q.after(cursor);
      const auto page = q.page();
      EXPECT_LE(page.rows.size(), size);
      const ids part = ids_of(page.rows);
      seen.insert(backward ? seen.begin() : seen.end(), part.begin(), part.end());
      cursor = backward ? page.previous : page.next;
      more = page.has_more;
      EXPECT_TRUE(!more || page.rows.size() == size);
      between();
    }
    return seen;
  }

 private:
  forebay::session& s_;
  const forebay::repository<Item>& items_;
  std::mt19937 random_;
};

unsigned new_seed() {
  if (const char* given = std::getenv("FOREBAY_SEED")) return static_cast<unsigned>(std::strtoul(given, nullptr, 10));
  return std::random_device{}();
}

TEST_P(Paging, EveryWalkGivesEachRowOnceInTheOrderOfTheQuery) {
  const unsigned seed = new_seed();
  SCOPED_TRACE("FOREBAY_SEED=" + std::to_string(seed));
  random_pages random(s, items, seed);
  for (int table = 0; table < 6; ++table) {
    db.execute(s, "delete from items");
    std::vector<Item> rows;
    for (std::int64_t id = 1; id <= 12; ++id) rows.push_back(random.row(id));
    items.insert_many(s, rows);
    for (int i = 0; i < 8; ++i) {
      const auto query = random.query();
      // The whole as one page: its order is the database's, not the test's.
      forebay::query<Item> whole = query;
      const ids expected = ids_of(whole.limit(1000).page().rows);
      const auto unpaged = ids_of(query.all());
      ASSERT_EQ(std::set(unpaged.begin(), unpaged.end()), std::set(expected.begin(), expected.end()));
      ASSERT_EQ(unpaged.size(), expected.size());
      for (const std::uint64_t size : {1u, 2u, 3u, 5u, 12u, 13u}) {
        const auto nothing = [] {};
        ASSERT_EQ(random.walk(query, size, false, nothing), expected) << "forward, pages of " << size;
        ASSERT_EQ(random.walk(query, size, true, nothing), expected) << "backward, pages of " << size;
      }
    }
  }
}

TEST_P(Paging, RowsThatStayComeOnceWhileOthersComeAndGo) {
  const unsigned seed = new_seed();
  SCOPED_TRACE("FOREBAY_SEED=" + std::to_string(seed));
  random_pages random(s, items, seed);
  for (int i = 0; i < 25; ++i) {
    db.execute(s, "delete from items");
    std::vector<Item> rows;
    for (std::int64_t id = 1; id <= 30; ++id) rows.push_back(random.row(id * 10));
    items.insert_many(s, rows);
    const auto query = random.query();
    forebay::query<Item> whole = query;
    ids staying = ids_of(whole.limit(1000).page().rows);
    std::erase_if(staying, [](std::int64_t id) { return id % 20 == 0; });
    std::int64_t next = 1;
    const auto disturb = [&] {
      (void)items.remove(s, static_cast<std::int64_t>(random.below(15) + 1) * 20);
      items.insert(s, random.row(next));
      next += next % 10 == 9 ? 2 : 1;
    };
    const bool backward = random.below(2) == 0;
    ids seen = random.walk(query, random.below(4) + 2, backward, disturb);
    std::erase_if(seen, [](std::int64_t id) { return id % 20 != 10; });
    ASSERT_EQ(seen, staying) << "walk " << i << (backward ? ", backward" : ", forward");
  }
}

TEST_P(Paging, AKeyOfSeveralColumnsWithACollationIsWalked) {
  std::vector<Pair> rows;
  for (const char* x : {"b", "A", "c", "Bb"}) {
    for (std::int64_t y = 3; y > 0; --y) rows.push_back({x, y, y == 2 ? std::optional<std::int64_t>(1) : std::nullopt});
  }
  pairs.insert_many(s, rows);
  const auto walked = [&](forebay::query<Pair> query) {
    std::vector<Pair> seen;
    std::string cursor;
    for (bool more = true; more;) {
      const auto page = query.limit(5).after(cursor).page();
      seen.insert(seen.end(), page.rows.begin(), page.rows.end());
      cursor = page.next;
      more = page.has_more;
    }
    return seen;
  };
  const auto by_key = walked(pairs.query(s));
  ASSERT_EQ(by_key.size(), 12u);
  EXPECT_EQ(by_key[0], (Pair{"A", 1, std::nullopt}));
  EXPECT_EQ(by_key[3].x, "b");
  EXPECT_EQ(by_key[6].x, "Bb");
  EXPECT_EQ(by_key[11], (Pair{"c", 3, std::nullopt}));
  const auto by_n = walked(pairs.query(s).order_by(col<&Pair::n>.nulls_last(), col<&Pair::x>.descending()));
  ASSERT_EQ(by_n.size(), 12u);
  EXPECT_EQ(by_n[0], (Pair{"c", 2, 1}));
  EXPECT_EQ(by_n[4], (Pair{"c", 3, std::nullopt})) << "y follows the direction of x";
}

}  // namespace
