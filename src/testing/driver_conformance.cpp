#include <forebay/testing/driver_conformance.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <forebay/db/driver.hpp>
#include <forebay/error.hpp>
#include <forebay/predicate.hpp>
#include <forebay/session.hpp>
#include <forebay/sql/fingerprint.hpp>

namespace forebay::testing {

namespace {

using row = std::vector<owned_value>;

// A database with an empty table "t", a reader, a writer, and the ways to use them.
class driver_case : public ::testing::Test {
 public:
  explicit driver_case(const conformance_options& o) : options_(o) {}

 protected:
  void SetUp() override {
    const database_url url(options_.fresh_url());
    driver_ = make_driver(url, time_);
    writer_ = driver_->connect(connection_role::writer, in(seconds(5)));
    change(options_.create_table("t"));
    reader_ = driver_->connect(connection_role::reader, in(seconds(5)));
  }
  void TearDown() override {
    reader_.reset();
    writer_.reset();
    driver_.reset();
  }

  [[nodiscard]] deadline in(nanoseconds time) const { return deadline(time_.now() + time); }

  [[nodiscard]] session request(nanoseconds time = seconds(5)) {
    return {nullptr, time_, events_, 1, "conformance", in(time)};
  }

  static statement make(std::string_view text, std::span<const parameter> bound, statement_intent intent) {
    return {text, text_hash_of(text), bound, intent, {}, {}};
  }

  std::uint64_t change(std::string_view text, std::vector<parameter> bound = {}) {
    return change_on(*writer_, text, std::move(bound));
  }

  std::uint64_t change_on(connection& on, std::string_view text, std::vector<parameter> bound = {}) {
    const session s = request();
    const operation op{s, "change", call_site::here()};
    return on.run(op, make(text, bound, statement_intent::write)).finish();
  }

  std::vector<row> read(connection& from, std::string_view text, std::vector<parameter> bound = {}) {
    const session s = request();
    const operation op{s, "read", call_site::here()};
    rows found = from.run(op, make(text, bound, statement_intent::read));
    std::vector<row> all;
    while (found.next()) all.emplace_back(found.cells().begin(), found.cells().end());
    return all;
  }

  void insert_word(std::int64_t id, std::string_view word) {
    change("insert into t(id, word) values ({}, {})", {value::integer(id), value::text(word)});
  }

  template <class Work>
  errc code_of(Work work) {
    try {
      work();
    } catch (const error& e) {
      what_ = e.what();
      return e.code();
    }
    ADD_FAILURE() << "no error was thrown";
    return errc::invalid_option;
  }

  void in_transaction(connection& on, const std::function<void(const operation&)>& work) {
    const session s = request();
    const operation op{s, "transaction", call_site::here()};
    on.begin(op, transaction_mode::read_write);
    work(op);
  }

  const conformance_options& options_;
  runtime& time_ = system_runtime();
  event_stream events_;
  std::unique_ptr<driver> driver_;
  std::unique_ptr<connection> writer_;
  std::unique_ptr<connection> reader_;
  std::string what_;
};

#define FOREBAY_CONFORMANCE(name)               \
  class name final : public driver_case {       \
   public:                                      \
    static constexpr const char* title = #name; \
    using driver_case::driver_case;             \
    void TestBody() override;                   \
  };                                            \
  void name::TestBody()

FOREBAY_CONFORMANCE(KeepsEveryKindOfValue) {
  const std::string word("a\0b{}'\"%", 8);
  const char raw[] = {'\0', '\xff', '\n'};
  change("insert into t(id, flag, whole, number, word, raw, moment) values ({}, {}, {}, {}, {}, {}, {})",
         {value::integer(1), value::boolean(true), value::integer(9007199254740993), value::real(0.1),
          value::text(word), value::bytes(raw, sizeof raw), value::timestamp(1'790'000'000'123'456)});
  const auto all = read(*reader_, "select id, flag, whole, number, word, raw, moment from t");
  ASSERT_EQ(all.size(), 1u);
  bool flag = false;
  std::int64_t moment = 0;
  EXPECT_EQ(field_codec<bool>::read(all[0][1].view(), flag), read_status::ok);
  EXPECT_TRUE(flag);
  EXPECT_EQ(all[0][2].view().as_integer(), 9007199254740993);
  EXPECT_EQ(all[0][3].view().as_real(), 0.1);
  EXPECT_EQ(all[0][4].view().as_text(), word);
  EXPECT_EQ(all[0][5].view().kind(), value_kind::bytes);
  EXPECT_EQ(all[0][5].view().as_text(), std::string_view(raw, sizeof raw));
  EXPECT_EQ(detail::read_timestamp(all[0][6].view(), moment), read_status::ok);
  EXPECT_EQ(moment, 1'790'000'000'123'456);
}

FOREBAY_CONFORMANCE(KeepsTheLimits) {
  constexpr auto smallest = std::numeric_limits<std::int64_t>::min();
  constexpr auto largest = std::numeric_limits<std::int64_t>::max();
  constexpr std::int64_t before_1970 = -1'000'001;
  change("insert into t(id, whole, number, moment) values ({}, {}, {}, {})",
         {value::integer(1), value::integer(smallest), value::real(std::numeric_limits<double>::max()),
          value::timestamp(before_1970)});
  change("insert into t(id, whole, number) values ({}, {}, {})",
         {value::integer(2), value::integer(largest), value::real(std::numeric_limits<double>::denorm_min())});
  const auto all = read(*reader_, "select whole, number, moment from t order by id");
  ASSERT_EQ(all.size(), 2u);
  std::int64_t moment = 0;
  EXPECT_EQ(all[0][0].view().as_integer(), smallest);
  EXPECT_EQ(all[0][1].view().as_real(), std::numeric_limits<double>::max());
  EXPECT_EQ(detail::read_timestamp(all[0][2].view(), moment), read_status::ok);
  EXPECT_EQ(moment, before_1970);
  EXPECT_EQ(all[1][0].view().as_integer(), largest);
  EXPECT_EQ(all[1][1].view().as_real(), std::numeric_limits<double>::denorm_min());
}

FOREBAY_CONFORMANCE(TellsNullFromEmpty) {
  change("insert into t(id, word, raw) values ({}, {}, {})", {value::integer(1), value::text(""), value::bytes("", 0)});
  change("insert into t(id, word, raw) values ({}, {}, {})", {value::integer(2), value(), value()});
  const auto all = read(*reader_, "select word, raw from t order by id");
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0][0].view().kind(), value_kind::text);
  EXPECT_EQ(all[0][0].view().as_text(), "");
  EXPECT_EQ(all[0][1].view().kind(), value_kind::bytes);
  EXPECT_TRUE(all[1][0].view().is_null());
  EXPECT_TRUE(all[1][1].view().is_null());
}

FOREBAY_CONFORMANCE(SpellsListsOut) {
  for (int i = 1; i <= 5; ++i) insert_word(i, "w");
  const auto count = [&](std::vector<value> ids) {
    std::vector<parameter> bound;
    bound.emplace_back(std::move(ids));
    return read(*reader_, "select id from t where id in ({})", std::move(bound)).size();
  };
  EXPECT_EQ(count({value::integer(1), value::integer(3), value::integer(9)}), 2u);
  EXPECT_EQ(count({value::integer(2)}), 1u);
  EXPECT_EQ(count({}), 0u);
}

FOREBAY_CONFORMANCE(CountsChanges) {
  for (int i = 1; i <= 3; ++i) insert_word(i, "w");
  EXPECT_EQ(change("update t set word = {} where id > {}", {value::text("x"), value::integer(1)}), 2u);
  EXPECT_EQ(change("delete from t where id = {}", {value::integer(99)}), 0u);
}

FOREBAY_CONFORMANCE(NamesColumnsAndReadsThemByName) {
  struct pair {
    std::string word;
    std::int64_t id = 0;
  };
  static constexpr column columns[]{{"word", offsetof(pair, word), &detail::operations_of<std::string>},
                                    {"id", offsetof(pair, id), &detail::operations_of<std::int64_t>}};
  static constexpr row_shape shape{"pair", columns, nullptr};
  insert_word(7, "seven");
  const session s = request();
  const operation op{s, "read", call_site::here()};
  rows found = reader_->run(op, make("select id, whole, word from t", {}, statement_intent::read));
  ASSERT_TRUE(found.next());
  pair p;
  found.read(shape, &p);
  EXPECT_EQ(p.word, "seven");
  EXPECT_EQ(p.id, 7);
  EXPECT_FALSE(found.next());
  EXPECT_FALSE(found.next());  // and stays at the end
}

FOREBAY_CONFORMANCE(MissingColumnIsASchemaMismatchThatNamesIt) {
  insert_word(1, "w");
  EXPECT_EQ(code_of([&] { read(*reader_, "select misspelt from t"); }), errc::schema_mismatch);
  EXPECT_NE(what_.find("misspelt"), std::string::npos) << what_;
  EXPECT_EQ(code_of([&] { read(*reader_, "select \"misspelt\" from t"); }), errc::schema_mismatch);
  EXPECT_EQ(code_of([&] { read(*reader_, "select id from missing_table"); }), errc::schema_mismatch);
  EXPECT_NE(what_.find("missing_table"), std::string::npos) << what_;
}

FOREBAY_CONFORMANCE(SyntaxErrorNamesTheStatementAndLeavesTheConnectionUsable) {
  EXPECT_EQ(code_of([&] { read(*reader_, "selekt 1"); }), errc::query_failed);
  EXPECT_NE(what_.find("selekt 1"), std::string::npos) << what_;
  EXPECT_TRUE(reader_->usable());
  EXPECT_EQ(read(*reader_, "select 1").size(), 1u);
}

FOREBAY_CONFORMANCE(ViolatedConstraintsAreTypedAndTellNoValue) {
  insert_word(1, "w");
  EXPECT_EQ(code_of([&] { insert_word(1, "canary-value"); }), errc::duplicate_key);
  EXPECT_EQ(what_.find("canary-value"), std::string::npos) << what_;
  EXPECT_TRUE(writer_->usable());
}

FOREBAY_CONFORMANCE(CommitShowsAndRollbackHides) {
  in_transaction(*writer_, [&](const operation& op) {
    insert_word(1, "kept");
    if (options_.during_a_write == reads_during_a_write::go_on) {
      EXPECT_TRUE(read(*reader_, "select id from t").empty());
    }
    static_cast<void>(writer_->commit(op));
  });
  EXPECT_EQ(read(*reader_, "select id from t").size(), 1u);
  in_transaction(*writer_, [&](const operation&) {
    insert_word(2, "dropped");
    writer_->rollback();
  });
  EXPECT_EQ(read(*reader_, "select id from t").size(), 1u);
  EXPECT_TRUE(writer_->usable());
}

FOREBAY_CONFORMANCE(PositionsGrowWithCommits) {
  const position before = reader_->asof();
  position committed;
  in_transaction(*writer_, [&](const operation& op) {
    insert_word(1, "w");
    committed = writer_->commit(op);
  });
  EXPECT_LT(before, committed);
  EXPECT_LE(committed, writer_->asof());
  EXPECT_LE(reader_->asof(), reader_->upto());
  insert_word(2, "by itself");
  EXPECT_LT(committed, writer_->asof());
}

FOREBAY_CONFORMANCE(RowsThatWereLeftHalfReadHoldNoSnapshot) {
  insert_word(1, "old");
  insert_word(2, "old");
  {
    const session s = request();
    const operation op{s, "read", call_site::here()};
    rows abandoned = reader_->run(op, make("select word from t", {}, statement_intent::read));
    ASSERT_TRUE(abandoned.next());
  }
  change("update t set word = {}", {value::text("new")});
  const auto all = read(*reader_, "select word from t where id = {}", {value::integer(1)});
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0][0].view().as_text(), "new");
}

FOREBAY_CONFORMANCE(TheSameStatementRunsInsideItsOwnRows) {
  insert_word(1, "w");
  insert_word(2, "w");
  const session s = request();
  const operation op{s, "read", call_site::here()};
  const statement all = make("select id from t order by id", {}, statement_intent::read);
  rows outer = reader_->run(op, all);
  ASSERT_TRUE(outer.next());
  EXPECT_EQ(read(*reader_, all.text).size(), 2u);
  EXPECT_TRUE(outer.next());
  EXPECT_FALSE(outer.next());
}

FOREBAY_CONFORMANCE(ADeadlineStopsAStatement) {
  const session s = request(milliseconds(50));
  const operation op{s, "read", call_site::here()};
  const time_point began = time_.now();
  EXPECT_EQ(code_of([&] { reader_->run(op, make(options_.endless_statement, {}, statement_intent::read)).finish(); }),
            errc::deadline_exceeded);
  EXPECT_LT(time_.now() - began, seconds(5));
}

FOREBAY_CONFORMANCE(ADeadlineThatHasPassedStartsNothing) {
  const session s = request(-seconds(1));
  const operation op{s, "read", call_site::here()};
  EXPECT_EQ(code_of([&] { static_cast<void>(reader_->run(op, make("select 1", {}, statement_intent::read))); }),
            errc::deadline_exceeded);
  EXPECT_NE(what_.find("conformance"), std::string::npos) << what_;
}

FOREBAY_CONFORMANCE(ASecondStatementInOneTextIsRefused) {
  EXPECT_EQ(code_of([&] { change("delete from t; delete from t"); }), errc::query_failed);
}

FOREBAY_CONFORMANCE(AChangedSchemaIsNoticed) {
  insert_word(1, "w");
  EXPECT_EQ(read(*reader_, "select * from t")[0].size(), 7u);
  change("alter table t add column extra integer");
  EXPECT_EQ(read(*reader_, "select * from t")[0].size(), 8u);
}

FOREBAY_CONFORMANCE(TellsWhatCanOnlyRead) {
  const session s = request();
  const operation op{s, "run", call_site::here()};
  EXPECT_FALSE(writer_->run(op, make("delete from t", {}, statement_intent::write)).read_only());
}

FOREBAY_CONFORMANCE(SavepointsAreUndoneAlone) {
  in_transaction(*writer_, [&](const operation& op) {
    insert_word(1, "kept");
    writer_->begin_savepoint(op);
    insert_word(2, "undone");
    writer_->begin_savepoint(op);
    insert_word(3, "undone with the outer one");
    writer_->release_savepoint(op);
    writer_->rollback_savepoint(op);
    writer_->begin_savepoint(op);
    insert_word(4, "kept");
    writer_->release_savepoint(op);
    static_cast<void>(writer_->commit(op));
  });
  EXPECT_EQ(read(*reader_, "select id from t").size(), 2u);
}

FOREBAY_CONFORMANCE(AReadOnlyTransactionSeesOneSnapshot) {
  insert_word(1, "w");
  const session s = request();
  const operation op{s, "transaction", call_site::here()};
  reader_->begin(op, transaction_mode::read_only);
  EXPECT_EQ(read(*reader_, "select id from t").size(), 1u);
  if (options_.during_a_write == reads_during_a_write::go_on) insert_word(2, "meanwhile");
  EXPECT_EQ(read(*reader_, "select id from t").size(), 1u);
  EXPECT_NE(code_of([&] { change_on(*reader_, "insert into t(id) values (9)"); }), errc::invalid_option);
  reader_->rollback();
  insert_word(3, "afterwards");
  EXPECT_EQ(read(*reader_, "select id from t where id = {}", {value::integer(3)}).size(), 1u);
  EXPECT_TRUE(reader_->usable());
}

FOREBAY_CONFORMANCE(EachIsolationLevelIsGivenOrRefused) {
  for (const transaction_mode mode : {transaction_mode::read_write, transaction_mode::read_only}) {
    for (const isolation_level level :
         {isolation_level::database_default, isolation_level::read_uncommitted, isolation_level::read_committed,
          isolation_level::repeatable_read, isolation_level::serializable}) {
      const session s = request();
      const operation op{s, "transaction", call_site::here()};
      connection& on = mode == transaction_mode::read_write ? *writer_ : *reader_;
      try {
        on.begin(op, mode, level);
        EXPECT_TRUE(read(on, "select id from t").empty());
        static_cast<void>(on.commit(op));
      } catch (const invalid_option&) {
        on.rollback();
      }
      EXPECT_TRUE(on.usable());
    }
  }
}

FOREBAY_CONFORMANCE(ACancelStopsAStatement) {
  session s = request(seconds(60));
  const operation op{s, "read", call_site::here()};
  const std::unique_ptr<background_job> canceller = start(time_, [&]() noexcept {
    time_.sleep_until(time_.now() + milliseconds(20), s.until());
    s.cancel();
  });
  const time_point began = time_.now();
  EXPECT_EQ(code_of([&] { reader_->run(op, make(options_.endless_statement, {}, statement_intent::read)).finish(); }),
            errc::cancelled);
  EXPECT_LT(time_.now() - began, seconds(10));
  EXPECT_EQ(code_of([&] { static_cast<void>(reader_->run(op, make("select 1", {}, statement_intent::read))); }),
            errc::cancelled);
  EXPECT_TRUE(!reader_->usable() || read(*reader_, "select 1").size() == 1u);
}

// A driver may know nothing, but not something wrong.
FOREBAY_CONFORMANCE(TellsWhichTablesWereWritten) {
  change(options_.create_table("other"));
  const auto effects = [&](std::string_view text, connection& on, statement_intent intent) {
    const session s = request();
    const operation op{s, "run", call_site::here()};
    rows r = on.run(op, make(text, {}, intent));
    r.finish();
    return r.effects();
  };
  const write_effects of_write = effects("insert into t(id) select 1 from other", *writer_, statement_intent::write);
  EXPECT_TRUE(!of_write.known || (of_write.tables == std::vector<std::string>{"t"} && of_write.beyond.empty()));
  const write_effects of_read = effects("select id from t", *reader_, statement_intent::read);
  EXPECT_TRUE(!of_read.known || (of_read.tables.empty() && of_read.beyond.empty()));
}

template <class Case>
void add(const std::shared_ptr<const conformance_options>& options) {
  ::testing::RegisterTest((options->name + "DriverConformance").c_str(), Case::title, nullptr, nullptr, __FILE__,
                          __LINE__, [options]() -> driver_case* { return new Case(*options); });
}

}  // namespace

void register_driver_conformance(conformance_options options) {
  // Never destroyed before the tests are: each factory shares it.
  const auto shared = std::make_shared<const conformance_options>(std::move(options));
  add<KeepsEveryKindOfValue>(shared);
  add<KeepsTheLimits>(shared);
  add<TellsNullFromEmpty>(shared);
  add<SpellsListsOut>(shared);
  add<CountsChanges>(shared);
  add<NamesColumnsAndReadsThemByName>(shared);
  add<MissingColumnIsASchemaMismatchThatNamesIt>(shared);
  add<SyntaxErrorNamesTheStatementAndLeavesTheConnectionUsable>(shared);
  add<ViolatedConstraintsAreTypedAndTellNoValue>(shared);
  add<CommitShowsAndRollbackHides>(shared);
  add<PositionsGrowWithCommits>(shared);
  add<RowsThatWereLeftHalfReadHoldNoSnapshot>(shared);
  add<TheSameStatementRunsInsideItsOwnRows>(shared);
  add<ADeadlineStopsAStatement>(shared);
  add<ADeadlineThatHasPassedStartsNothing>(shared);
  add<ASecondStatementInOneTextIsRefused>(shared);
  add<AChangedSchemaIsNoticed>(shared);
  add<TellsWhatCanOnlyRead>(shared);
  add<TellsWhichTablesWereWritten>(shared);
  add<SavepointsAreUndoneAlone>(shared);
  add<AReadOnlyTransactionSeesOneSnapshot>(shared);
  add<EachIsolationLevelIsGivenOrRefused>(shared);
  add<ACancelStopsAStatement>(shared);
}

}  // namespace forebay::testing
