#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <forebay/forebay.hpp>
#include <forebay/soci/sqlite.hpp>

// A small shop on SQLite, which every test here starts with.

namespace shop {

using namespace std::chrono_literals;
using namespace forebay::literals;

// Values that no error may show. Whatever a test binds where something goes wrong is one of these.
inline const std::string secret_text = "canary-7f3a";
inline constexpr std::int64_t secret_number = 7'341'592'648;

struct User {
  std::int64_t id{};
  std::string email;
  std::optional<std::string> name;
  std::int64_t version{};
  friend bool operator==(const User&, const User&) = default;
};
FOREBAY_ENTITY(User, (.table = "users", .version = &User::version), id, email, name, version);

struct Order {
  std::int64_t id{};
  std::int64_t user_id{};
  std::optional<std::int64_t> courier_id;
  std::int64_t total_cents{};
  friend bool operator==(const Order&, const Order&) = default;
};
FOREBAY_ENTITY(Order, "orders", id, user_id, courier_id, total_cents);

struct Line {
  std::int64_t order_id{};
  std::string sku;
  std::int32_t amount{};
  std::int32_t version{};
  friend bool operator==(const Line&, const Line&) = default;
};
FOREBAY_ENTITY(Line, (.table = "lines", .key = {&Line::order_id, &Line::sku}, .version = &Line::version), order_id, sku,
               amount, version);

inline User ann() { return {.id = 1, .email = "ann@example.org", .name = "Ann", .version = 1}; }
inline User bob() { return {.id = 2, .email = "bob@example.org", .name = std::nullopt, .version = 1}; }

// A folder of the test's own, which goes with it.
class temporary_folder {
 public:
  temporary_folder() {
    std::string name = (std::filesystem::temp_directory_path() / "forebay-sqlite-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path_ = name;
  }
  ~temporary_folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  temporary_folder(const temporary_folder&) = delete;
  temporary_folder& operator=(const temporary_folder&) = delete;
  [[nodiscard]] std::string file(const std::string& name) const { return (path_ / name).string(); }
  [[nodiscard]] std::string url(const std::string& name) const { return "sqlite:" + file(name); }

 private:
  std::filesystem::path path_;
};

inline void create_tables(forebay::database& db, forebay::session& s) {
  db.execute(s, "pragma synchronous = off");  // no test pulls the plug; there is one writing connection
  db.execute(s,
             "create table users(id integer primary key, email text not null unique, name text, "
             "version integer not null)");
  db.execute(s,
             "create table orders(id integer primary key, user_id integer not null references users(id), "
             "courier_id integer references users(id), total_cents integer not null check (total_cents >= 0))");
  db.execute(s,
             "create table lines(order_id integer not null, sku text not null, amount integer not null, "
             "version integer not null, primary key (order_id, sku))");
}

inline forebay::database_options options_for(const std::string& url) {
  return {.shards = {{.primary = url}},
          .cache = {.entities = {forebay::cache_for<User>(), forebay::cache_for<Line>()}}};
}

// The shop, empty; users and lines are cached, orders are not.
struct shop_database {
  explicit shop_database(std::string_view url) : shop_database(options_for(std::string(url))) {}
  explicit shop_database(forebay::database_options options) : db(std::move(options)), s(db.session({.name = "test"})) {
    create_tables(db, s);
  }

  forebay::database db;
  forebay::session s;
  forebay::repository<User> users{db};
  forebay::repository<Order> orders{db};
  forebay::repository<Line> lines{db};
};

// What a test saw of an error.
struct caught {
  forebay::errc code{};
  forebay::error_details details;
  std::string what;
  [[nodiscard]] bool says(std::string_view part) const { return what.find(part) != std::string::npos; }
};

// The error that `work` throws. That it shows none of the values above is checked here, for every error of every test.
template <class Work>
caught error_of(Work work) {
  try {
    work();
  } catch (const forebay::error& e) {
    const std::string text = e.what();
    const std::string details = e.details().message + e.details().fix + e.details().endpoint + e.details().statement;
    EXPECT_EQ((text + details).find("canary"), std::string::npos) << "shows a bound value: " << text;
    EXPECT_EQ((text + details).find(std::to_string(secret_number)), std::string::npos)
        << "shows a bound value: " << text;
    return {e.code(), e.details(), text};
  }
  ADD_FAILURE() << "nothing was thrown";
  return {};
}

}  // namespace shop

namespace forebay {
inline void PrintTo(errc code, std::ostream* out) { *out << to_string(code); }
inline void PrintTo(source from, std::ostream* out) { *out << to_string(from); }
inline void PrintTo(outcome how, std::ostream* out) {
  *out << (how == outcome::not_applied ? "not applied" : how == outcome::applied ? "applied" : "unknown");
}
}  // namespace forebay
