// Reads Debian package records into SQLite and plays a shop window over them in several ways; see --help.

#include <exception>
#include <fstream>
#include <iostream>
#include <string>
#include <variant>

#include <forebay/error.hpp>

#include "command_line.hpp"
#include "database_file.hpp"
#include "demo.hpp"
#include "json_output.hpp"
#include "package_records.hpp"
#include "text_output.hpp"

namespace {

using catalog::exit_code;

exit_code complain(const std::string& what, exit_code code) {
  std::cerr << "catalog: " << what << '\n';
  return code;
}

// The database file is gone, or closed, before the first line is written: a reader of the output may hang up.
catalog::run_result play(const catalog::options& chosen, std::istream& input) {
  catalog::database_file file(chosen.database);
  catalog::run_result result = catalog::run_demo(chosen, input, file.url());
  if (result.imported.packages > 0) file.keep();
  return result;
}

exit_code report(const catalog::run_result& run, std::ofstream& json) {
  catalog::write_report(std::cout, run);
  std::cout.flush();
  if (json.is_open()) {
    catalog::write_json(json, run);
    json.flush();
  }
  if (!std::cout || !json) return complain("the report could not be written", exit_code::failed);
  return run.all_checks_hold() ? exit_code::done : exit_code::failed;
}

exit_code run(const catalog::options& chosen) {
  std::ifstream input = catalog::open_input(chosen.input);
  std::ofstream json;
  if (chosen.json) json.open(*chosen.json);
  if (!json) return complain("--json: cannot write " + chosen.json->string(), exit_code::unusable);

  const catalog::run_result result = play(chosen, input);
  catalog::write_skipped(std::cerr, result);
  if (result.imported.packages == 0) {
    return complain("no package in " + result.input +
                        "; it should be a dpkg status file, or a Packages list that is not "
                        "compressed",
                    exit_code::unusable);
  }
  return report(result, json);
}

exit_code run_and_explain(const catalog::options& chosen) {
  try {
    return run(chosen);
  } catch (const catalog::unreadable_input& e) {
    return complain(e.what(), exit_code::unusable);
  } catch (const catalog::unusable_database_file& e) {
    return complain(e.what(), exit_code::unusable);
  } catch (const forebay::error& e) {
    const bool bad_file = e.code() == forebay::errc::cannot_connect || e.code() == forebay::errc::invalid_option;
    return complain(e.what(), bad_file ? exit_code::unusable : exit_code::failed);
  } catch (const std::exception& e) {
    return complain(e.what(), exit_code::failed);
  }
}

}  // namespace

int main(int argc, char** argv) {
  const auto chosen = catalog::read_command_line(argc, argv);
  const auto* code = std::get_if<exit_code>(&chosen);
  return static_cast<int>(code != nullptr ? *code : run_and_explain(std::get<catalog::options>(chosen)));
}
