// find, answered by the cache and past it, against the same look-up written by hand: on the same file, in one process,
// interleaved. Prints medians and their ratios.
#include <benchmark/benchmark.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <forebay/forebay.hpp>
#include <forebay/soci/sqlite.hpp>

#include "baselines.hpp"

namespace bench {

FOREBAY_ENTITY(user, (.table = "users", .version = &user::version), id, email, name, version);

namespace {

constexpr std::int64_t rows = 4096;

// Visits all keys, not in their order.
std::int64_t next_key(std::int64_t& at) { return (at = (at + 1597) % rows) + 1; }

class scratch_file {
 public:
  ~scratch_file() {
    for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(path_.string() + suffix);
  }
  [[nodiscard]] std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_ =
      std::filesystem::temp_directory_path() / ("forebay-smoke-" + std::to_string(::getpid()) + ".db");
};

void fill(const std::string& file) {
  forebay::database db(("sqlite:" + file).c_str());
  forebay::session s = db.session();
  db.execute(s, "create table users(id integer primary key, email text not null, name text, version integer not null)");
  std::vector<user> users;
  for (std::int64_t id = 1; id <= rows; ++id) {
    users.push_back({id, "user" + std::to_string(id) + "@example.org", "Name of " + std::to_string(id), 1});
  }
  forebay::repository<user>(db).insert_many(s, users);
}

template <class Baseline>
void by_hand(benchmark::State& state, const std::string& file) {
  Baseline baseline(file);
  user out;
  std::int64_t at = 0;
  for (auto _ : state) {
    if (!baseline.find(next_key(at), out)) state.SkipWithError("a row is missing");
    benchmark::DoNotOptimize(out);
  }
}

void through_forebay(benchmark::State& state, const std::string& file, bool cached) {
  forebay::database_options options{.shards = {{.primary = "sqlite:" + file}}};
  if (cached) options.cache.entities = {forebay::cache_for<user>({.memory_ttl = std::chrono::hours(1)})};
  forebay::database db(options);
  forebay::repository<user> users{db};
  forebay::session s = db.session({.deadline = std::chrono::hours(1), .name = "smoke"});
  std::int64_t at = 0;
  for (std::int64_t id = 1; id <= rows; ++id) benchmark::DoNotOptimize(users.find(s, id));  // warms whatever there is
  for (auto _ : state) {
    const auto u = users.find(s, next_key(at));
    if (!u) state.SkipWithError("a row is missing");
    benchmark::DoNotOptimize(u);
  }
}

// Keeps the medians, and prints as usual.
class medians final : public benchmark::ConsoleReporter {
 public:
  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& r : runs) {
      if (r.aggregate_name == "median") by_name[r.run_name.function_name] = r.GetAdjustedCPUTime();
    }
    ConsoleReporter::ReportRuns(runs);
  }
  std::map<std::string, double> by_name;
};

void print_ratio(const medians& m, const char* what, const char* against) {
  if (!m.by_name.contains(what) || !m.by_name.contains(against)) return;
  const double a = m.by_name.at(what);
  const double b = m.by_name.at(against);
  std::printf("%-28s %8.0f ns   against %-22s %8.0f ns   ratio %6.3f\n", what, a, against, b, a / b);
}

}  // namespace
}  // namespace bench

int main(int argc, char** argv) {
  // Interleaved repetitions and their median, unless the command line says otherwise.
  std::vector<std::string> arguments{argv[0], "--benchmark_repetitions=15", "--benchmark_min_time=0.05",
                                     "--benchmark_enable_random_interleaving=true",
                                     "--benchmark_report_aggregates_only=true"};
  arguments.insert(arguments.end(), argv + 1, argv + argc);
  std::vector<char*> pointers;
  for (std::string& a : arguments) pointers.push_back(a.data());
  int count = static_cast<int>(pointers.size());
  benchmark::Initialize(&count, pointers.data());
  if (benchmark::ReportUnrecognizedArguments(count, pointers.data())) return 1;

  const bench::scratch_file file;
  bench::fill(file.path());
  benchmark::RegisterBenchmark("find_hit", bench::through_forebay, file.path(), true);
  benchmark::RegisterBenchmark("find_bypassed", bench::through_forebay, file.path(), false);
  benchmark::RegisterBenchmark("soci_prepared", bench::by_hand<bench::soci_find>, file.path());
  benchmark::RegisterBenchmark("sqlite3_prepared", bench::by_hand<bench::sqlite3_find>, file.path());
  bench::medians medians;
  benchmark::RunSpecifiedBenchmarks(&medians);

  std::printf("\nmedians; below 1 is faster than what it is compared with\n");
  bench::print_ratio(medians, "find_hit", "soci_prepared");
  bench::print_ratio(medians, "find_bypassed", "soci_prepared");
  bench::print_ratio(medians, "find_bypassed", "sqlite3_prepared");
  bench::print_ratio(medians, "soci_prepared", "sqlite3_prepared");
}
