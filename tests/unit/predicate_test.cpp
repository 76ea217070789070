#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <forebay/predicate.hpp>
#include <forebay/sql/statement.hpp>

using forebay::col;
using forebay::parameter;

namespace {

struct User {
  std::int64_t id{};
  std::string email{};
  std::optional<std::string> name{};
  std::optional<std::int64_t> boss{};
  bool active{};
};
FOREBAY_ENTITY(User, "users", id, email, name, boss, active);

using predicate = forebay::predicate<User>;

std::string text_of(const predicate& p, const forebay::dialect& d = forebay::sqlite_dialect) { return p.text(d); }

std::vector<parameter> parameters_of(const predicate& p) {
  std::vector<parameter> all;
  p.append_parameters(all);
  return all;
}

// As the database gets it.
std::string rendered(const predicate& p, const forebay::dialect& d) {
  const std::vector<parameter> bound = parameters_of(p);
  const std::string text = text_of(p, d);
  return forebay::render(d, {text, 0, bound, forebay::statement_intent::read, {}, {}});
}

TEST(Predicate, ComparesAColumnWithABoundValue) {
  EXPECT_EQ(text_of(col<&User::id> == 7), "\"id\" = {}");
  EXPECT_EQ(text_of(col<&User::id> != 7), "\"id\" <> {}");
  EXPECT_EQ(text_of(col<&User::id> < 7), "\"id\" < {}");
  EXPECT_EQ(text_of(col<&User::id> <= 7), "\"id\" <= {}");
  EXPECT_EQ(text_of(col<&User::id> > 7), "\"id\" > {}");
  EXPECT_EQ(text_of(col<&User::id> >= 7), "\"id\" >= {}");
  EXPECT_EQ(text_of(col<&User::email>.like("%x")), "\"email\" like {}");
  EXPECT_EQ(text_of(col<&User::active> == true), "\"active\" = {}");
  const auto bound = parameters_of(col<&User::id> == 7);
  ASSERT_EQ(bound.size(), 1u);
  EXPECT_EQ(bound[0].values()[0].as_integer(), 7);
}

TEST(Predicate, KnowsListsRangesAndOtherColumns) {
  EXPECT_EQ(text_of(col<&User::id>.between(1, 2)), "\"id\" between {} and {}");
  EXPECT_EQ(text_of(col<&User::id>.not_in({1, 2})), "\"id\" not in ({})");
  EXPECT_EQ(text_of(col<&User::boss>.is_not_null()), "\"boss\" is not null");
  EXPECT_EQ(text_of(col<&User::boss> < col<&User::id>), "\"boss\" < \"id\"");
  EXPECT_EQ(text_of(col<&User::name> != col<&User::email> && col<&User::id> == 3),
            "(\"name\" <> \"email\" and \"id\" = {})");
  EXPECT_EQ(parameters_of(col<&User::boss> < col<&User::id> && col<&User::id>.between(4, 5)).size(), 2u);
}

TEST(Predicate, OfAnOptionalMemberTakesItsValue) {
  EXPECT_EQ(text_of(col<&User::name> == "Ann"), "\"name\" = {}");
  EXPECT_EQ(text_of(col<&User::boss> > 3), "\"boss\" > {}");
  EXPECT_EQ(text_of(col<&User::name>.is_null()), "\"name\" is null");
  EXPECT_TRUE(parameters_of(col<&User::name>.is_null()).empty());
}

TEST(Predicate, CombinesInTheOrderOfItsOperators) {
  const predicate p = (col<&User::id> == 1 || col<&User::id> == 2) && !(col<&User::email> == "x");
  EXPECT_EQ(text_of(p), "((\"id\" = {} or \"id\" = {}) and not (\"email\" = {}))");
  const auto bound = parameters_of(p);
  ASSERT_EQ(bound.size(), 3u);
  EXPECT_EQ(bound[0].values()[0].as_integer(), 1);
  EXPECT_EQ(bound[1].values()[0].as_integer(), 2);
  EXPECT_EQ(bound[2].values()[0].as_text(), "x");
  EXPECT_EQ(text_of(col<&User::id> == 1 || (col<&User::id> == 2 && col<&User::id> == 3)),
            "(\"id\" = {} or (\"id\" = {} and \"id\" = {}))");
  EXPECT_EQ(text_of(!!(col<&User::id> == 1)), "not (not (\"id\" = {}))");
}

TEST(Predicate, ListsKeepTheirPlaceAmongTheOthers) {
  const std::vector<std::int64_t> ids{5, 6};
  const predicate p =
      col<&User::email> == "a" && col<&User::id>.in(ids) && col<&User::name>.is_null() && col<&User::boss> == 9;
  EXPECT_EQ(rendered(p, forebay::sqlite_dialect),
            "(((\"email\" = ? and \"id\" in (?,?)) and \"name\" is null) and \"boss\" = ?)");
  EXPECT_EQ(rendered(p, forebay::postgresql_dialect),
            "(((\"email\" = $1 and \"id\" in ($2,$3)) and \"name\" is null) and \"boss\" = $4)");
  const auto bound = parameters_of(p);
  ASSERT_EQ(bound.size(), 3u);
  EXPECT_TRUE(bound[1].is_list());
  EXPECT_EQ(bound[1].values()[1].as_integer(), 6);
  EXPECT_EQ(bound[2].values()[0].as_integer(), 9);
}

TEST(Predicate, AnEmptyListHoldsNothing) {
  EXPECT_EQ(rendered(col<&User::id>.in({}), forebay::sqlite_dialect), "\"id\" in (select null where false)");
  EXPECT_EQ(rendered(col<&User::id>.in({}), forebay::postgresql_dialect), "\"id\" in (select null where false)");
}

TEST(Predicate, OwnsItsTexts) {
  const auto make = [] {
    const std::string gone = "a text that is long enough for the heap";
    const std::vector<std::string> also{"and another one that is just as long", "x"};
    return col<&User::email> == gone && col<&User::email>.in(also);
  };
  const predicate p = make();
  const predicate copy = p;  // NOLINT(performance-unnecessary-copy-initialization): what is tested
  const auto bound = parameters_of(copy);
  EXPECT_EQ(bound[0].values()[0].as_text(), "a text that is long enough for the heap");
  EXPECT_EQ(bound[1].values()[0].as_text(), "and another one that is just as long");
}

TEST(Predicate, ManyConditionsKeepTheirValues) {
  predicate all = col<&User::id> == 0;
  for (std::int64_t i = 1; i < 200; ++i)
    all = std::move(all) || (col<&User::id> == i && col<&User::email> == std::to_string(i));
  const auto bound = parameters_of(all);
  ASSERT_EQ(bound.size(), 399u);
  EXPECT_EQ(bound[397].values()[0].as_integer(), 199);
  EXPECT_EQ(bound[398].values()[0].as_text(), "199");
}

TEST(Order, IsAscendingUnlessItSaysOtherwise) {
  const forebay::order<User> plain = col<&User::email>;
  EXPECT_EQ(plain.by.column.index, 1);
  EXPECT_FALSE(plain.descending);
  EXPECT_TRUE(col<&User::id>.descending().descending);
  EXPECT_FALSE(col<&User::id>.ascending().descending);
}

}  // namespace
