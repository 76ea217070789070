#pragma once

#include <span>
#include <string>

#include <forebay/diagnostics/counters.hpp>
#include <forebay/diagnostics/finding.hpp>
#include <forebay/export.hpp>

namespace forebay::diagnostics {

// For a person at a terminal: what happened, then each finding with its place, its statement and its fix.
[[nodiscard]] FOREBAY_API std::string text_report(const counts& what, std::span<const finding> findings);

// One finding, several lines.
[[nodiscard]] FOREBAY_API std::string to_text(const finding& f);

}  // namespace forebay::diagnostics
