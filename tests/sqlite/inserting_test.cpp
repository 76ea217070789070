#include <cmath>

#include "sqlite/writing_fixture.hpp"

using namespace shop;
using forebay::errc;
using forebay::on;
using forebay::outcome;
using forebay::source;

namespace {

struct Small {
  std::int32_t id{};
  std::string name;
};
FOREBAY_ENTITY(Small, (.table = "small", .generated = &Small::id), id, name);

class Inserting : public NoteWriting {};
class Upserting : public NoteWriting {};

TEST_F(Inserting, GivesTheKeyThatTheDatabaseMade) {
  EXPECT_EQ(notes.insert(s, note("a")), 1);
  EXPECT_EQ(notes.insert(s, note("b")), 2);
  EXPECT_EQ(stored(2).text, "b");
}

TEST_F(Inserting, WritesAKeyThatIsSet) {
  Note n = note("a");
  n.id = 40;
  EXPECT_EQ(notes.insert(s, n), 40);
  EXPECT_EQ(notes.insert(s, note("b")), 41);
}

TEST_F(Inserting, GivesTheRowsOwnKeyWhereNoneIsGenerated) {
  EXPECT_EQ(shop.users.insert(s, ann()), 1);
  const auto key = shop.lines.insert(s, {.order_id = 7, .sku = "pear", .amount = 1, .version = 1});
  EXPECT_EQ(key, (forebay::key_t<Line>{7, "pear"}));
}

TEST_F(Inserting, LeavesFilledAndReadOnlyColumnsToTheDatabase) {
  Note n = note("four");
  n.made_at = "ignored";
  n.length = 99;
  notes.insert(s, n);
  EXPECT_EQ(stored(1).made_at, "now");
  EXPECT_EQ(stored(1).length, 4);
}

TEST_F(Inserting, ReturningGivesTheRowAsItIsStored) {
  const Note n = notes.insert_returning(s, note("four"));
  EXPECT_EQ(n, stored(1));
  EXPECT_EQ(n.id, 1);
  EXPECT_EQ(n.made_at, "now");
  EXPECT_EQ(n.length, 4);
  forebay::transaction tx = db.begin(s);
  EXPECT_EQ(notes.insert_returning(tx, note("five5")).length, 5);
  tx.rollback();
  EXPECT_EQ(count(), 1);
}

TEST_F(Inserting, ReturningARowThatCannotBeReadStoresNothing) {
  db.execute(s,
             "create table loose(id integer primary key, author text, text text, made_at text, "
             "length integer, visits integer, version integer)");
  db.execute(s, "drop table notes");
  db.execute(s, "alter table loose rename to notes");  // made_at will be NULL
  EXPECT_EQ(error_of([&] { notes.insert_returning(s, note("a")); }).code, errc::schema_mismatch);
  EXPECT_EQ(count(), 0);
}

TEST_F(Inserting, ManyGivesTheKeysInTheOrderOfTheRows) {
  std::vector<Note> rows{note("a"), note("b"), note("c"), note("d")};
  rows[1].id = 70;
  EXPECT_EQ(notes.insert_many(s, rows), (std::vector<std::int64_t>{1, 70, 71, 72}));
  EXPECT_EQ(stored(70).text, "b");
  EXPECT_EQ(stored(72).text, "d");
}

TEST_F(Inserting, ManyTakesNothingRangesMadeOnTheWayAndMovedFromRows) {
  EXPECT_TRUE(notes.insert_many(s, std::vector<Note>()).empty());
  std::vector<Note> rows{note("a"), note("b")};
  const Note taken = std::move(rows[1]);
  rows[1].text = "c";
  EXPECT_EQ(notes.insert_many(s, rows).size(), 2u);
  EXPECT_EQ(stored(2).text, "c");
  EXPECT_EQ(taken.text, "b");
}

TEST_F(Inserting, ManySaysWhichRowCouldNotBeStoredAndStoresNone) {
  const caught e = error_of([&] {
    notes.insert_many(s, std::vector{note("a"), note(secret_text), note(secret_text)});
  });
  EXPECT_EQ(e.code, errc::duplicate_key);
  EXPECT_TRUE(e.says("notes.text; row 3 of 3")) << e.what;
  EXPECT_TRUE(e.says("inserting_test.cpp:")) << e.what;
  EXPECT_EQ(count(), 0);
}

TEST_F(Inserting, ManyRefusesAValueThatCannotBeBoundAndStoresNone) {
  tags.insert(s, {.name = "first", .uses = 1, .weight = 1});
  const std::vector<Tag> rows{{.name = "a", .uses = {}, .weight = 1},
                              {.name = "b", .uses = {}, .weight = std::nan("")}};
  const caught e = error_of([&] { tags.insert_many(s, rows); });
  EXPECT_EQ(e.code, errc::value_out_of_range);
  EXPECT_TRUE(e.says("row 2 of 2")) << e.what;
  EXPECT_EQ(db.scalar<std::int64_t>(s, "select count(*) from tags"), 1);
}

TEST_F(Inserting, ManyIsOneEvent) {
  struct statements : forebay::observer {
    void on_statement(const forebay::statement_event& e) noexcept override {
      if (e.table == "notes") seen.push_back({e.rows, e.failed});
    }
    std::vector<std::pair<std::uint64_t, bool>> seen;
  };
  const auto observed = std::make_shared<statements>();
  db.observe(observed);
  notes.insert_many(s, std::vector{note("a"), note("b"), note("c")});
  EXPECT_EQ(observed->seen, (std::vector<std::pair<std::uint64_t, bool>>{{3, false}}));
}

TEST_F(Inserting, AKeyThatTheMemberCannotHoldIsToldAndTheRowIsThere) {
  db.execute(s, "create table small(id integer primary key, name text)");
  db.execute(s, "insert into small values(3000000000, 'x')");
  const caught e = error_of([&] { forebay::repository<Small>(db).insert(s, {.id = 0, .name = "y"}); });
  EXPECT_EQ(e.code, errc::value_out_of_range);
  EXPECT_EQ(e.details.outcome, outcome::applied);
  EXPECT_EQ(db.scalar<std::int64_t>(s, "select count(*) from small"), 2);
}

TEST_F(Inserting, NulBytesAndInvalidUtf8AreKept) {
  const std::string odd("a\0b\xff\xc0", 5);
  notes.insert_many(s, std::vector{note(odd)});
  EXPECT_EQ(stored(1).text, odd);
  EXPECT_EQ(tags.insert(s, {.name = odd, .uses = {}, .weight = 0}), odd);
  EXPECT_TRUE(tags.find(s, odd).has_value());
}

TEST_F(Inserting, EndsThatTheCacheKnowsOfNoSuchRow) {
  EXPECT_FALSE(notes.find(s, 1));
  EXPECT_FALSE(notes.find(s, 2));
  EXPECT_FALSE(notes.find(s, 9));
  EXPECT_EQ(notes.insert(s, note("a")), 1);
  EXPECT_TRUE(notes.find(s, 1));
  notes.insert_many(s, std::vector{note("b")});
  EXPECT_TRUE(notes.find(s, 2));
  EXPECT_EQ(read(notes, s, 9), source::memory) << "the other key is still known to be absent";
}

TEST_F(Upserting, InsertsAndThenWritesOverAndRaisesTheVersion) {
  Note n = note("a");
  n.id = 5;
  EXPECT_EQ(notes.upsert(s, n), 5);
  EXPECT_EQ(stored(5).version, 1);
  n.author = "bob";
  EXPECT_EQ(notes.upsert(s, n), 5);
  EXPECT_EQ(stored(5).author, "bob");
  EXPECT_EQ(stored(5).version, 2);
  EXPECT_EQ(stored(5).made_at, "now");
  EXPECT_EQ(count(), 1);
}

TEST_F(Upserting, OnAUniqueColumnKeepsTheKeyOfTheRowThatIsThere) {
  EXPECT_EQ(notes.upsert(s, note("a"), on<&Note::text>), 1);
  Note again = note("a");
  again.author = "bob";
  EXPECT_EQ(notes.upsert(s, again, on<&Note::text>), 1);
  again.id = 77;
  EXPECT_EQ(notes.upsert(s, again, on<&Note::text>), 1);
  EXPECT_EQ(count(), 1);
  EXPECT_EQ(stored(1).author, "bob");
  EXPECT_EQ(stored(1).version, 3);
}

TEST_F(Upserting, OfAGeneratedKeyThatIsNotSetIsRefused) {
  const caught e = error_of([&] { notes.upsert(s, note("a")); });
  EXPECT_EQ(e.code, errc::invalid_option);
  EXPECT_TRUE(e.says("upsert of Note")) << e.what;
  EXPECT_EQ(count(), 0);
}

TEST_F(Upserting, OnAColumnWithoutAUniqueIndexIsRefusedByTheDatabase) {
  EXPECT_EQ(error_of([&] { notes.upsert(s, note("a"), on<&Note::author>); }).code, errc::query_failed);
}

TEST_F(Upserting, ThatMeetsAnotherUniqueColumnIsADuplicate) {
  notes.insert(s, note(secret_text));
  Note n = note(secret_text);
  n.id = 9;
  EXPECT_EQ(error_of([&] { notes.upsert(s, n); }).code, errc::duplicate_key);
}

TEST_F(Upserting, ARowThatIsAllKeyMayBeThereAlready) {
  EXPECT_EQ(marks.upsert(s, {1, 2}), (forebay::key_t<Mark>{1, 2}));
  EXPECT_EQ(marks.upsert(s, {1, 2}), (forebay::key_t<Mark>{1, 2}));
  EXPECT_EQ(db.scalar<std::int64_t>(s, "select count(*) from marks"), 1);
}

TEST_F(Upserting, ManyIsAllOrNoneAndGivesTheKeys) {
  std::vector<Note> rows{note("a"), note("b"), note("a")};
  rows[2].author = "later";
  EXPECT_EQ(notes.upsert_many(s, rows, on<&Note::text>), (std::vector<std::int64_t>{1, 2, 1}));
  EXPECT_EQ(stored(1).author, "later");
  rows = {note("c"), note("d")};
  rows[1].visits = -1;
  db.execute(s,
             "create trigger refuse before insert on notes when new.visits < 0 begin select raise(abort, 'no'); end");
  const caught e = error_of([&] { notes.upsert_many(s, rows, on<&Note::text>); });
  EXPECT_EQ(e.code, errc::constraint_violation);
  EXPECT_TRUE(e.says("row 2 of 2")) << e.what;
  EXPECT_EQ(count(), 2);
}

TEST_F(Upserting, OfAVersionThatCannotBeRaisedIsRefused) {
  shop.lines.insert(s, {.order_id = 1, .sku = "a", .amount = 1, .version = INT32_MAX});
  const caught e = error_of([&] { shop.lines.upsert(s, {.order_id = 1, .sku = "a", .amount = 2, .version = 1}); });
  EXPECT_EQ(e.code, errc::value_out_of_range);
  EXPECT_EQ(shop.lines.find(s, {1, "a"}).value().amount, 1);
}

TEST_F(Upserting, DropsExactlyTheRowsItWroteFromTheCache) {
  notes.insert_many(s, std::vector{note("a"), note("b")});
  ASSERT_EQ(notes.find(s, 1).value().author, "ann");
  ASSERT_TRUE(notes.find(s, 2).has_value());
  Note n = note("a");
  n.author = "bob";
  notes.upsert(s, n, on<&Note::text>);
  EXPECT_EQ(notes.find(s, 1).value().author, "bob");
  EXPECT_EQ(read(notes, s, 2), source::memory);
}

TEST_F(Upserting, DropsTheRowWhoseKeyOnlyTheCollationTakesForTheSame) {
  tags.insert(s, {.name = "red", .uses = 1, .weight = 0});
  ASSERT_EQ(tags.find(s, "red").value().uses, 1);
  EXPECT_EQ(tags.upsert(s, {.name = "RED", .uses = 2, .weight = 0}), "red");
  EXPECT_EQ(tags.find(s, "red").value().uses, 2);
}

TEST_F(Upserting, WithinATransactionIsPartOfIt) {
  {
    forebay::transaction tx = db.begin(s);
    EXPECT_EQ(notes.upsert(tx, note("a"), on<&Note::text>), 1);
    EXPECT_EQ(notes.upsert_many(tx, std::vector{note("a"), note("b")}, on<&Note::text>),
              (std::vector<std::int64_t>{1, 2}));
  }
  EXPECT_EQ(count(), 0);
}

}  // namespace
