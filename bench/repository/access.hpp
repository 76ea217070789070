#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "user.hpp"

namespace bench {

constexpr std::size_t batch_size = 100;  // ids of one find_many
constexpr std::size_t page_size = 1000;  // rows of one query

// What is compared, written by hand with one library: on the file that Forebay uses, with the same pragmas, statements
// prepared once, in the form that the library has for it. Throws what the library throws.
class access {
 public:
  virtual ~access() = default;
  // Into a row that is used again and again.
  virtual void find(std::int64_t id, user& out) = 0;
  // A row for each of batch_size ids, in their order; all of them exist.
  virtual std::vector<user> find_many(std::span<const std::int64_t> ids) = 0;
  // The page_size rows after an id, in the order of ids.
  virtual std::vector<user> page_after(std::int64_t id) = 0;
  // In one transaction.
  virtual void insert_many(std::span<const user> rows) = 0;
};

// How sqlite3_open opens a connection, and what all the others use; or without a mutex taken by every call, which is
// for whoever knows that one thread at a time uses it.
enum class sqlite3_threading : std::uint8_t { serialized, no_mutex };

std::unique_ptr<access> access_by_sqlite3(const std::string& file, sqlite3_threading threading);
std::unique_ptr<access> access_by_soci(const std::string& file);
std::unique_ptr<access> access_by_sqlitecpp(const std::string& file);
std::unique_ptr<access> access_by_poco(const std::string& file);

// Puts rows that come in any order into the order in which they were asked for.
class places {
 public:
  explicit places(std::span<const std::int64_t> ids) {
    sorted_.reserve(ids.size());
    for (std::size_t i = 0; i < ids.size(); ++i) sorted_.emplace_back(ids[i], i);
    std::ranges::sort(sorted_);
  }
  [[nodiscard]] std::size_t of(std::int64_t id) const {
    return std::ranges::lower_bound(sorted_, id, {}, &std::pair<std::int64_t, std::size_t>::first)->second;
  }

 private:
  std::vector<std::pair<std::int64_t, std::size_t>> sorted_;
};

// The statements, the same for all, with placeholders in the form of the library.
struct texts {
  explicit texts(bool named_placeholders);
  std::string find, find_many, page, insert;
};

}  // namespace bench
