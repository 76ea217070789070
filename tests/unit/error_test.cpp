#include <gtest/gtest.h>

#include <set>
#include <string>
#include <string_view>

#include <forebay/error.hpp>

using forebay::errc;
using forebay::error;
using forebay::error_details;
using forebay::outcome;

namespace {

const errc all_codes[]{
    errc::invalid_option, errc::no_driver,       errc::cannot_connect,     errc::connection_lost,
    errc::query_failed,   errc::schema_mismatch, errc::value_out_of_range, errc::constraint_violation,
    errc::duplicate_key,  errc::conflict,        errc::database_busy,      errc::deadline_exceeded,
    errc::pool_timeout,   errc::shut_down,       errc::commit_unknown,     errc::not_found,
    errc::invalid_cursor};

std::string text_of(error_details d) { return error(errc::query_failed, std::move(d)).what(); }

TEST(Error, TellsWhatWhereOnWhichDatabaseAndWhatToDo) {
  const error e(errc::schema_mismatch, {.message = "users.email is NULL",
                                        .statement = "select id, email from users where tenant = {}",
                                        .where = {"app/users.cpp", 41, "load"},
                                        .endpoint = "sqlite:shop.db",
                                        .fix = "make the member std::optional<std::string>"});
  EXPECT_STREQ(e.what(),
               "forebay::schema_mismatch: users.email is NULL\n"
               "  statement  select id, email from users where tenant = {}   (app/users.cpp:41)\n"
               "  on         sqlite:shop.db\n"
               "  fix        make the member std::optional<std::string>");
}

TEST(Error, LeavesOutWhatIsNotKnown) {
  EXPECT_EQ(text_of({.message = "no"}), "forebay::query_failed: no");
  EXPECT_EQ(text_of({.message = "no", .statement = "select 1"}), "forebay::query_failed: no\n  statement  select 1");
  EXPECT_EQ(text_of({.message = "no", .where = {"a.cpp", 7, "f"}}), "forebay::query_failed: no\n  called at  a.cpp:7");
  EXPECT_EQ(text_of({.message = "no", .endpoint = "sqlite:x"}), "forebay::query_failed: no\n  on         sqlite:x");
}

TEST(Error, NamesTheSession) {
  EXPECT_EQ(text_of({.message = "no", .statement = "select 1", .session = "GET /users", .endpoint = "sqlite:x"}),
            "forebay::query_failed: no\n"
            "  statement  select 1\n"
            "  session    \"GET /users\"\n"
            "  on         sqlite:x");
}

TEST(Error, KeepsItsDetails) {
  const error e(
      errc::database_busy,
      {.message = "m", .endpoint = "sqlite:x", .sqlstate = "5", .outcome = outcome::unknown, .retryable = true});
  EXPECT_EQ(e.code(), errc::database_busy);
  EXPECT_TRUE(e.retryable());
  EXPECT_EQ(e.outcome(), outcome::unknown);
  EXPECT_EQ(e.sqlstate(), "5");
  EXPECT_EQ(e.endpoint(), "sqlite:x");
  EXPECT_EQ(e.details().message, "m");
}

TEST(Error, WasNotAppliedAndIsNotWorthARetryUnlessItSaysSo) {
  const error e(errc::query_failed, {.message = "m"});
  EXPECT_EQ(e.outcome(), outcome::not_applied);
  EXPECT_FALSE(e.retryable());
}

TEST(Error, EveryCodeHasANameOfItsOwn) {
  std::set<std::string_view> names;
  for (const errc code : all_codes) names.insert(to_string(code));
  EXPECT_EQ(names.size(), std::size(all_codes));
  EXPECT_FALSE(names.contains("unknown"));
}

template <class Class>
bool thrown_as(errc code) {
  try {
    forebay::throw_error(code, {.message = "m"});
  } catch (const Class& e) {
    return e.code() == code;
  } catch (...) {}
  return false;
}

TEST(Error, ThrowErrorThrowsTheClassOfTheCode) {
  EXPECT_TRUE(thrown_as<forebay::invalid_option>(errc::invalid_option));
  EXPECT_TRUE(thrown_as<forebay::schema_mismatch>(errc::schema_mismatch));
  EXPECT_TRUE(thrown_as<forebay::constraint_violation>(errc::constraint_violation));
  EXPECT_TRUE(thrown_as<forebay::duplicate_key>(errc::duplicate_key));
  EXPECT_TRUE(thrown_as<forebay::conflict>(errc::conflict));
  EXPECT_TRUE(thrown_as<forebay::deadline_exceeded>(errc::deadline_exceeded));
  EXPECT_TRUE(thrown_as<forebay::pool_timeout>(errc::pool_timeout));
  EXPECT_TRUE(thrown_as<forebay::commit_unknown>(errc::commit_unknown));
  EXPECT_TRUE(thrown_as<forebay::not_found>(errc::not_found));
  EXPECT_TRUE(thrown_as<forebay::invalid_cursor>(errc::invalid_cursor));
  for (const errc code : all_codes) EXPECT_TRUE(thrown_as<error>(code)) << to_string(code);
}

TEST(CallSite, IsFileAndLineOrUnknown) {
  EXPECT_EQ(to_string(forebay::call_site{"app/users.cpp", 41, "f"}), "app/users.cpp:41");
  EXPECT_EQ(to_string(forebay::call_site{}), "unknown");
}

forebay::call_site place_of_caller(forebay::call_site where = forebay::call_site::here()) { return where; }

TEST(CallSite, IsTheCallersLineWhenItIsADefaultArgument) {
  const forebay::call_site here = place_of_caller();
  EXPECT_EQ(here.line, __LINE__ - 1);
  EXPECT_TRUE(std::string_view(here.file).ends_with("error_test.cpp"));
}

}  // namespace
