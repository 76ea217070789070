// The repository against the same work written by hand with the SQLite API, SOCI, SQLiteCpp and POCO Data, on the same
// file.
#include <stdlib.h>

#include <cstdio>
#include <exception>
#include <filesystem>
#include <stdexcept>

#include <forebay/forebay.hpp>
#include <forebay/soci/sqlite.hpp>

#include "access.hpp"
#include "runner/runner.hpp"

namespace bench {

FOREBAY_ENTITY(user, (.table = "users", .version = &user::version), id, tenant, email, name, balance, version);

namespace {

constexpr std::int64_t user_count = 4096;
constexpr std::int64_t insert_count = 10'000;

class scratch_folder {
 public:
  scratch_folder() {
    std::string name = (std::filesystem::temp_directory_path() / "forebay-bench-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make a folder like " + name);
    path_ = name;
  }
  ~scratch_folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  scratch_folder(const scratch_folder&) = delete;
  scratch_folder& operator=(const scratch_folder&) = delete;
  [[nodiscard]] std::string file(const char* name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

std::vector<user> make_users(std::int64_t count) {
  std::vector<user> users;
  for (std::int64_t id = 1; id <= count; ++id) {
    std::optional<std::string> name;
    if (id % 8 != 0) name = "Name of " + std::to_string(id);
    users.push_back(
        {id, id % 16, "user" + std::to_string(id) + "@example.org", std::move(name), static_cast<double>(id) / 4, 1});
  }
  return users;
}

// Forebay, in the form that the others have, and in its own: handles share the rows, nothing is copied.
class forebay_access final : public access {
 public:
  explicit forebay_access(const std::string& file, forebay::cache_options cache = {})
      : db_({.shards = {{.primary = "sqlite:" + file}}, .cache = std::move(cache)}) {}

  auto find_handle(std::int64_t id) { return users_.find(session_, id); }
  auto find_handles(std::span<const std::int64_t> ids) { return users_.find_many(session_, ids); }
  auto all() { return users_.query(session_).order_by(forebay::col<&user::id>).all(); }
  auto page_by_sql(std::int64_t id) {
    return db_.query<user>(
        session_, "select id, tenant, email, name, balance, version from users where id > {} order by id limit {}", id,
        page_size);
  }

  void create_table() {
    db_.execute(session_,
                "create table users(id integer primary key, tenant integer not null, email text not null, name text, "
                "balance real not null, version integer not null)");
  }
  // And starts the write-ahead log again, so that each fill begins alike and runs into no checkpoint.
  void empty_table() {
    db_.execute(session_, "delete from users");
    db_.execute(session_, "pragma wal_checkpoint(truncate)");
  }

  void find(std::int64_t id, user& out) override { out = *find_handle(id); }
  std::vector<user> find_many(std::span<const std::int64_t> ids) override {
    std::vector<user> found;
    for (const auto& h : find_handles(ids)) found.push_back(*h);
    return found;
  }
  std::vector<user> page_after(std::int64_t id) override {
    using forebay::col;
    return users_.query(session_).where(col<&user::id> > id).order_by(col<&user::id>).limit(page_size).all();
  }
  void insert_many(std::span<const user> rows) override { users_.insert_many(session_, rows); }

 private:
  forebay::database db_;
  forebay::repository<user> users_{db_};
  forebay::session session_ = db_.session({.deadline = std::chrono::hours(1), .name = "bench"});
};

// Keys in an order that no cache of pages or branches learns.
class key_walk {
 public:
  std::int64_t next() { return (at_ = (at_ + 1597) % user_count) + 1; }
  std::vector<std::int64_t> next_many(std::size_t count) {
    std::vector<std::int64_t> keys;
    while (keys.size() < count) keys.push_back(next());
    return keys;
  }

 private:
  std::int64_t at_ = 0;
};

void require(bool fine, const std::string& what) {
  if (!fine) throw std::runtime_error(what);
}

struct named_access {
  std::string name;
  std::unique_ptr<access> by;
};

// `file` tells where each finds its database.
template <class File>
std::vector<named_access> open_rivals(File file) {
  std::vector<named_access> all;
  all.push_back({"SQLite API", access_by_sqlite3(file("sqlite3"), sqlite3_threading::serialized)});
  all.push_back({"SQLite API, no mutex", access_by_sqlite3(file("no-mutex"), sqlite3_threading::no_mutex)});
  all.push_back({"SOCI", access_by_soci(file("soci"))});
  all.push_back({"SQLiteCpp", access_by_sqlitecpp(file("sqlitecpp"))});
  all.push_back({"POCO Data", access_by_poco(file("poco"))});
  return all;
}

// The same body for each rival; a goal against one of them.
template <class Run>
std::vector<rival> each(const std::vector<named_access>& rivals, Run run, std::string_view with_goal = {},
                        double goal = 0) {
  std::vector<rival> all;
  for (const named_access& a : rivals) {
    all.push_back({a.name, [run, by = a.by.get()](benchmark::State& s) { run(s, *by); }});
    if (a.name == with_goal) all.back().goal = goal;
  }
  return all;
}

// Whoever is fast because it does less is found before anything is measured.
void check_reads(access& by, const std::string& name, const std::vector<user>& expected) {
  user one;
  for (std::size_t i = 0; i < expected.size(); i += 7) {
    by.find(expected[i].id, one);
    require(one == expected[i], name + ": find gives another row");
  }
  const std::vector<std::int64_t> keys = key_walk().next_many(batch_size);
  const std::vector<user> many = by.find_many(keys);
  require(many.size() == keys.size(), name + ": find_many gives another number of rows");
  for (std::size_t i = 0; i < keys.size(); ++i) {
    require(many[i] == expected[static_cast<std::size_t>(keys[i] - 1)], name + ": find_many gives another row");
  }
  require(std::ranges::equal(by.page_after(77), std::span(expected).subspan(77, page_size)),
          name + ": the page has other rows");
}

void compare_finds(runner& r, forebay_access& ours, forebay_access& cached, const std::vector<named_access>& rivals) {
  const auto through = [](forebay_access& by) {
    return [&by](benchmark::State& s) {
      key_walk keys;
      for (auto _ : s) benchmark::DoNotOptimize(by.find_handle(keys.next()));
    };
  };
  const auto by_hand = [](benchmark::State& s, access& by) {
    key_walk keys;
    user row;
    for (auto _ : s) {
      by.find(keys.next(), row);
      benchmark::DoNotOptimize(row);
    }
  };
  r.compare("find, past the cache", through(ours), each(rivals, by_hand, "SOCI", 1.1));
  r.compare("find, in memory", through(cached), each(rivals, by_hand));
}

void compare_batches(runner& r, forebay_access& ours, const std::vector<named_access>& rivals) {
  const std::vector<std::int64_t> keys = key_walk().next_many(batch_size);
  r.compare(
      "find_many(100)",
      [&](benchmark::State& s) {
        for (auto _ : s) benchmark::DoNotOptimize(ours.find_handles(keys));
      },
      each(rivals, [&keys](benchmark::State& s, access& by) {
        for (auto _ : s) benchmark::DoNotOptimize(by.find_many(keys));
      }));
}

void compare_pages(runner& r, forebay_access& ours, const std::vector<named_access>& rivals) {
  constexpr std::int64_t begin = 1000;
  const auto by_hand = [](benchmark::State& s, access& by) {
    for (auto _ : s) benchmark::DoNotOptimize(by.page_after(begin));
  };
  r.compare(
      "query, 1,000 rows", [&](benchmark::State& s) { by_hand(s, ours); }, each(rivals, by_hand, "SQLite API", 1.05));
  r.compare(
      "raw SQL, 1,000 rows",
      [&](benchmark::State& s) {
        for (auto _ : s) benchmark::DoNotOptimize(ours.page_by_sql(begin));
      },
      each(rivals, by_hand));
}

// Each has a copy of the file: a lock that one connection of a process holds is free of charge for the others, and SOCI
// leaves its statement open between calls. All are closed while they are copied, because whoever closes a file takes
// its process's locks off.
void compare_reads(runner& r, const std::string& file) {
  const std::vector<user> expected = make_users(user_count);
  {
    forebay_access fill(file);
    fill.create_table();
    fill.insert_many(expected);
  }
  const auto copy_for = [&](const std::string& whose) {
    std::filesystem::copy_file(file, file + "-" + whose);
    return file + "-" + whose;
  };
  forebay_access ours(copy_for("forebay"));
  forebay_access cached(copy_for("cached"),
                        {.entities = {forebay::cache_for<user>({.memory_ttl = std::chrono::hours(1)})}});
  const std::vector<named_access> rivals = open_rivals(copy_for);
  check_reads(ours, "Forebay", expected);
  check_reads(cached, "Forebay, cached", expected);
  for (const named_access& a : rivals) check_reads(*a.by, a.name, expected);
  require(ours.page_by_sql(77) == ours.page_after(77), "Forebay, raw SQL: the page has other rows");

  compare_finds(r, ours, cached, rivals);
  compare_batches(r, ours, rivals);
  compare_pages(r, ours, rivals);
}

void compare_inserts(runner& r, const std::string& file) {
  const std::vector<user> rows = make_users(insert_count);
  forebay_access ours(file);
  ours.create_table();
  const std::vector<named_access> rivals = open_rivals([&](const char*) { return file; });
  const auto check = [&](access& by, const std::string& name) {
    ours.empty_table();
    by.insert_many(rows);
    require(ours.all() == rows, name + ": insert_many left other rows");
  };
  check(ours, "Forebay");
  for (const named_access& a : rivals) check(*a.by, a.name);

  const auto fill = [&](benchmark::State& s, access& by) {
    for (auto _ : s) {
      s.PauseTiming();
      ours.empty_table();
      s.ResumeTiming();
      by.insert_many(rows);
    }
  };
  r.compare(
      "insert_many(10,000)", [&](benchmark::State& s) { fill(s, ours); }, each(rivals, fill, "SQLite API", 1.2));
}

}  // namespace
}  // namespace bench

int main(int argc, char** argv) try {
  bench::runner r("repository", argc, argv);
  const bench::scratch_folder folder;
  bench::compare_reads(r, folder.file("reads.db"));
  bench::compare_inserts(r, folder.file("inserts.db"));
  r.finish();
} catch (const std::exception& e) {
  std::fprintf(stderr, "%s\n", e.what());
  return 1;
}
