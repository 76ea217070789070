#include <forebay/diagnostics/report.hpp>

#include <cstdio>

namespace forebay::diagnostics {

namespace {

std::string in_milliseconds(nanoseconds t) {
  char text[32];
  const int length = std::snprintf(text, sizeof text, "%.1f ms", static_cast<double>(t.count()) / 1e6);
  return {text, static_cast<std::size_t>(length)};
}

std::string in_percent(double ratio) {
  char text[32];
  const int length = std::snprintf(text, sizeof text, "%.1f%%", 100 * ratio);
  return {text, static_cast<std::size_t>(length)};
}

std::string indented(const std::string& text, const char* indent) {
  std::string out;
  for (const char c : text) {
    out += c;
    if (c == '\n') out += indent;
  }
  return out;
}

}  // namespace

std::string to_text(const finding& f) {
  std::string text = f.rule + " at " + to_string(f.where) + " (" +
                     (f.severity == severity::warning ? "warning" : "note") + ")\n  " + f.message + "\n";
  text += "  seen       " + std::to_string(f.occurrences) + " statements in " + std::to_string(f.sessions) +
          " session(s), for instance \"" + f.session + "\"";
  if (f.avoidable != 0) {
    text += "; " + std::to_string(f.avoidable) + " avoidable, about " + in_milliseconds(f.wasted) + " on the database";
  }
  text += "\n";
  text += "  statement  " + indented(f.statement, "             ") + "\n";
  text += "  fix        " + indented(f.fix, "             ") + "\n";
  return text;
}

std::string text_report(const counts& what, std::span<const finding> findings) {
  std::string text = std::to_string(what.statements) + " statements (" + std::to_string(what.failed_statements) +
                     " failed), " + std::to_string(what.rows) + " rows, " + in_milliseconds(what.statement_time) +
                     " on the database, " + in_milliseconds(what.pool_wait) + " waiting for a connection\n";
  text += "cache: " + std::to_string(what.hits) + " hits, " + std::to_string(what.misses) + " misses (" +
          in_percent(what.hit_ratio()) + "), " + std::to_string(what.fills) + " fills, " +
          std::to_string(what.refused_fills) + " refused, " + std::to_string(what.joined_flights) +
          " waited for another's load\n";
  text += std::to_string(what.commits) + " commits, " + std::to_string(what.rollbacks) + " rollbacks, " +
          std::to_string(what.invalidations) + " invalidations\n";
  if (findings.empty()) return text + "no findings\n";
  for (const finding& f : findings) text += "\n" + to_text(f);
  return text;
}

}  // namespace forebay::diagnostics
