#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

#include <forebay/error.hpp>
#include <forebay/sql/dialect.hpp>
#include <forebay/sql/fingerprint.hpp>
#include <forebay/sql/literal.hpp>
#include <forebay/sql/parameter.hpp>
#include <forebay/sql/statement.hpp>

using forebay::make_parameter;
using forebay::parameter;
using forebay::value;
using forebay::value_kind;

namespace {

std::string rendered(const forebay::dialect& d, std::string_view text, const std::vector<parameter>& bound) {
  return forebay::render(d, {text, 0, bound, forebay::statement_intent::read, {}, {}});
}

parameter list_of(std::size_t count) { return parameter(std::vector<value>(count, value::integer(1))); }

template <class... Args>
forebay::sql_text<Args...> literal(forebay::sql_literal<Args...> text, const Args&...) {
  return text;
}

TEST(SqlLiteral, KeepsItsTextItsHashAndItsPlace) {
  const auto text = literal("select id from users where id = {} and name in ({})", 7, std::vector<std::string>{"a"});
  EXPECT_EQ(text.text(), "select id from users where id = {} and name in ({})");
  EXPECT_EQ(text.text_hash(), forebay::text_hash_of(text.text()));
  EXPECT_EQ(text.where().line, __LINE__ - 3);
  EXPECT_TRUE(std::string_view(text.where().file).ends_with("sql_test.cpp"));
}

TEST(SqlLiteral, AllowsDoubledBracesAndQuotesAndListsWithBlanks) {
  (void)literal("select '{{}}', '{{\"a\": {{}}}}' where 1 = {}", 1);
  (void)literal("select 'it''s', \"a'b\", `a\"b` from t where x = {}", 1);
  (void)literal("select 1 where 1 in ( {}\n)", std::vector<int>{1});
  (void)literal("select {{{}}}", 1);
  (void)literal("select 1 -- it's {} and {\nwhere 1 = {}", 1);
  (void)literal("select /* it's {} */ 1 where '--' = {}", 1);
  (void)literal("");
}

// Only while compiling: what it calls to refuse a text is never defined.
TEST(SqlLiteral, FindsItsPlaceholders) {
  using forebay::detail::find_placeholders;
  static_assert(find_placeholders("").count == 0);
  static_assert(find_placeholders("{}{}").count == 2);
  static_assert(find_placeholders("{{{}}}").count == 1);
  static_assert(find_placeholders("{{}}").count == 0);
  static_assert(find_placeholders("x in ({})").parenthesised[0]);
  static_assert(find_placeholders("x in ( {} )").parenthesised[0]);
  static_assert(!find_placeholders("x in ({}, 1)").parenthesised[0]);
  static_assert(!find_placeholders("x = {}").parenthesised[0]);
  static_assert(!find_placeholders("{}").parenthesised[0]);
}

TEST(Render, WritesPlaceholdersAsTheDialectDoes) {
  const std::vector<parameter> two{value::integer(1), value::text("x")};
  EXPECT_EQ(rendered(forebay::sqlite_dialect, "a = {} and b = {}", two), "a = ? and b = ?");
  EXPECT_EQ(rendered(forebay::postgresql_dialect, "a = {} and b = {}", two), "a = $1 and b = $2");
}

TEST(Render, SpellsListsOut) {
  const std::vector<parameter> bound{list_of(3), value::integer(1), list_of(1)};
  EXPECT_EQ(rendered(forebay::sqlite_dialect, "a in ({}) and b = {} and c in ({})", bound),
            "a in (?,?,?) and b = ? and c in (?)");
  EXPECT_EQ(rendered(forebay::postgresql_dialect, "a in ({}) and b = {} and c in ({})", bound),
            "a in ($1,$2,$3) and b = $4 and c in ($5)");
}

TEST(Render, AnEmptyListIsAQueryWithoutRows) {
  const std::vector<parameter> bound{list_of(0), value::integer(1)};
  EXPECT_EQ(rendered(forebay::sqlite_dialect, "a in ({}) and b = {}", bound),
            "a in (select null where false) and b = ?");
  EXPECT_EQ(rendered(forebay::postgresql_dialect, "a in ({}) and b = {}", bound),
            "a in (select null where false) and b = $1");
}

TEST(Render, DoubledBracesBecomeSingle) {
  const std::vector<parameter> one{value::integer(1)};
  EXPECT_EQ(rendered(forebay::sqlite_dialect, "select '{{\"a\": {{}}}}', {}", one), "select '{\"a\": {}}', ?");
  EXPECT_EQ(rendered(forebay::sqlite_dialect, "{{{}}}", one), "{?}");
  EXPECT_EQ(rendered(forebay::sqlite_dialect, "no braces", {}), "no braces");
}

TEST(Render, LeavesCommentsAsTheyAre) {
  const std::vector<parameter> one{value::integer(1)};
  EXPECT_EQ(rendered(forebay::sqlite_dialect, "select 1 -- {} it's {\nwhere 1 = {}", one),
            "select 1 -- {} it's {\nwhere 1 = ?");
  EXPECT_EQ(rendered(forebay::sqlite_dialect, "select 1 /* {} it's } */ where 1 = {}", one),
            "select 1 /* {} it's } */ where 1 = ?");
  EXPECT_EQ(rendered(forebay::sqlite_dialect, "select '--', '/*' where 1 = {} --", one),
            "select '--', '/*' where 1 = ? --");
  EXPECT_EQ(rendered(forebay::sqlite_dialect, "select 2 - -1, 4 / 2 where 1 = {}", one),
            "select 2 - -1, 4 / 2 where 1 = ?");
}

TEST(Render, RefusesMoreValuesThanTheDatabaseTakes) {
  for (const forebay::dialect* d : {&forebay::sqlite_dialect, &forebay::postgresql_dialect}) {
    // As lists that are short enough to be bound value by value.
    const std::size_t part = std::min(d->longest_list, d->max_parameters / 8);
    std::vector<parameter> lists(d->max_parameters / part, list_of(part));
    lists.push_back(list_of(d->max_parameters % part));
    std::string text = "a in ({})";
    for (std::size_t i = 1; i < lists.size(); ++i) text += " or a in ({})";
    EXPECT_FALSE(rendered(*d, text, lists).empty());
    lists.emplace_back(value::integer(1));
    try {
      (void)rendered(*d, text + " and b = {}", lists);
      FAIL();
    } catch (const forebay::error& e) {
      EXPECT_EQ(e.code(), forebay::errc::value_out_of_range);
      const std::string what = e.what();
      EXPECT_NE(what.find(std::to_string(d->max_parameters + 1)), std::string::npos) << what;
      EXPECT_NE(what.find(d->name), std::string::npos) << what;
      EXPECT_NE(what.find("a in ({})"), std::string::npos) << what;
    }
  }
}

TEST(Render, ALongListIsOneParameterWhereTheDialectHasOne) {
  const std::size_t longest = forebay::sqlite_dialect.longest_list;
  const std::vector<parameter> lists{value::integer(1), list_of(longest + 1), list_of(longest + 2), list_of(1)};
  const std::string text = "a = {} and b in ({}) or c in ({}) or d in ({})";
  EXPECT_EQ(
      rendered(forebay::sqlite_dialect, text, lists),
      "a = ? and b in (select value from forebay_list(?)) or c in (select value from forebay_list(?)) or d in (?)");
  EXPECT_FALSE(is_long_list(forebay::sqlite_dialect, list_of(longest)));
  EXPECT_FALSE(is_long_list(forebay::postgresql_dialect, list_of(longest + 1)));
}

TEST(Dialect, QuotesIdentifiers) {
  EXPECT_EQ(quote_identifier(forebay::sqlite_dialect, "users"), "\"users\"");
  EXPECT_EQ(quote_identifier(forebay::sqlite_dialect, "main.users"), "\"main\".\"users\"");
  EXPECT_EQ(quote_identifier(forebay::postgresql_dialect, "a\"b"), "\"a\"\"b\"");
  const std::string braces = quote_identifier(forebay::sqlite_dialect, "a{b}");
  EXPECT_EQ(braces, "\"a{{b}}\"");
  EXPECT_EQ(rendered(forebay::sqlite_dialect, braces, {}), "\"a{b}\"");
}

TEST(TextHash, IsThePublishedOne) {
  static_assert(forebay::text_hash_of("") == 0xcbf29ce484222325u);
  static_assert(forebay::text_hash_of("a") == 0xaf63dc4c8601ec8cu);
}

TEST(Parameter, IsAnyArgument) {
  EXPECT_EQ(make_parameter(7).values()[0].as_integer(), 7);
  EXPECT_EQ(make_parameter(true).values()[0].kind(), value_kind::boolean);
  EXPECT_EQ(make_parameter(0.5).values()[0].as_real(), 0.5);
  EXPECT_EQ(make_parameter("literal").values()[0].as_text(), "literal");
  EXPECT_EQ(make_parameter(std::string_view("view")).values()[0].as_text(), "view");
  const char* nothing = nullptr;
  EXPECT_TRUE(make_parameter(nothing).values()[0].is_null());
  const char* pointer = "pointer";
  EXPECT_EQ(make_parameter(pointer).values()[0].as_text(), "pointer");
  EXPECT_TRUE(make_parameter(std::nullopt).values()[0].is_null());
  EXPECT_TRUE(make_parameter(std::optional<int>()).values()[0].is_null());
  const std::string text = "text";
  EXPECT_EQ(make_parameter(text).values()[0].as_text().data(), text.data());
  EXPECT_FALSE(make_parameter(text).is_list());
}

TEST(Parameter, IsAListForARange) {
  const std::vector<int> numbers{1, 2, 3};
  EXPECT_TRUE(make_parameter(numbers).is_list());
  EXPECT_EQ(make_parameter(numbers).values().size(), 3u);
  const std::array<std::string_view, 2> texts{"a", "b"};
  EXPECT_EQ(make_parameter(texts).values()[1].as_text(), "b");
  const std::vector<std::optional<int>> gaps{1, std::nullopt};
  EXPECT_TRUE(make_parameter(gaps).values()[1].is_null());
  EXPECT_TRUE(make_parameter(std::vector<int>()).is_list());
  EXPECT_FALSE(make_parameter(std::vector<std::byte>(3)).is_list()) << "bytes are one value";
}

std::uint64_t identity(std::vector<parameter> p) { return forebay::identity_of(p); }

TEST(Identity, IsEqualForEqualParametersOnly) {
  const std::uint64_t one = identity({value::integer(1)});
  EXPECT_EQ(identity({value::integer(1)}), one);
  EXPECT_NE(identity({value::integer(2)}), one);
  EXPECT_NE(identity({value::text("1")}), one);
  EXPECT_NE(identity({value()}), one);
  EXPECT_NE(identity({value::integer(1), value::integer(1)}), one);
  EXPECT_NE(identity({list_of(1)}), identity({list_of(2)}));
  EXPECT_NE(identity({value::integer(1), value::integer(2)}), identity({value::integer(2), value::integer(1)}));
  EXPECT_NE(identity({value::text("ab"), value::text("c")}), identity({value::text("a"), value::text("bc")}));
  EXPECT_NE(identity({value()}), identity({value::integer(0)}));
  EXPECT_NE(identity({value()}), identity({value::text("")}));
  EXPECT_NE(identity({}), identity({value()}));
  EXPECT_NE(identity({value::real(1)}), identity({value::real(2)}));
  const std::string text = "text";
  const std::string same = "text";
  EXPECT_EQ(identity({value::text(text)}), identity({value::text(same)})) << "by content, not by address";
}

bool plain(const forebay::dialect& d, std::string_view text) {
  return is_plain_read(d, {.text = text, .text_hash = forebay::text_hash_of(text)});
}

TEST(PlainRead, IsASelectThatWritesNothing) {
  for (const char* text : {"select 1", "SELECT 1", "  \n select 1", "(select 1) union (select 2)", "values (1)",
                           "with x as (select 1) select * from x", "-- comment\nselect 1", "/* insert */ select 1",
                           "select 'insert into' from t", "select \"update\" from t", "select [delete] from t",
                           "select `replace` from t", "select f(x) from t", "select updated_at, into_x from t",
                           "select 1 -- for update", "select 'it''s' from t", "select deleted from t;"}) {
    EXPECT_TRUE(plain(forebay::sqlite_dialect, text)) << text;
  }
}

TEST(PlainRead, IsNothingElse) {
  for (const char* text : {"",
                           " ",
                           "-- select 1",
                           "/* select 1",
                           "insert into t values(1)",
                           "update t set a = 1",
                           "delete from t",
                           "replace into t values(1)",
                           "pragma user_version",
                           "explain select 1",
                           "create table t(a)",
                           "call f()",
                           "select * from t for update",
                           "select * from t FOR  UPDATE",
                           "select * from t for share",
                           "select * into x from t",
                           "vacuum",
                           "with x as (insert into t values(1) returning a) select * from x",
                           "with x as (select 1) delete from t",
                           "with x as (select 1) update t set a = 1",
                           "do $$ begin end $$",
                           "begin",
                           "commit",
                           "merge into t using s on true",
                           "selection",
                           "select_1",
                           "select 'a' ; delete from t"}) {
    EXPECT_FALSE(plain(forebay::sqlite_dialect, text)) << text;
  }
}

// What cannot be told is not a plain read.
TEST(PlainRead, IsNoTextWhoseQuotesOrCommentsDoNotEnd) {
  for (const char* text : {"select 'a for update", "select \"a for update", "select 1 /* for update",
                           "select $$'$$ for update", "select e'\\'' for update", "select [a for update"}) {
    EXPECT_FALSE(plain(forebay::sqlite_dialect, text)) << text;
  }
}

TEST(PlainRead, DependsOnWhatTheDatabaseLetsFunctionsDo) {
  EXPECT_TRUE(plain(forebay::sqlite_dialect, "select f(x) from t"));
  EXPECT_FALSE(plain(forebay::postgresql_dialect, "select f(x) from t"));
  EXPECT_TRUE(plain(forebay::postgresql_dialect, "select lower(x) from t"));
  EXPECT_TRUE(plain(forebay::mysql_dialect, "select 'a\\' for update' from t"));
  EXPECT_FALSE(plain(forebay::sqlite_dialect, "select 'a\\' for update"));
}

TEST(PlainRead, TakesNoTextForAnotherWhoseHashIsNotKnown) {
  EXPECT_TRUE(is_plain_read(forebay::sqlite_dialect, {.text = "select 1"}));
  EXPECT_FALSE(is_plain_read(forebay::sqlite_dialect, {.text = "delete from t"}));
}

}  // namespace
