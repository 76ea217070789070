#include "json_output.hpp"

#include <nlohmann/json.hpp>

#include <ostream>

namespace catalog {

namespace {

using json = nlohmann::ordered_json;

double in_milliseconds(forebay::nanoseconds t) { return static_cast<double>(t.count()) / 1e6; }

json describe(const forebay::diagnostics::finding& f) {
  return {{"rule", f.rule},
          {"file", f.where.file},
          {"line", f.where.line},
          {"session", f.session},
          {"statement", f.statement},
          {"occurrences", f.occurrences},
          {"sessions", f.sessions},
          {"avoidable", f.avoidable},
          {"wasted_ms", in_milliseconds(f.wasted)},
          {"message", f.message},
          {"fix", f.fix}};
}

json describe(const phase& p) {
  const forebay::diagnostics::counts& c = p.counts;
  json findings = json::array();
  for (const auto& f : p.findings) findings.push_back(describe(f));
  return {{"phase", p.name},
          {"statements", c.statements},
          {"time_ms", in_milliseconds(p.took)},
          {"statement_time_ms", in_milliseconds(c.statement_time)},
          {"rows", c.rows},
          {"hits", c.hits},
          {"misses", c.misses},
          {"hit_ratio", c.hits + c.misses > 0 ? json(c.hit_ratio()) : json()},
          {"findings", std::move(findings)}};
}

json describe(const import_result& i) {
  json skipped = json::array();
  for (const skipped_record& s : i.first_skipped) {
    skipped.push_back({{"line", s.line}, {"package", s.name}, {"reason", s.reason}});
  }
  return {{"packages", i.packages},
          {"maintainers", i.maintainers},
          {"dependencies", i.dependencies},
          {"skipped", i.skipped},
          {"first_skipped", std::move(skipped)}};
}

}  // namespace

void write_json(std::ostream& out, const run_result& run) {
  json phases = json::array();
  for (const phase& p : run.phases) phases.push_back(describe(p));
  const json all{{"input", run.input},
                 {"seed", run.seed},
                 {"threads", run.threads},
                 {"imported", describe(run.imported)},
                 {"phases", std::move(phases)},
                 {"checks",
                  {{"shown", run.shown},
                   {"all_ways_show_the_same", run.all_ways_show_the_same},
                   {"finds", run.mixed.finds},
                   {"updates", run.mixed.updates},
                   {"conflicts", run.mixed.conflicts},
                   {"stale_reads", run.mixed.stale_reads},
                   {"wrong_packages", run.wrong_packages},
                   {"all_hold", run.all_checks_hold()}}}};
  // A path may hold bytes that are no UTF-8.
  out << all.dump(2, ' ', false, json::error_handler_t::replace) << '\n';
}

}  // namespace catalog
