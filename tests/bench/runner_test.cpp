#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "runner/runner.hpp"

namespace {

using namespace std::chrono_literals;

// Work that takes its time by the processor, so many steps of it.
bench::body steps(std::int64_t count) {
  return [count](benchmark::State& s) {
    for (auto _ : s) {
      for (std::int64_t i = 0; i < count; ++i) benchmark::DoNotOptimize(i);
    }
  };
}

class BenchRunner : public testing::Test {
 protected:
  BenchRunner() = default;
  ~BenchRunner() override { std::filesystem::remove(file_); }

  // A runner with these arguments behind the program's name.
  static bench::runner make(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "runner_test");
    std::vector<char*> pointers;
    for (std::string& a : arguments) pointers.push_back(a.data());
    return {"steps", static_cast<int>(pointers.size()), pointers.data()};
  }
  bench::runner make_quick() { return make({"--quick", "--json", file_}); }
  [[nodiscard]] std::string written() const {
    std::ostringstream text;
    text << std::ifstream(file_).rdbuf();
    return text.str();
  }

  std::string file_ =
      testing::TempDir() + "runner_test_" + testing::UnitTest::GetInstance()->current_test_info()->name() + ".json";
};

TEST_F(BenchRunner, EachComparisonIsAnObjectWithItsGoalAndWhetherItIsMet) {
  bench::runner r = make_quick();
  r.compare("few", steps(1'000), {{"as many", steps(1'000), 100.0}, {"a thousandth", steps(1), 0.001}});
  r.compare("few", steps(1'000), {{"many \"quoted\"", steps(100'000)}});
  r.finish();
  const std::string json = written();
  EXPECT_TRUE(json.starts_with("[\n  {\"bench\": \"steps\", \"what\": \"few\", \"against\": \"as many\", \"ratio\": "))
      << json;
  EXPECT_NE(json.find("\"goal\": 100, \"met\": true}"), std::string::npos) << json;
  EXPECT_NE(json.find("\"goal\": 0.001, \"met\": false}"), std::string::npos) << json;
  EXPECT_NE(json.find("\"against\": \"many \\\"quoted\\\"\""), std::string::npos) << json;
  EXPECT_NE(json.find("\"goal\": null, \"met\": null}\n]\n"), std::string::npos) << json;
}

TEST_F(BenchRunner, AFixedTimeIsAGoalThatMustNotBeExceeded) {
  bench::runner r = make_quick();
  r.compare("steps", steps(10'000), "an hour", 1h);
  r.compare("steps", steps(10'000), "a nanosecond", 1ns);
  r.finish();
  const std::string json = written();
  EXPECT_NE(json.find("\"goal\": 1, \"met\": true}"), std::string::npos) << json;
  EXPECT_NE(json.find("\"goal\": 1, \"met\": false}"), std::string::npos) << json;
}

TEST_F(BenchRunner, ASubjectThatThrowsEndsTheBenchmark) {
  bench::runner r = make_quick();
  const bench::body fails = [](benchmark::State&) { throw std::runtime_error("no such row"); };
  EXPECT_THROW(r.compare("steps", fails, {{"steps", steps(1)}}), std::runtime_error);
}

TEST_F(BenchRunner, AFileThatCannotBeWrittenIsAnError) {
  bench::runner r = make({"--quick", "--json", "/nowhere/results.json"});
  r.compare("steps", steps(1), "an hour", 1h);
  EXPECT_THROW(r.finish(), std::runtime_error);
}

TEST_F(BenchRunner, AnArgumentThatItDoesNotKnowShowsHowToCallIt) {
  EXPECT_EXIT(make({"--fast"}), testing::ExitedWithCode(2), "usage: runner_test \\[--quick\\] \\[--json FILE\\]");
  EXPECT_EXIT(make({"--json"}), testing::ExitedWithCode(2), "usage");
}

}  // namespace
