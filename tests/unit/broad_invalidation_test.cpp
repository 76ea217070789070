#include <forebay/diagnostics/broad_invalidation.hpp>

#include <gtest/gtest.h>

#include <array>

#include <forebay/error.hpp>

using forebay::call_site;
using forebay::wide_reason;
using forebay::wide_write;
using forebay::diagnostics::broad_invalidation;

namespace {

void commit(broad_invalidation& to, std::uint64_t session, std::span<const wide_write> wide) {
  forebay::invalidation_event e;
  e.session = session;
  e.session_name = "POST /users";
  e.wide = wide;
  to.on_invalidation(e);
}

const call_site here{"app/users.cpp", 41, "save"};
const call_site there{"app/users.cpp", 57, "save_all"};

TEST(BroadInvalidation, IsFoundOnceForEachLineAndTable) {
  broad_invalidation detector;
  const std::array writes{wide_write{"users", "update users set name = {}", here, wide_reason::key_not_named},
                          wide_write{"orders", "replace into orders values({})", there, wide_reason::rows_replaced}};
  for (const std::uint64_t session : {1, 1, 2}) commit(detector, session, std::span(writes).first(1));
  commit(detector, 3, writes);
  const auto found = detector.findings();
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].rule, "broad-invalidation");
  EXPECT_EQ(found[0].where.line, 41);
  EXPECT_EQ(found[0].occurrences, 4u);
  EXPECT_EQ(found[0].sessions, 3u);
  EXPECT_EQ(found[0].statement, "update users set name = {}");
  EXPECT_NE(found[0].message.find("every cached row of users"), std::string::npos);
  EXPECT_NE(found[0].fix.find("touches(users, keys)"), std::string::npos);
  EXPECT_NE(found[1].fix.find("on conflict"), std::string::npos);
}

TEST(BroadInvalidation, WhatTriggersWriteIsNone) {
  broad_invalidation detector;
  const wide_write w{"users", "delete from parents", here, wide_reason::trigger_or_action};
  commit(detector, 1, {&w, 1});
  EXPECT_TRUE(detector.findings().empty());
}

TEST(BroadInvalidation, OfEverythingNamesNoTable) {
  broad_invalidation detector;
  const wide_write w{"", "create index i on users(name)", here, wide_reason::tables_not_known};
  commit(detector, 1, {&w, 1});
  EXPECT_NE(detector.findings().at(0).message.find("all tables"), std::string::npos);
}

TEST(BroadInvalidation, PlacesAreBounded) {
  broad_invalidation detector({.max_places = 1});
  const std::array writes{wide_write{"users", "a", here}, wide_write{"users", "b", there},
                          wide_write{"users", "a", here}};
  commit(detector, 1, writes);
  ASSERT_EQ(detector.findings().size(), 1u);
  EXPECT_EQ(detector.findings()[0].occurrences, 2u);
  EXPECT_EQ(detector.overlooked(), 1u);
  EXPECT_THROW(broad_invalidation({.max_places = 0}), forebay::invalid_option);
  EXPECT_THROW(broad_invalidation({.max_places = 1'000'001}), forebay::invalid_option);
}

}  // namespace
