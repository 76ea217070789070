#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iosfwd>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "dependency_list.hpp"

// The records of a Debian package list: paragraphs of "Field: value" lines, ended by an empty line, where a value goes
// on in the lines that begin with a blank. dpkg's status file and apt's Packages lists are such files.

namespace catalog {

// What the catalogue keeps of a record. Removed packages have neither version nor description.
struct package_record {
  std::size_t line = 0;  // where the record begins, from 1
  std::string name{};
  std::optional<std::string> version{};
  std::optional<std::string> section{};
  std::optional<std::int64_t> installed_size{};  // KiB
  std::optional<std::string> maintainer{};
  std::vector<required_package> depends{};
  std::optional<std::string> summary{};  // the first line of the description
};

// A record that cannot be used.
struct skipped_record {
  std::size_t line = 0;  // what is wrong with it stands here
  std::string name{};    // empty when it was not reached
  std::string reason{};
};

using record = std::variant<package_record, skipped_record>;

// The file cannot be opened or read; what() names it and says why.
class unreadable_input : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Reads records one after the other, in one pass, holding one line and one record at a time.
//
// A record is skipped, and reading goes on behind the empty line after it, when it has
//   - no Package or one that is no package's name, or a kept field twice;
//   - a line that is neither "Field: value" nor begins with a blank, or begins with a blank before any field;
//   - a NUL byte, or a line or a folded value longer than 1 MiB;
//   - an Installed-Size that is no number, or a Depends that cannot be read;
//   - been cut off: the file ends in the middle of a line, which neither dpkg nor apt leave without its end; or it ends
//     before the empty line, and one of Package, Version, Maintainer and Description, which every installable package
//     has, is missing.
//
// Not thread-safe. The stream must outlive it.
class package_reader {
 public:
  // `name` is for messages.
  package_reader(std::istream& from, std::string name);

  // The next record, or nothing at the end. Throws unreadable_input when the stream fails.
  [[nodiscard]] std::optional<record> next();
  [[nodiscard]] std::uint64_t bytes_read() const noexcept { return bytes_read_; }

 private:
  bool read_line();

  std::istream& from_;
  std::string name_;
  std::vector<char> buffer_;
  std::string_view line_;  // in buffer_, without its end
  bool too_long_ = false;  // line_ is the beginning of a longer one
  bool cut_off_ = false;   // line_ ends with the file
  std::size_t line_number_ = 0;
  std::uint64_t bytes_read_ = 0;
};

// Throws unreadable_input when there is no such file, it is a folder, or may not be read.
[[nodiscard]] std::ifstream open_input(const std::filesystem::path& path);

}  // namespace catalog
