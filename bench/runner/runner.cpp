#include "runner.hpp"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iomanip>
#include <stdexcept>
#include <thread>
#include <utility>

namespace bench {

namespace {

// Takes the times of one pass over the registered subjects, whose names are their indexes.
class collector final : public benchmark::BenchmarkReporter {
 public:
  explicit collector(std::size_t subjects) : nanoseconds(subjects) {}
  bool ReportContext(const Context&) override { return true; }
  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& r : runs) nanoseconds.at(std::stoul(r.run_name.function_name)) = r.GetAdjustedCPUTime();
  }
  std::vector<double> nanoseconds;
};

// The subjects of one comparison, known to Google Benchmark while this lives.
class registered_subjects {
 public:
  explicit registered_subjects(const std::vector<body>& subjects) {
    for (const body& run : subjects) {
      known_.push_back(benchmark::RegisterBenchmark(std::to_string(known_.size()).c_str(), run));
      known_.back()->MeasureProcessCPUTime()->Iterations(1);
    }
  }
  ~registered_subjects() { benchmark::ClearRegisteredBenchmarks(); }
  registered_subjects(const registered_subjects&) = delete;
  registered_subjects& operator=(const registered_subjects&) = delete;

  // As many iterations for each as fill a block. This also warms whatever there is to warm.
  void fill_blocks(std::chrono::nanoseconds block) {
    for (std::size_t i = 0; i < known_.size(); ++i) {
      constexpr double most = 1e9;
      double iterations = 1;
      for (double taken = 0; taken < static_cast<double>(block.count()) / 2 && iterations < most;) {
        known_[i]->Iterations(static_cast<benchmark::IterationCount>(iterations));
        const double each = run("^" + std::to_string(i) + "/")[i];
        taken = each * iterations;
        const double wanted = std::max(1.0, static_cast<double>(block.count()) / std::max(each, 0.1));
        iterations = std::min({wanted, iterations * 10, most});
      }
      known_[i]->Iterations(static_cast<benchmark::IterationCount>(iterations));
    }
  }

  std::vector<double> run(const std::string& which = "all") {
    collector c(known_.size());
    benchmark::RunSpecifiedBenchmarks(&c, which);
    return c.nanoseconds;
  }

 private:
  std::vector<benchmark::internal::Benchmark*> known_;
};

double median(std::vector<double> v) {
  std::ranges::sort(v);
  return (v[(v.size() - 1) / 2] + v[v.size() / 2]) / 2;
}

// The ends of a 95% interval of the median, by order statistics: ranks from the binomial distribution, nothing assumed
// about how the values are spread.
std::pair<double, double> interval_of_median(std::vector<double> v) {
  std::ranges::sort(v);
  const double n = static_cast<double>(v.size());
  const auto rank = static_cast<std::size_t>(std::max(0.0, std::floor((n - 1.96 * std::sqrt(n)) / 2)));
  return {v[rank], v[v.size() - 1 - rank]};
}

std::string readable(double nanoseconds) {
  const char* unit = "ns";
  for (const char* larger : {"us", "ms"}) {
    if (nanoseconds < 1000) break;
    nanoseconds /= 1000;
    unit = larger;
  }
  char text[32];
  std::snprintf(text, sizeof text, "%.3g %s", nanoseconds, unit);
  return text;
}

void show_progress(const std::string& line) {
  if (::isatty(STDERR_FILENO) != 0) std::fprintf(stderr, "\r\033[K%s", line.c_str());
}

[[noreturn]] void usage(const char* program) {
  std::fprintf(stderr, "usage: %s [--quick] [--json FILE]\n", program);
  std::exit(2);
}

}  // namespace

runner::runner(std::string bench, int argc, char** argv) : bench_(std::move(bench)) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (argument == "--quick") {
      rounds_ = 5;
      block_ = std::chrono::milliseconds(1);
    } else if (argument == "--json" && i + 1 < argc) {
      json_file_ = argv[++i];
    } else {
      usage(argv[0]);
    }
  }
  char program[] = "bench";
  char interleaving[] = "--benchmark_enable_random_interleaving=true";
  char* flags[] = {program, interleaving, nullptr};
  int count = 2;
  benchmark::Initialize(&count, flags);
  // A process that never had a second thread counts references without atomics; a service is not such a process.
  std::thread([] {}).join();
}

std::vector<runner::times> runner::measure(std::string_view what, const std::vector<body>& subjects) const {
  const std::string title = bench_ + ": " + std::string(what);
  show_progress(title);
  registered_subjects known(subjects);
  known.fill_blocks(block_);
  std::vector<times> taken(subjects.size());
  for (int round = 1; round <= rounds_; ++round) {
    show_progress(title + ": round " + std::to_string(round) + " of " + std::to_string(rounds_));
    const std::vector<double> once = known.run();
    for (std::size_t i = 0; i < once.size(); ++i) taken[i].push_back(once[i]);
  }
  show_progress("");
  return taken;
}

void runner::compare(std::string_view what, const body& ours, const std::vector<rival>& rivals) {
  std::vector<body> subjects{ours};
  for (const rival& r : rivals) subjects.push_back(r.run);
  const std::vector<times> taken = measure(what, subjects);
  for (std::size_t i = 0; i < rivals.size(); ++i) add(what, taken[0], rivals[i].name, taken[i + 1], rivals[i].goal);
}

void runner::compare(std::string_view what, const body& ours, std::string_view limit_name,
                     std::chrono::nanoseconds limit) {
  const times taken = measure(what, {ours}).front();
  add(what, taken, limit_name, times(taken.size(), static_cast<double>(limit.count())), 1.0);
}

void runner::add(std::string_view what, const times& ours, std::string_view against, const times& theirs,
                 std::optional<double> goal) {
  times ratios;
  for (std::size_t i = 0; i < ours.size(); ++i) ratios.push_back(ours[i] / theirs[i]);
  const auto [low, high] = interval_of_median(ratios);
  const result r{std::string(what), std::string(against), median(ratios), low, high, goal};
  std::fprintf(stderr, "%s: %s, %s; %s, %s: %.3f (%.3f to %.3f)\n", bench_.c_str(), r.what.c_str(),
               readable(median(ours)).c_str(), r.against.c_str(), readable(median(theirs)).c_str(), r.ratio, r.low,
               r.high);
  results_.push_back(r);
}

void runner::finish() const {
  if (json_file_.empty()) return;
  std::ofstream out(json_file_);
  out << std::setprecision(4) << "[";
  const char* joint = "\n";
  for (const result& r : results_) {
    out << std::exchange(joint, ",\n") << "  {\"bench\": " << std::quoted(bench_)
        << ", \"what\": " << std::quoted(r.what) << ", \"against\": " << std::quoted(r.against)
        << ", \"ratio\": " << r.ratio << ", \"low\": " << r.low << ", \"high\": " << r.high;
    if (r.goal) {
      out << ", \"goal\": " << *r.goal << ", \"met\": " << (r.met() ? "true" : "false") << "}";
    } else {
      out << ", \"goal\": null, \"met\": null}";
    }
  }
  out << "\n]\n";
  if (!out.flush()) throw std::runtime_error("cannot write " + json_file_);
}

}  // namespace bench
