// Reads the machine's Debian package records into SQLite and plays a shop-window service over them; see --help.

#include <exception>
#include <fstream>
#include <iostream>
#include <utility>
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

exit_code complain(const std::exception& e, exit_code code) {
  std::cerr << "catalog: " << e.what() << '\n';
  return code;
}

exit_code report(const catalog::run_result& run, std::ostream* json) {
  catalog::write_report(std::cout, run);
  std::cout.flush();
  if (json != nullptr) {
    catalog::write_json(*json, run);
    json->flush();
  }
  if (!std::cout || (json != nullptr && !*json)) {
    std::cerr << "catalog: the report could not be written\n";
    return exit_code::failed;
  }
  return run.all_checks_hold() ? exit_code::done : exit_code::failed;
}

exit_code run(const catalog::options& chosen) {
  std::ifstream input = catalog::open_input(chosen.input);
  catalog::database_file file(chosen.database);
  std::ofstream json;
  if (chosen.json) {
    json.open(*chosen.json);
    if (!json) {
      std::cerr << "catalog: --json: cannot write " << chosen.json->string() << '\n';
      return exit_code::unusable;
    }
  }
  const catalog::run_result result = catalog::run_demo(chosen, input, file.url());
  catalog::write_skipped(std::cerr, result);
  if (result.imported.packages == 0) {
    std::cerr << "catalog: no package in " << result.input << "; it should be a dpkg status file or an uncompressed "
              << "Packages list\n";
    return exit_code::unusable;
  }
  file.keep();
  return report(result, chosen.json ? &json : nullptr);
}

}  // namespace

int main(int argc, char** argv) {
  const auto chosen = catalog::read_command_line(argc, argv);
  if (const auto* code = std::get_if<exit_code>(&chosen)) return static_cast<int>(*code);
  try {
    return static_cast<int>(run(std::get<catalog::options>(chosen)));
  } catch (const catalog::unreadable_input& e) {
    return static_cast<int>(complain(e, exit_code::unusable));
  } catch (const catalog::unusable_database_file& e) {
    return static_cast<int>(complain(e, exit_code::unusable));
  } catch (const forebay::error& e) {
    const bool bad_file = e.code() == forebay::errc::cannot_connect || e.code() == forebay::errc::invalid_option;
    return static_cast<int>(complain(e, bad_file ? exit_code::unusable : exit_code::failed));
  } catch (const std::exception& e) {
    return static_cast<int>(complain(e, exit_code::failed));
  }
}
