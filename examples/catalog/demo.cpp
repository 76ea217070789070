#include "demo.hpp"

#include <istream>
#include <optional>
#include <system_error>
#include <utility>

#include <forebay/database.hpp>
#include <forebay/soci/sqlite.hpp>

#include "entities.hpp"
#include "import.hpp"
#include "package_records.hpp"
#include "progress.hpp"
#include "schema.hpp"
#include "shop_window.hpp"

namespace catalog {

namespace {

using namespace std::chrono_literals;

forebay::database_options without_cache(const std::string& url) { return {.shards = {{.primary = url}}}; }

forebay::database_options with_cache(const std::string& url, unsigned threads) {
  return {.shards = {{.primary = url}},
          .cache = {.entities = {forebay::cache_for<Maintainer>(), forebay::cache_for<Package>()}},
          // SQLite has one writer: with many threads, each waits for the commits of all the others.
          .pool = {.max_size = threads, .acquire_limit = 5s}};
}

std::optional<std::uint64_t> size_of(const std::filesystem::path& file) {
  std::error_code error;
  const auto size = std::filesystem::file_size(file, error);
  return error ? std::nullopt : std::optional<std::uint64_t>(size);
}

void import_all(run_result& run, forebay::database& db, const options& chosen, std::istream& input) {
  create_tables(db);
  package_reader records(input, chosen.input.string());
  progress shown(size_of(chosen.input));
  phase_watch watch(db, "import");
  run.imported = import_packages(records, db, shown);
  run.phases.push_back(watch.finish());
}

std::vector<shown_package> browse_as_phase(run_result& run, const std::string& name, forebay::database& db,
                                           fill_page& fill, const options& chosen) {
  phase_watch watch(db, name);
  std::vector<shown_package> shown = browse(db, fill, chosen.pages, chosen.page_size);
  run.phases.push_back(watch.finish());
  return shown;
}

void load_as_phase(run_result& run, forebay::database& db, const options& chosen) {
  phase_watch watch(db, "finds and updates, cached");
  run.mixed = run_mixed_load(db, {.packages = run.imported.packages,
                                  .operations = chosen.operations,
                                  .threads = chosen.threads,
                                  .seed = chosen.seed});
  run.phases.push_back(watch.finish());
}

}  // namespace

run_result run_demo(const options& chosen, std::istream& input, const std::string& url) {
  run_result run{.input = chosen.input.string(), .seed = chosen.seed, .threads = chosen.threads};
  std::vector<shown_package> as_first;
  {
    forebay::database db(without_cache(url));
    import_all(run, db, chosen, input);
    if (run.imported.packages == 0) return run;
    as_first = browse_as_phase(run, "list, a find for each", db, list_one_by_one, chosen);
    run.shown = as_first.size();
    run.all_ways_show_the_same = browse_as_phase(run, "list, load_for", db, list_with_load_for, chosen) == as_first;
  }
  forebay::database db(with_cache(url, chosen.threads));
  for (const char* name : {"list, load_for, cache cold", "list, load_for, cache warm"}) {
    const bool same = browse_as_phase(run, name, db, list_with_load_for, chosen) == as_first;
    run.all_ways_show_the_same = run.all_ways_show_the_same && same;
  }
  load_as_phase(run, db, chosen);
  run.wrong_packages = count_wrong_packages(db, run.mixed);
  return run;
}

}  // namespace catalog
