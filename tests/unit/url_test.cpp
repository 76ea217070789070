#include <gtest/gtest.h>

#include <string>

#include <forebay/db/driver.hpp>
#include <forebay/db/url.hpp>
#include <forebay/error.hpp>
#include <forebay/runtime.hpp>

using forebay::database_url;

namespace {

std::string safe(const char* url) { return database_url(url).safe_text(); }

// What the constructor says; empty when it says nothing.
std::string refusal(std::string_view url) {
  try {
    (void)database_url(url);
  } catch (const forebay::invalid_option& e) {
    return e.what();
  }
  return {};
}

TEST(Url, IsASchemeAndARest) {
  const database_url url("sqlite:/var/lib/shop.db?mode=rw");
  EXPECT_EQ(url.scheme(), "sqlite");
  EXPECT_EQ(url.rest(), "/var/lib/shop.db?mode=rw");
  EXPECT_EQ(database_url("sqlite::memory:").rest(), ":memory:");
  EXPECT_EQ(database_url("postgresql+ssl-2://h/db").scheme(), "postgresql+ssl-2");
}

TEST(Url, IsMadeFromAnyText) {
  EXPECT_EQ(database_url(std::string("sqlite:a")).rest(), "a");
  EXPECT_EQ(database_url(std::string_view("sqlite:abc", 9)).rest(), "ab");
}

TEST(Url, SaysWhatIsWrongWithIt) {
  EXPECT_NE(refusal("").find("is empty"), std::string::npos);
  EXPECT_NE(refusal("shop.db").find("no scheme"), std::string::npos);
  EXPECT_NE(refusal(":shop.db").find("no scheme"), std::string::npos);
  EXPECT_NE(refusal("SQLite:shop.db").find("malformed scheme"), std::string::npos);
  EXPECT_NE(refusal("my db:x").find("malformed scheme"), std::string::npos);
  EXPECT_NE(refusal("sqlite:").find("names no place"), std::string::npos);
  EXPECT_NE(refusal(std::string_view("sqlite:a\0b", 10)).find("NUL"), std::string::npos);
}

TEST(Url, ShowsNoPassword) {
  EXPECT_EQ(safe("postgresql://app:secret@db/shop"), "postgresql://app:***@db/shop");
  EXPECT_EQ(safe("postgresql://app@db:5432/shop"), "postgresql://app@db:5432/shop");
  EXPECT_EQ(safe("postgresql://db:5432/shop"), "postgresql://db:5432/shop");
  EXPECT_EQ(safe("sqlite:shop.db"), "sqlite:shop.db");
}

TEST(Url, ShowsNoPasswordWhateverCharactersItHas) {
  for (const char* url :
       {"postgresql://app:s@cret@db/shop", "postgresql://app:s/cret@db/shop", "postgresql://app:s?cret@db/shop",
        "postgresql://app:s:cret@db/shop", "postgresql://app:s#cret@db/shop", "postgresql://:s&cret@db/shop",
        "postgresql://app:s?x=cret@db/shop", "postgresql://app:cret@db/shop?a=b",
        "postgresql://app:cret@db/shop?mode=rw", "postgresql://app:s=cret@db"}) {
    EXPECT_EQ(safe(url).find("cret"), std::string::npos) << url << " is shown as " << safe(url);
  }
}

TEST(Url, ShowsNoValueOfAnOption) {
  for (const char* url :
       {"postgresql://db/shop?password=cret", "postgresql://db/shop?user=a&password=cret&x=1",
        "postgresql://db:5432/shop?password=s@cret", "postgresql://db/shop?password=s@cret",
        "postgresql://a:b@db/shop?password=s@cret", "sqlite:shop.db?password=cret", "mysql:h?cret=cret"}) {
    const std::string shown = safe(url);
    EXPECT_EQ(shown.find("=cret"), std::string::npos) << url << " is shown as " << shown;
    EXPECT_EQ(shown.find("@cret"), std::string::npos) << url << " is shown as " << shown;
  }
  EXPECT_EQ(safe("sqlite:shop.db?mode=rw"), "sqlite:shop.db?mode=rw");
}

TEST(Driver, OfAnUnknownSchemeIsAnErrorThatNamesTheKnownOnes) {
  const forebay::driver_registration registered("url-test-known", nullptr);
  try {
    (void)forebay::make_driver("url-test-unknown://app:secret@db", forebay::system_runtime());
    FAIL();
  } catch (const forebay::error& e) {
    EXPECT_EQ(e.code(), forebay::errc::no_driver);
    const std::string what = e.what();
    EXPECT_NE(what.find("\"url-test-unknown\""), std::string::npos) << what;
    EXPECT_NE(what.find("url-test-known"), std::string::npos) << what;
    EXPECT_NE(what.find("forebay/soci/sqlite.hpp"), std::string::npos) << what;
    EXPECT_EQ(what.find("secret"), std::string::npos) << what;
  }
}

}  // namespace
