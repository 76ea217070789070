// The same statements through the library and through the sqlite3 shell give the same rows.

#include <gtest/gtest.h>

#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <tuple>

#include <forebay/forebay.hpp>
#include <forebay/soci/sqlite.hpp>

namespace forebay {
namespace {

// As the shell writes a cell in its mode "list".
std::string cell(std::int64_t v) { return std::to_string(v); }
std::string cell(const std::string& v) { return v; }
template <class T>
std::string cell(const std::optional<T>& v) {
  return v ? cell(*v) : "NULL";
}

class SqliteShell : public ::testing::Test {
 protected:
  SqliteShell() {
    if (std::system("command -v sqlite3 >/dev/null") != 0) return;
    folder_ = std::filesystem::temp_directory_path() / ("forebay-shell-" + std::to_string(::getpid()));
    std::filesystem::create_directory(folder_);
    db_ = std::make_unique<database>(("sqlite:" + file("shop.db")).c_str());
    session s = db_->session();
    db_->execute(s, "create table t(id integer primary key, word text, number integer, data blob)");
    for (std::int64_t i = 1; i <= 100; ++i) {
      const std::optional<std::string> word =
          i % 7 == 0 ? std::nullopt : std::optional("wörd " + std::to_string(i * i % 31) + " 'q' \"d\"");
      db_->execute(s, "insert into t values ({}, {}, {}, {})", i, word, i % 5 == 0 ? std::int64_t{-1} << i % 63 : i,
                   "blob");
    }
    db_->execute(s, "create table part(of integer references t(id), name text collate nocase, primary key (of, name))");
    db_->execute(s, "insert into part select id, case id % 3 when 0 then 'A' when 1 then 'b' else 'C' end from t");
  }
  ~SqliteShell() override {
    db_.reset();
    if (!folder_.empty()) std::filesystem::remove_all(folder_);
  }
  void SetUp() override {
    if (!db_) GTEST_SKIP() << "there is no sqlite3 shell";
  }

  [[nodiscard]] std::string file(const char* name) const { return (folder_ / name).string(); }

  std::string by_shell(std::string_view text) {
    std::ofstream(file("statement.sql")) << text << ";\n";
    const std::string call = "sqlite3 -batch -list -nullvalue NULL '" + file("shop.db") + "' < '" +
                             file("statement.sql") + "' > '" + file("rows") + "'";
    EXPECT_EQ(std::system(call.c_str()), 0) << text;
    std::ostringstream rows;
    rows << std::ifstream(file("rows")).rdbuf();
    return rows.str();
  }

  template <class... Columns>
  void compare(sql_literal<> text) {
    session s = db_->session();
    std::string rows;
    for (const auto& row : db_->query<std::tuple<Columns...>>(s, text)) {
      std::string line;
      std::apply([&](const auto&... v) { ((line += (line.empty() ? "" : "|") + cell(v)), ...); }, row);
      rows += line + "\n";
    }
    EXPECT_FALSE(rows.empty()) << text.text();
    EXPECT_EQ(rows, by_shell(text.text())) << text.text();
  }

  std::filesystem::path folder_;
  std::unique_ptr<database> db_;
};

using number = std::int64_t;
using text = std::string;
using maybe_text = std::optional<std::string>;
using maybe_number = std::optional<std::int64_t>;

TEST_F(SqliteShell, GivesTheSameRows) {
  compare<number, maybe_text, number, text>("select id, word, number, data from t order by id");
  compare<number, maybe_text>("select id, word from t where word like 'w%8%' order by word desc, id");
  compare<number>("select count(*) from t where word is null");
  compare<maybe_text, number, number>("select word, count(*), sum(id) from t group by word order by word");
  compare<maybe_text, number>(
      "select word, max(number) from t group by word having count(*) > 2 order by 1 nulls last");
  compare<number, maybe_text, text>(
      "select t.id, word, name from t join part on part.of = t.id where name = 'a' order by 1");
  compare<number, maybe_text>("select t.id, p.name from t left join part p on p.of = t.id + 50 order by t.id");
  compare<number>("with recursive n(i) as (select 1 union all select i + 1 from n where i < 50) select i * i from n");
  compare<number, maybe_number>("select id, lag(number) over (order by id) from t order by id");
  compare<number>("select id from t where id in (select of from part where name < 'B') order by id limit 7 offset 3");
  compare<text, number>("select name, count(*) from part group by name order by name");
  compare<number, text>("select id, case when number < 0 then 'below' else 'above' end from t order by number, id");
  compare<number>("select id from t where id between 10 and 20 union select id from t where id % 9 = 0 order by 1");
  compare<number, text>("select id, hex(data) from t where id < 4 order by id");
  compare<number>("select 9223372036854775807 union all select -9223372036854775807 - 1");
  compare<text>("select 'it''s; -- no comment /* nor this */'");
  compare<number, number>("values (1, 2), (3, 4)");
  compare<text>("select upper(name) || ' ' || length(name) from part order by of limit 5  -- the end");
  compare<number, maybe_text>("select /* a hint? */ id, word from t where rowid > 95 order by +id");
  compare<text>("select group_concat(name, ',') from (select name from part order by of limit 9)");
  compare<number>("select exists(select 1 from t where id = 42)");
  compare<maybe_number>("select nullif(number, -1) from t order by id");
}

// The other way round: what the library changed, the shell reads, and a transaction that is rolled back it does not.
TEST_F(SqliteShell, SeesWhatWasCommittedAndNothingElse) {
  session s = db_->session();
  db_->execute(s, "update t set word = {} where id <= {}", "new\nline", 2);
  {
    transaction tx = db_->begin(s);
    db_->execute(tx, "delete from part where of > {}", 0);
    EXPECT_EQ(by_shell("select count(*) from part"), "100\n");
  }
  EXPECT_EQ(by_shell("select replace(word, char(10), '/') from t where id < 3"), "new/line\nnew/line\n");
}

}  // namespace
}  // namespace forebay
