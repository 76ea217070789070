#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include <forebay/error.hpp>
#include <forebay/sql/composed.hpp>

using forebay::composed_sql;
using forebay::sql;
using forebay::unsafe_sql;

namespace {

composed_sql users(std::optional<int> age, bool active) {
  return sql("select * from users where tenant = {}", 7).add_if(age, " and age >= {}").add_if(active, " and active");
}

TEST(ComposedSql, HoldsThePiecesThatApply) {
  EXPECT_EQ(users({}, false).text(), "select * from users where tenant = {}");
  EXPECT_EQ(users(18, true).text(), "select * from users where tenant = {} and age >= {} and active");
  const composed_sql s = users(18, false);
  const auto bound = s.parameters();
  ASSERT_EQ(bound.size(), 2u);
  EXPECT_EQ(bound[0].values()[0].as_integer(), 7);
  EXPECT_EQ(bound[1].values()[0].as_integer(), 18);
}

TEST(ComposedSql, HasTheHashOfItsPieces) {
  EXPECT_EQ(users(18, true).text_hash(), users(19, true).text_hash());
  EXPECT_NE(users(18, true).text_hash(), users(18, false).text_hash());
}

TEST(ComposedSql, RemembersWhereItBegan) {
  const composed_sql s = sql("select 1").add(" where 1 = {}", 1);
  EXPECT_EQ(s.where().line, __LINE__ - 1);
  EXPECT_TRUE(std::string_view(s.where().file).ends_with("composed_test.cpp"));
  const composed_sql u = unsafe_sql("select 1");
  EXPECT_EQ(u.where().line, __LINE__ - 1);
}

TEST(ComposedSql, OwnsWhatIsBound) {
  std::optional<composed_sql> s;
  {
    const std::string name(100, 'x');
    const std::vector<std::string> list{"a", std::string(100, 'b')};
    s = sql("select 1 where a = {}", name).add(" and b in ({})", list).add(" and c = {}", std::optional<int>());
  }
  const auto bound = s->parameters();
  ASSERT_EQ(bound.size(), 3u);
  EXPECT_EQ(bound[0].values()[0].as_text(), std::string(100, 'x'));
  ASSERT_TRUE(bound[1].is_list());
  EXPECT_EQ(bound[1].values()[1].as_text(), std::string(100, 'b'));
  EXPECT_TRUE(bound[2].values()[0].is_null());
}

TEST(ComposedSql, KeepsAnEmptyListAList) {
  const auto bound = sql("select 1 where a in ({})", std::vector<int>()).parameters();
  EXPECT_TRUE(bound[0].is_list());
  EXPECT_TRUE(bound[0].values().empty());
}

TEST(ComposedSql, IsAddedToInPlaceToo) {
  composed_sql s = sql("select 1");
  s.add(" where a = {}", 1).add_if(true, " and b between {} and {}", 2, 3);
  s.add_if(std::optional<std::string>("x"), " and c = {}").add_if(std::optional<std::string>(), " and d = {}");
  EXPECT_EQ(s.text(), "select 1 where a = {} and b between {} and {} and c = {}");
  EXPECT_EQ(s.parameters().size(), 4u);
}

TEST(ComposedSql, JoinsNothingThatTwoPiecesDoNotSay) {
  EXPECT_EQ(sql("select 1 -").add("- 2").add("").add(" + 'a'").add("'b'").text(), "select 1 - - 2 + 'a' 'b'");
}

TEST(ComposedSql, TellsWhenAPieceWouldSwallowTheNext) {
  using forebay::detail::ends_open;
  static_assert(ends_open("select 'a"));
  static_assert(ends_open("select 1 -- a"));
  static_assert(ends_open("select 1 /* a"));
  static_assert(ends_open("select \"a"));
  static_assert(!ends_open("select 'a' -- b\n"));
  static_assert(!ends_open("select 1 /* a */"));
  static_assert(!ends_open(""));
}

template <class... Args>
std::string refusal(const std::string& text, const Args&... args) {
  try {
    (void)unsafe_sql(text, args...);
  } catch (const forebay::invalid_option& e) {
    return e.what();
  }
  return "accepted";
}

void expect_refused(const std::string& refused, std::string_view why) {
  EXPECT_NE(refused.find(why), std::string::npos) << refused;
  EXPECT_NE(refused.find("composed_test.cpp"), std::string::npos) << refused;
}

TEST(UnsafeSql, BindsAsALiteralDoes) {
  const std::string table = "users";
  const composed_sql s =
      unsafe_sql("select '{{}}' from " + table + " where id = {} and a in ({})", 7, std::vector{1, 2});
  EXPECT_EQ(s.text(), "select '{{}}' from users where id = {} and a in ({})");
  EXPECT_EQ(s.parameters().size(), 2u);
}

TEST(UnsafeSql, RefusesWhatTheCompilerRefusesInALiteral) {
  expect_refused(refusal("select {"), "single brace at byte 7");
  expect_refused(refusal("select 1}"), "single brace at byte 8");
  expect_refused(refusal("select '{}'", 1), "{} inside quotes at byte 8");
  expect_refused(refusal("select a in {}", std::vector{1}), "list at byte 12 that does not stand in parentheses");
  expect_refused(refusal("select {}"), "1 {} for 0 arguments");
  expect_refused(refusal("select 1", 1), "0 {} for 1 arguments");
  expect_refused(refusal("select 'canary"), "ends at byte 14 inside quotes or a comment");
  expect_refused(refusal("select 1 -- a"), "inside quotes or a comment");
  EXPECT_EQ(refusal("select 'canary").find("canary"), std::string::npos);
  EXPECT_EQ(refusal("select {}", 1), "accepted");
}

}  // namespace
