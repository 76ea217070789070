#include <ranges>
#include <set>

#include "sqlite/writing_fixture.hpp"

using namespace shop;
using forebay::col;
using forebay::errc;
using forebay::increment;
using forebay::set;
using forebay::source;

namespace {

class Setting : public NoteWriting {
 protected:
  Setting() { notes.insert_many(s, std::vector{note("a"), note("b"), note("c")}); }

  // All three are in the cache.
  void warm() {
    for (const auto& n : notes.find_many(s, {1, 2, 3})) ASSERT_TRUE(n.has_value());
    ASSERT_EQ(cached(), (std::set<std::int64_t>{1, 2, 3}));
  }
  std::set<std::int64_t> cached() {
    std::set<std::int64_t> in_memory;
    for (const std::int64_t id : {1, 2, 3}) {
      if (notes.find(s, id).source() == source::memory) in_memory.insert(id);
    }
    return in_memory;
  }
};
class Updating : public Setting {};
class Removing : public Setting {};

TEST_F(Setting, WritesTheseColumnsOnlyAndRaisesTheVersion) {
  Note expected = stored(1);
  EXPECT_TRUE(notes.set(s, 1, set<&Note::author>("Eve"), set<&Note::visits>(3)));
  expected.author = "Eve";
  expected.visits = 3;
  expected.version = 2;
  EXPECT_EQ(stored(1), expected);
  EXPECT_EQ(stored(2).author, "ann");
}

TEST_F(Setting, TellsWhetherThereWasSuchARow) {
  EXPECT_FALSE(notes.set(s, 404, set<&Note::author>("Eve")));
  EXPECT_FALSE(shop.lines.set(s, {1, "pear"}, set<&Line::amount>(2)));
}

TEST_F(Setting, AKeyOfAnotherNumberTypeIsTakenWhenItFits) {
  EXPECT_TRUE(notes.set(s, short{1}, set<&Note::author>("Eve")));
  EXPECT_EQ(error_of([&] { notes.set(s, UINT64_MAX, set<&Note::author>("Eve")); }).code, errc::value_out_of_range);
}

TEST_F(Setting, AKeyOfSeveralColumnsAndAKeyOfExactText) {
  shop.lines.insert_many(s, std::vector<Line>{{1, "a", 1, 1}, {1, "b", 1, 1}});
  EXPECT_TRUE(shop.lines.set(s, {1, "b"}, increment<&Line::amount>(5)));
  EXPECT_EQ(shop.lines.find(s, {1, "a"}).value().amount, 1);
  EXPECT_EQ(shop.lines.find(s, {1, "b"}).value().amount, 6);
  tags.insert(s, {.name = "red", .uses = {}, .weight = 0});
  EXPECT_FALSE(tags.set(s, "RED", set<&Tag::uses>(1))) << "the column compares without case, the key does not";
  EXPECT_TRUE(tags.set(s, "red", set<&Tag::uses>(1)));
}

TEST_F(Setting, AColumnThatCanBeNullTakesNulloptAndOptionals) {
  tags.insert(s, {.name = "red", .uses = 1, .weight = 0});
  EXPECT_TRUE(tags.set(s, "red", set<&Tag::uses>(std::nullopt)));
  EXPECT_EQ(tags.find(s, "red").value().uses, std::nullopt);
  EXPECT_TRUE(tags.set(s, "red", set<&Tag::uses>(std::optional<std::int32_t>(4)), set<&Tag::weight>(2)));
  EXPECT_EQ(tags.find(s, "red").value(), (Tag{.name = "red", .uses = 4, .weight = 2}));
}

TEST_F(Setting, ANumberThatTheMemberCannotHoldIsRefusedBeforeTheCall) {
  EXPECT_EQ(error_of([&] { (void)set<&Note::visits>(std::int64_t{1} << 40); }).code, errc::value_out_of_range);
}

TEST_F(Setting, OneColumnTwiceIsRefused) {
  const caught e = error_of([&] { notes.set(s, 1, set<&Note::visits>(1), increment<&Note::visits>(1)); });
  EXPECT_EQ(e.code, errc::invalid_option);
  EXPECT_TRUE(e.says("visits is assigned twice")) << e.what;
  EXPECT_TRUE(e.says("updating_test.cpp:")) << e.what;
}

TEST_F(Setting, AConstraintThatBreaksIsTypedAndNamesTheColumn) {
  notes.set(s, 2, set<&Note::text>(secret_text));
  const caught e = error_of([&] { notes.set(s, 1, set<&Note::text>(secret_text)); });
  EXPECT_EQ(e.code, errc::duplicate_key);
  EXPECT_TRUE(e.says("notes.text")) << e.what;
  EXPECT_EQ(stored(1).text, "a");
}

TEST_F(Setting, IncrementsWhatIsThere) {
  EXPECT_TRUE(notes.set(s, 1, increment<&Note::visits>(5)));
  EXPECT_TRUE(notes.set(s, 1, increment<&Note::visits>(-2)));
  EXPECT_EQ(stored(1).visits, 3);
  tags.insert(s, {.name = "red", .uses = {}, .weight = 0.5});
  EXPECT_TRUE(tags.set(s, "red", increment<&Tag::uses>(1), increment<&Tag::weight>(0.25)));
  EXPECT_EQ(tags.find(s, "red").value(), (Tag{.name = "red", .uses = std::nullopt, .weight = 0.75}));
}

TEST_F(Setting, ASumThatTheMemberCannotHoldIsRefusedAndChangesNothing) {
  notes.set_where(s, col<&Note::id> < 3, set<&Note::visits>(INT32_MAX - 1));
  EXPECT_TRUE(notes.set(s, 1, increment<&Note::visits>(1)));
  const caught e = error_of([&] { notes.set(s, 1, increment<&Note::visits>(1)); });
  EXPECT_EQ(e.code, errc::value_out_of_range);
  EXPECT_EQ(error_of([&] { notes.set_where(s, col<&Note::id> > 0, increment<&Note::visits>(2)); }).code,
            errc::value_out_of_range);
  EXPECT_EQ(stored(1).visits, INT32_MAX);
  EXPECT_EQ(stored(2).visits, INT32_MAX - 1);
  EXPECT_EQ(stored(3).visits, 0);
  notes.set(s, 3, set<&Note::visits>(INT32_MIN));
  EXPECT_EQ(error_of([&] { notes.set(s, 3, increment<&Note::visits>(-1)); }).code, errc::value_out_of_range);
  EXPECT_EQ(error_of([&] { notes.set(s, 3, increment<&Note::visits>(INT64_MIN)); }).code, errc::value_out_of_range);
  EXPECT_TRUE(notes.set(s, 3, increment<&Note::visits>(std::int64_t{UINT32_MAX})));
  EXPECT_EQ(stored(3).visits, INT32_MAX);
}

TEST_F(Setting, AVersionThatCannotBeRaisedIsRefused) {
  shop.lines.insert(s, {.order_id = 1, .sku = "a", .amount = 1, .version = INT32_MAX});
  EXPECT_EQ(error_of([&] { shop.lines.set(s, {1, "a"}, set<&Line::amount>(2)); }).code, errc::value_out_of_range);
  EXPECT_EQ(shop.lines.find(s, {1, "a"}).value().amount, 1);
}

TEST_F(Setting, DropsExactlyItsRowFromTheCache) {
  warm();
  notes.set(s, 2, set<&Note::author>("Eve"));
  EXPECT_EQ(cached(), (std::set<std::int64_t>{1, 3}));
  EXPECT_EQ(notes.find(s, 2).value().author, "Eve");
}

TEST_F(Setting, InATransactionTheCacheFollowsTheCommit) {
  warm();
  {
    forebay::transaction tx = db.begin(s);
    EXPECT_TRUE(notes.set(tx, 2, set<&Note::author>("Eve")));
    EXPECT_EQ(notes.set_where(tx, col<&Note::id> == 3, set<&Note::author>("Eve")), 1u);
  }
  EXPECT_EQ(cached().size(), 3u) << "rolled back";
  forebay::transaction tx = db.begin(s);
  EXPECT_TRUE(notes.set(tx, 2, set<&Note::author>("Eve")));
  EXPECT_EQ(notes.set_where(tx, col<&Note::id> == 3, set<&Note::author>("Eve")), 1u);
  EXPECT_EQ(notes.remove_where(tx, col<&Note::id> == 404), 0u);
  tx.commit();
  EXPECT_EQ(cached(), (std::set<std::int64_t>{1}));
}

TEST_F(Setting, WhereAConditionHoldsTellsHowManyAndDropsExactlyThese) {
  warm();
  EXPECT_EQ(notes.set_where(s, col<&Note::text> >= "b", set<&Note::author>("Eve"), increment<&Note::visits>(1)), 2u);
  EXPECT_EQ(cached(), (std::set<std::int64_t>{1}));
  EXPECT_EQ(notes.find(s, 3).value().author, "Eve");
  EXPECT_EQ(notes.find(s, 3).value().version, 2);
  EXPECT_EQ(notes.set_where(s, col<&Note::text> == "none", set<&Note::author>("Eve")), 0u);
  EXPECT_EQ(cached().size(), 3u);
}

TEST_F(Setting, WhereAConditionHoldsOnAnEntityThatIsNotCached) {
  shop.users.insert(s, ann());
  shop.orders.insert_many(s, std::vector<Order>{{1, 1, {}, 10}, {2, 1, {}, 20}});
  EXPECT_EQ(shop.orders.set_where(s, col<&Order::total_cents> > 10, increment<&Order::total_cents>(1)), 1u);
  EXPECT_EQ(shop.orders.find(s, 2).value().total_cents, 21);
  EXPECT_EQ(shop.orders.remove_where(s, col<&Order::user_id> == 1), 2u);
}

TEST_F(Setting, WhatATriggerWroteIsDroppedToo) {
  tags.insert(s, {.name = "red", .uses = 1, .weight = 0});
  db.execute(s, "create trigger count after update on notes begin update tags set uses = uses + 1; end");
  ASSERT_EQ(tags.find(s, "red").value().uses, 1);
  notes.set(s, 1, set<&Note::author>("Eve"));
  EXPECT_EQ(tags.find(s, "red").value().uses, 2);
  notes.set_where(s, col<&Note::id> < 3, set<&Note::author>("Bob"));
  EXPECT_EQ(tags.find(s, "red").value().uses, 4);
}

TEST_F(Updating, LeavesReadOnlyColumnsAloneAndWritesFilledOnes) {
  Note n = *notes.find(s, 1);
  n.text = "longer";
  n.length = 99;
  n.made_at = "then";
  notes.update(s, n);
  EXPECT_EQ(stored(1).length, 6);
  EXPECT_EQ(stored(1).made_at, "then");
}

TEST_F(Updating, AConflictTellsWhatWasExpectedAndNotTheKey) {
  db.execute(s, "update notes set id = {} where id = 1", secret_number);
  Note n = *notes.find(s, secret_number);
  notes.set(s, secret_number, set<&Note::author>("Eve"));
  const caught e = error_of([&] { notes.update(s, n); });
  EXPECT_EQ(e.code, errc::conflict);
  EXPECT_TRUE(e.says("update of Note: the row (by id) has another version than 1 that was read")) << e.what;
}

TEST_F(Updating, ManyRaisesAllVersions) {
  std::vector<Note> rows{*notes.find(s, 1), *notes.find(s, 3)};
  for (Note& n : rows) n.author = "Eve";
  notes.update_many(s, rows);
  EXPECT_EQ(rows[1].version, 2);
  EXPECT_EQ(stored(1), rows[0]);
  EXPECT_EQ(stored(3), rows[1]);
  notes.update_many(s, std::span<Note>());
  forebay::transaction tx = db.begin(s);
  notes.update_many(tx, rows);
  tx.commit();
  EXPECT_EQ(stored(3).version, 3);
}

TEST_F(Updating, ManyWithOneConflictWritesNoneAndSaysWhichRow) {
  std::vector<Note> rows{*notes.find(s, 1), *notes.find(s, 2), *notes.find(s, 3)};
  const std::vector<Note> before = rows;
  notes.set(s, 2, set<&Note::author>("Eve"));
  const caught e = error_of([&] { notes.update_many(s, rows); });
  EXPECT_EQ(e.code, errc::conflict);
  EXPECT_TRUE(e.says("row 2 of 3")) << e.what;
  EXPECT_EQ(rows, before);
  EXPECT_EQ(stored(1), before[0]);
  EXPECT_EQ(notes.find(s, 2).value().author, "Eve");
}

TEST_F(Removing, ManyTellsHowManyThereWere) {
  EXPECT_EQ(notes.remove_many(s, {1, 3, 3, 404}), 2u);
  EXPECT_EQ(count(), 1);
  EXPECT_EQ(notes.remove_many(s, std::vector<std::int64_t>()), 0u);
  EXPECT_EQ(notes.remove_many(s, std::set<int>{2}), 1u);
}

TEST_F(Removing, ManyDropsTheirRowsFromTheCache) {
  warm();
  EXPECT_EQ(notes.remove_many(s, {1, 3}), 2u);
  EXPECT_FALSE(notes.find(s, 1));
  EXPECT_EQ(notes.find(s, 2).source(), source::memory);
}

TEST_F(Removing, ManyKeysOfSeveralColumnsAndKeysOfExactText) {
  shop.lines.insert_many(s, std::vector<Line>{{1, "a", 1, 1}, {1, "b", 1, 1}, {2, "a", 1, 1}});
  EXPECT_EQ(shop.lines.remove_many(s, {{1, "a"}, {2, "a"}, {3, "a"}}), 2u);
  EXPECT_TRUE(shop.lines.find(s, {1, "b"}).has_value());
  tags.insert(s, {.name = "red", .uses = {}, .weight = 0});
  EXPECT_EQ(tags.remove_many(s, {"RED", "blue"}), 0u);
  EXPECT_EQ(tags.remove_many(s, {"red", "blue"}), 1u);
}

TEST_F(Removing, ManyIsAllOrNone) {
  shop.users.insert_many(s, std::vector{ann(), bob()});
  shop.orders.insert(s, {.id = 1, .user_id = 2, .courier_id = {}, .total_cents = 1});
  EXPECT_THROW(shop.users.remove_many(s, {1, 2}), forebay::constraint_violation);
  EXPECT_TRUE(shop.users.find(s, 1).has_value());
  forebay::transaction tx = db.begin(s);
  notes.remove(tx, 1);
  EXPECT_THROW(shop.users.remove_many(tx, {1, 2}), forebay::constraint_violation);
  tx.commit();
  EXPECT_EQ(count(), 2);
  EXPECT_TRUE(shop.users.find(s, 1).has_value());
}

TEST_F(Removing, ListsAroundTheLimitsOfAStatement) {
  for (const std::int64_t n : {4095, 4096, 4097, 32'766, 32'767}) {
    std::vector<Mark> rows;
    std::vector<Order> orders;
    for (std::int64_t i = 1; i <= n; ++i) orders.push_back({.id = i, .user_id = 1, .courier_id = {}, .total_cents = i});
    if (n == 4095) shop.users.insert(s, ann());
    ASSERT_EQ(shop.orders.insert_many(s, orders).size(), static_cast<std::size_t>(n));
    std::vector<std::int64_t> keys;
    for (std::int64_t i = 1; i <= n; ++i) keys.push_back(i);
    EXPECT_EQ(shop.orders.remove_many(s, keys), static_cast<std::uint64_t>(n));
    EXPECT_EQ(db.scalar<std::int64_t>(s, "select count(*) from orders"), 0);
  }
}

TEST_F(Removing, WhereAConditionHoldsDropsExactlyThese) {
  warm();
  EXPECT_EQ(notes.remove_where(s, col<&Note::text> > "a"), 2u);
  EXPECT_EQ(count(), 1);
  EXPECT_EQ(notes.find(s, 1).source(), source::memory);
  EXPECT_FALSE(notes.find(s, 2));
}

}  // namespace
