#include "dependency_list.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace catalog {
namespace {

using list = std::vector<required_package>;

std::string fault_of(const std::string& field) {
  try {
    static_cast<void>(parse_dependencies(field));
    return "none";
  } catch (const malformed_dependency& e) {
    return e.what();
  }
}

TEST(DependencyList, EachAlternativeOfEachRequirementIsARow) {
  const list expected{{1, 1, "libc6", ">= 2.36"},
                      {2, 1, "default-mta", {}},
                      {2, 2, "mail-transport-agent", {}},
                      {3, 1, "libstdc++6", "= 12.2.0-14"}};
  EXPECT_EQ(parse_dependencies("libc6 (>= 2.36), default-mta | mail-transport-agent,libstdc++6( = 12.2.0-14 )"),
            expected);
}

TEST(DependencyList, TheArchitectureIsLeftOut) {
  EXPECT_EQ(parse_dependencies("python3:any"), (list{{1, 1, "python3", {}}}));
  EXPECT_EQ(parse_dependencies("perl:any (>= 5)|perl:i386"), (list{{1, 1, "perl", ">= 5"}, {1, 2, "perl", {}}}));
}

TEST(DependencyList, AnEmptyFieldRequiresNothing) {
  EXPECT_TRUE(parse_dependencies("").empty());
  EXPECT_TRUE(parse_dependencies("  ").empty());
}

TEST(DependencyList, ACommaAtTheEndIsAllowed) { EXPECT_EQ(parse_dependencies("a, ").size(), 1U); }

TEST(DependencyList, WhatCannotBeReadIsNamedByItsNumber) {
  EXPECT_EQ(fault_of("a, , b"), "requirement 2 of Depends names no package");
  EXPECT_EQ(fault_of("a |"), "requirement 1 of Depends names no package");
  EXPECT_EQ(fault_of("| a"), "requirement 1 of Depends names no package");
  EXPECT_EQ(fault_of("a | | b"), "requirement 1 of Depends names no package");
  EXPECT_EQ(fault_of("(>= 2)"), "requirement 1 of Depends names no package");
  EXPECT_EQ(fault_of("a, b (>= 2"), "requirement 2 of Depends has a parenthesis that does not close");
  EXPECT_EQ(fault_of("a (>= 2) x"), "requirement 1 of Depends has a parenthesis that does not close");
  EXPECT_EQ(fault_of("a ()"), "requirement 1 of Depends has nothing in its parentheses");
  EXPECT_EQ(fault_of("a >= 2"), "requirement 1 of Depends has text after the package's name");
  EXPECT_EQ(fault_of("${shlibs:Depends}"), "requirement 1 of Depends names no package");
}

}  // namespace
}  // namespace catalog
