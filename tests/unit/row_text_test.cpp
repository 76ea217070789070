#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include <forebay/entity/entity.hpp>

using forebay::to_text;

namespace {

struct Account {
  std::int64_t id{};
  std::string secret{};
  std::optional<std::string> name{};
  bool active{};
  double ratio{};
  std::vector<std::byte> picture{};
  std::chrono::sys_time<std::chrono::microseconds> since{};
  std::uint64_t wide{};
};
FOREBAY_ENTITY(Account, (.table = "accounts", .sensitive = {&Account::secret}), id, secret, name, active, ratio,
               picture, since, wide);

struct Shown {
  int id{};
  friend std::ostream& operator<<(std::ostream& out, const Shown& s) { return out << "mine " << s.id; }
};
FOREBAY_ROW(Shown, id);

Account account() {
  return {.id = 42, .secret = "canary-7f3a", .name = std::nullopt, .active = true, .ratio = 0.1, .picture = {}};
}

TEST(RowText, ShowsTheColumnsAndNoSensitiveValue) {
  EXPECT_EQ(to_text(account()),
            "Account{id: 42, secret: ***, name: NULL, active: true, ratio: 0.1, picture: x'', "
            "since: 1970-01-01T00:00:00.000000Z, wide: 0}");
}

TEST(RowText, CutsLongTextsAndBytes) {
  Account a = account();
  a.name = std::string(64, 'n');
  EXPECT_NE(to_text(a).find("\"" + std::string(64, 'n') + "\", active"), std::string::npos);
  a.name = std::string(65, 'n');
  a.picture = std::vector<std::byte>(17, std::byte{0xab});
  const std::string text = to_text(a);
  EXPECT_NE(text.find(std::string(64, 'n') + "\"... (65 bytes)"), std::string::npos) << text;
  EXPECT_NE(text.find("abab'... (17 bytes)"), std::string::npos) << text;
}

TEST(RowText, EscapesWhatIsNotPrintable) {
  Account a = account();
  a.name = std::string("a\"\\\n\0\xc3\xa9", 7);
  EXPECT_NE(to_text(a).find(R"(name: "a\"\\\x0a\x00\xc3\xa9")"), std::string::npos) << to_text(a);
}

TEST(RowText, SaysWhatCannotBeStored) {
  Account a = account();
  a.wide = UINT64_MAX;
  a.since = decltype(a.since)::max();
  EXPECT_NE(to_text(a).find("since: (cannot be stored), wide: (cannot be stored)"), std::string::npos) << to_text(a);
}

TEST(RowText, IsWhatGoogleTestPrints) {
  EXPECT_EQ(testing::PrintToString(account()), to_text(account()));
  EXPECT_EQ(testing::PrintToString(std::vector{Shown{7}}), "{ mine 7 }") << "an operator<< of its own wins";
}

}  // namespace
