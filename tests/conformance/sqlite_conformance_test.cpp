#include <atomic>
#include <filesystem>
#include <string>

#include <unistd.h>

#include <forebay/soci/sqlite.hpp>
#include <forebay/testing/driver_conformance.hpp>

namespace {

// A folder of this process for database files; removed at its end.
class scratch_folder {
 public:
  scratch_folder() { std::filesystem::create_directories(path_); }
  ~scratch_folder() { std::filesystem::remove_all(path_); }
  std::string next_file() { return (path_ / (std::to_string(++count_) + ".db")).string(); }

 private:
  std::filesystem::path path_ =
      std::filesystem::temp_directory_path() / ("forebay-conformance-" + std::to_string(::getpid()));
  std::atomic<int> count_{0};
};

std::string create_table(const std::string& table) {
  return "create table " + table +
         "(id integer primary key, flag boolean, whole integer, number real, word text, raw blob, moment text)";
}

const std::string endless =
    "with recursive numbers(n) as (select 1 union all select n + 1 from numbers where n < 1000000000) "
    "select count(*) from numbers";

// Files and memory are one driver with different locking.
[[maybe_unused]] const bool registered = [] {
  forebay::testing::register_driver_conformance({.name = "SqliteFile",
                                                 .fresh_url =
                                                     [] {
                                                       static scratch_folder folder;
                                                       return "sqlite:" + folder.next_file();
                                                     },
                                                 .create_table = create_table,
                                                 .endless_statement = endless});
  forebay::testing::register_driver_conformance({.name = "SqliteMemory",
                                                 .fresh_url = [] { return std::string("sqlite::memory:"); },
                                                 .create_table = create_table,
                                                 .endless_statement = endless,
                                                 .during_a_write = forebay::testing::reads_during_a_write::wait});
  return true;
}();

}  // namespace
