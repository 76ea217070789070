#include "database_file.hpp"

#include <stdlib.h>  // mkdtemp

#include <cerrno>
#include <system_error>

namespace catalog {

namespace {

std::filesystem::path make_temporary_folder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "forebay-catalog-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) {
    throw unusable_database_file("cannot make a temporary folder like " + pattern + ": " +
                                 std::generic_category().message(errno));
  }
  return pattern;
}

}  // namespace

database_file::database_file(const std::optional<std::filesystem::path>& named) {
  if (!named) {
    temporary_folder_ = make_temporary_folder();
    path_ = temporary_folder_ / "catalog.db";
    return;
  }
  path_ = *named;
  std::error_code error;
  if (std::filesystem::is_directory(path_, error)) {
    throw unusable_database_file("--database: " + path_.string() + " is a folder");
  }
  if (std::filesystem::file_size(path_, error) != 0 && !error) {
    throw unusable_database_file("--database: there is something in " + path_.string() +
                                 " already; name a new file, or remove it first");
  }
}

database_file::~database_file() {
  std::error_code ignored;
  if (!temporary_folder_.empty()) {
    std::filesystem::remove_all(temporary_folder_, ignored);
  } else if (!kept_) {
    for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(path_.string() + suffix, ignored);
  }
}

}  // namespace catalog
