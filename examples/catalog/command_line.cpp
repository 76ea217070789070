#include "command_line.hpp"

#include <CLI/CLI.hpp>

#include <random>
#include <string>

namespace catalog {

namespace {

// Without its range in the help, which CLI11 would write behind the option's name.
CLI::Validator from_one_to(int most) { return CLI::Range(1, most).description(""); }

}  // namespace

std::variant<options, exit_code> read_command_line(int argc, const char* const* argv) {
  options o;
  std::string input = o.input.string();
  std::string database;
  std::string json;
  o.seed = std::random_device()();

  CLI::App app(
      "Reads Debian package records into SQLite, plays a shop window over them in several ways, and prints\n"
      "what each way cost and what Forebay found wrong with it.\n",
      "catalog");
  app.add_option("--input", input,
                 "package records: a dpkg status file, or an apt Packages list that is not compressed")
      ->type_name("FILE")
      ->capture_default_str();
  app.add_option("--database", database,
                 "the SQLite file to make and keep; default: a temporary one, removed at the end")
      ->type_name("FILE");
  app.add_option("--json", json, "also write the figures here, for a machine")->type_name("FILE");
  app.add_option("--pages", o.pages, "pages that the shop window shows in each way")
      ->check(from_one_to(10'000))
      ->type_name("N")
      ->capture_default_str();
  app.add_option("--page-size", o.page_size, "packages on a page")
      ->check(from_one_to(10'000))
      ->type_name("N")
      ->capture_default_str();
  app.add_option("--operations", o.operations, "finds and updates of the mixed load, all threads together")
      ->check(from_one_to(100'000'000))
      ->type_name("N")
      ->capture_default_str();
  app.add_option("--threads", o.threads, "threads of the mixed load")
      ->check(from_one_to(256))
      ->type_name("N")
      ->capture_default_str();
  app.add_option("--seed", o.seed, "draws the same packages as an earlier run; default: another one each time")
      ->check(CLI::NonNegativeNumber.description(""))
      ->type_name("N");
  app.footer(
      "Exit code: 0 done; 1 an error on the way, or a check of the demo did not hold; 2 a bad option or an\n"
      "unusable file.\n"
      "\n"
      "A larger catalogue, of everything in Debian:\n"
      "  /usr/lib/apt/apt-helper cat-file /var/lib/apt/lists/*_main_binary-*_Packages* | catalog --input /dev/stdin");

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? exit_code::done : exit_code::unusable;
  }
  o.input = input;
  if (!database.empty()) o.database = database;
  if (!json.empty()) o.json = json;
  return o;
}

}  // namespace catalog
