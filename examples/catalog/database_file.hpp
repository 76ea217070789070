#pragma once

#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>

namespace catalog {

// The file cannot take the catalogue; what() names it and says why.
class unusable_database_file : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Where the catalogue's database lies: in a new file that the user named, or in a temporary folder. Removed with this
// object; a named file stays when keep() was called, so that a run that failed can be tried again.
class database_file {
 public:
  // Throws unusable_database_file when there is something in the named file already.
  explicit database_file(const std::optional<std::filesystem::path>& named);
  ~database_file();
  database_file(const database_file&) = delete;
  database_file& operator=(const database_file&) = delete;

  // Absolute, because a file may be called ":memory:".
  [[nodiscard]] std::string url() const { return "sqlite:" + std::filesystem::absolute(path_).string(); }
  void keep() noexcept { kept_ = true; }

 private:
  std::filesystem::path path_;
  std::filesystem::path temporary_folder_;  // empty: the file was named
  bool kept_ = false;
};

}  // namespace catalog
