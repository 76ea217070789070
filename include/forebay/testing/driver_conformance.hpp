#pragma once

#include <functional>
#include <string>

#include <forebay/export.hpp>

namespace forebay::testing {

enum class reads_during_a_write { go_on, wait };

// How the suite speaks to the database behind a driver.
struct conformance_options {
  std::string name;                        // of the suite: "sqlite"
  std::function<std::string()> fresh_url;  // of a new and empty database, at each call
  // A table of this name with a column for each kind, in this order: id (integer, primary key), flag (boolean),
  // whole (64-bit integer), number (double), word (text), raw (bytes), moment (time point); all but id may be NULL.
  std::function<std::string(const std::string& table)> create_table;
  std::string endless_statement;  // a select that runs for many seconds
  reads_during_a_write during_a_write = reads_during_a_write::go_on;
};

// Registers the cases that every driver passes with GoogleTest; call it before RUN_ALL_TESTS, for instance from the
// initialiser of a static object. Needs a forebay::testing that was built with GoogleTest.
FOREBAY_API void register_driver_conformance(conformance_options options);

}  // namespace forebay::testing
