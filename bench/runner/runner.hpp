#pragma once

#include <benchmark/benchmark.h>

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

// One block of work, the loop over the state included: `for (auto _ : state) ...`. What it needs is made before and
// captured. Throwing ends the benchmark as failed.
using body = std::function<void(benchmark::State&)>;

struct rival {
  std::string name;
  body run;
  std::optional<double> goal{};  // our time divided by the rival's shall be at most this
};

// The comparisons of one benchmark. Subjects run in rounds, each one block a round, in random order: what disturbs the
// machine for a while disturbs all of them. A comparison's ratio is the median over the rounds of our block divided by
// the rival's; its spread is the 95% interval of that median. Time is the process's CPU time, so that other processes
// count for little: for work that does not wait.
class runner {
 public:
  // --json FILE: where finish() writes the results. --quick: a few short rounds, to see that all works.
  // Anything else prints how to call it, and exits with 2.
  runner(std::string bench, int argc, char** argv);

  // Measures at once, and prints a line for each rival.
  void compare(std::string_view what, const body& ours, const std::vector<rival>& rivals);
  // Against no other code, but a time for one iteration that is not to be exceeded: "600 ns".
  void compare(std::string_view what, const body& ours, std::string_view limit_name, std::chrono::nanoseconds limit);

  // Writes the results. Goals that are missed are results, not failures.
  void finish() const;

 private:
  using times = std::vector<double>;  // nanoseconds an iteration, one for each round
  struct result {
    std::string what, against;
    double ratio, low, high;
    std::optional<double> goal;
    [[nodiscard]] bool met() const { return ratio <= *goal; }
  };

  [[nodiscard]] std::vector<times> measure(std::string_view what, const std::vector<body>& subjects) const;
  void add(std::string_view what, const times& ours, std::string_view against, const times& theirs,
           std::optional<double> goal);

  std::string bench_;
  std::string json_file_;
  int rounds_ = 41;
  std::chrono::nanoseconds block_ = std::chrono::milliseconds(20);
  std::vector<result> results_;
};

}  // namespace bench
