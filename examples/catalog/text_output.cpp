#include "text_output.hpp"

#include <algorithm>
#include <iomanip>
#include <ostream>

#include <forebay/diagnostics/report.hpp>

#include "figures.hpp"

namespace catalog {

namespace {

// The first column to the left, figures to the right.
void write_line(std::ostream& out, const std::string& first, const std::vector<std::string>& figures) {
  out << std::left << std::setw(28) << first << std::right;
  for (const std::string& f : figures) out << std::setw(12) << f;
  out << '\n';
}

void write_phase(std::ostream& out, const phase& p) {
  const bool asked_the_cache = p.counts.hits + p.counts.misses > 0;
  write_line(out, p.name,
             {with_commas(p.counts.statements), in_milliseconds(p.took), with_commas(p.counts.rows),
              asked_the_cache ? in_percent(p.counts.hit_ratio()) : "-", std::to_string(p.findings.size())});
}

void write_check(std::ostream& out, bool holds, const std::string& text) {
  out << (holds ? "ok      " : "FAILED  ") << text << '\n';
}

void write_checks(std::ostream& out, const run_result& run) {
  write_check(out, run.all_ways_show_the_same,
              "all ways of listing showed the same " + with_commas(run.shown) + " packages");
  write_check(out, run.mixed.stale_reads == 0,
              with_commas(run.mixed.stale_reads) + " of " + with_commas(run.mixed.finds + run.mixed.updates) +
                  " reads saw less than an update had written before they began");
  write_check(out, run.wrong_packages == 0,
              with_commas(run.mixed.updates) + " updates by " + std::to_string(run.threads) + " threads, " +
                  with_commas(run.mixed.conflicts) + " conflicts tried again: " + with_commas(run.wrong_packages) +
                  " packages have another version than was counted");
}

}  // namespace

void write_skipped(std::ostream& out, const run_result& run) {
  const import_result& i = run.imported;
  for (const skipped_record& s : i.first_skipped) {
    out << run.input << ':' << s.line << ": skipped " << (s.name.empty() ? "a record" : s.name) << ": " << s.reason
        << '\n';
  }
  if (i.skipped > i.first_skipped.size()) out << "and " << with_commas(i.skipped - i.first_skipped.size()) << " more\n";
}

void write_report(std::ostream& out, const run_result& run) {
  const import_result& i = run.imported;
  out << run.input << ": " << with_commas(i.packages) << " packages, " << with_commas(i.maintainers) << " maintainers, "
      << with_commas(i.dependencies) << " dependencies; " << with_commas(i.skipped) << " records skipped\n"
      << "seed " << run.seed << "\n\n";
  write_line(out, "phase", {"statements", "time", "rows", "hit ratio", "findings"});
  for (const phase& p : run.phases) write_phase(out, p);
  out << '\n';
  write_checks(out, run);
  for (const phase& p : run.phases) {
    for (const auto& f : p.findings) out << "\n[" << p.name << "] " << forebay::diagnostics::to_text(f);
  }
}

}  // namespace catalog
