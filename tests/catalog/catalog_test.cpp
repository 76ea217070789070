// Runs the program as a user does.

#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

namespace {

namespace fs = std::filesystem;
using nlohmann::json;

std::string read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void write_file(const fs::path& path, const std::string& text) { std::ofstream(path, std::ios::binary) << text; }

// Where the marked line of the source stands.
int line_of_the_loop() {
  std::ifstream source(fs::path(CATALOG_SOURCES) / "list_one_by_one.cpp");
  int number = 1;
  for (std::string line; std::getline(source, line); ++number) {
    if (line.find("// N+1: the line that the finding names") != std::string::npos) return number;
  }
  return 0;
}

// Forty packages of eight maintainers.
std::string forty_packages() {
  std::ostringstream text;
  for (int i = 10; i < 50; ++i) {
    text << "Package: package-" << i << "\nStatus: install ok installed\nSection: net\nInstalled-Size: " << i
         << "\nMaintainer: Maintainer " << i % 8 << " <m" << i % 8 << "@example.org>\nVersion: 1." << i
         << "\nDepends: libc6 (>= 2.36), a | b\nDescription: number " << i << "\n More about it.\n\n";
  }
  return text.str();
}

class Catalog : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::path(::testing::TempDir()) / "catalog-test-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder = pattern;
    write_file(folder / "list", forty_packages());
  }
  void TearDown() override { fs::remove_all(folder); }

  // The exit code; what was written is in out and err.
  int run(const std::string& arguments) {
    const std::string command = "cd '" + folder.string() + "' && TMPDIR='" + folder.string() +
                                "' '" CATALOG_PROGRAM "' " + arguments + " >out 2>err";
    const int status = std::system(command.c_str());
    out = read_file(folder / "out");
    err = read_file(folder / "err");
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

  json run_for_figures(const std::string& arguments) {
    EXPECT_EQ(run(arguments + " --json figures"), 0) << err;
    return json::parse(read_file(folder / "figures"));
  }

  fs::path folder;
  std::string out;
  std::string err;
};

const std::string short_run = "--input list --pages 1 --page-size 30 --operations 200 --threads 3 --seed 7";

TEST_F(Catalog, TheFiguresOfEachPhaseAreThoseOfItsWayOfAsking) {
  const json all = run_for_figures(short_run);
  EXPECT_EQ(all["seed"], 7);
  EXPECT_EQ(all["imported"]["packages"], 40);
  EXPECT_EQ(all["imported"]["maintainers"], 8);
  EXPECT_EQ(all["imported"]["dependencies"], 120);
  EXPECT_EQ(all["imported"]["skipped"], 0);

  const json& phases = all["phases"];
  ASSERT_EQ(phases.size(), 6U);
  const json& import = phases[0];
  EXPECT_EQ(import["rows"], 40 + 8 + 120);
  EXPECT_LT(import["statements"], 20);
  const json& one_by_one = phases[1];
  EXPECT_EQ(one_by_one["statements"], 1 + 30);
  EXPECT_EQ(one_by_one["rows"], 30 + 30);
  EXPECT_TRUE(one_by_one["hit_ratio"].is_null());
  const json& with_load_for = phases[2];
  EXPECT_EQ(with_load_for["statements"], 2);
  EXPECT_EQ(with_load_for["rows"], 30 + 8);
  EXPECT_TRUE(with_load_for["hit_ratio"].is_null());
  const json& cold = phases[3];
  EXPECT_EQ(cold["statements"], 2);
  EXPECT_EQ(cold["hit_ratio"], 0.0);
  EXPECT_EQ(cold["misses"], 8);
  const json& warm = phases[4];
  EXPECT_EQ(warm["statements"], 1);
  EXPECT_EQ(warm["hit_ratio"], 1.0);
  EXPECT_EQ(warm["hits"], 8);
  const json& mixed = phases[5];
  EXPECT_GT(mixed["hit_ratio"], 0.0);
  EXPECT_LT(mixed["hit_ratio"], 1.0);
  for (const json& phase : phases) EXPECT_GT(phase["time_ms"], 0.0) << phase["phase"];
}

TEST_F(Catalog, TheFindingNamesTheLineOfTheFindInTheLoop) {
  const json all = run_for_figures(short_run);
  ASSERT_GT(line_of_the_loop(), 0);
  ASSERT_EQ(all["phases"][1]["findings"].size(), 1U);
  const json& finding = all["phases"][1]["findings"][0];
  EXPECT_EQ(finding["rule"], "n-plus-one");
  EXPECT_TRUE(finding["file"].get<std::string>().ends_with("examples/catalog/list_one_by_one.cpp")) << finding["file"];
  EXPECT_EQ(finding["line"], line_of_the_loop());
  EXPECT_EQ(finding["occurrences"], 30);
  EXPECT_EQ(finding["avoidable"], 29);
  EXPECT_NE(finding["fix"].get<std::string>().find("load_for"), std::string::npos);
  for (const std::size_t other : {0U, 2U, 3U, 4U, 5U}) EXPECT_TRUE(all["phases"][other]["findings"].empty()) << other;

  EXPECT_NE(out.find("examples/catalog/list_one_by_one.cpp:" + std::to_string(line_of_the_loop())), std::string::npos)
      << out;
  EXPECT_NE(out.find("load_for<"), std::string::npos) << out;
}

TEST_F(Catalog, TheTableIsForAPersonToRead) {
  ASSERT_EQ(run(short_run), 0) << err;
  EXPECT_TRUE(out.starts_with("list: 40 packages, 8 maintainers, 120 dependencies; 0 records skipped\nseed 7\n"))
      << out;
  EXPECT_NE(out.find("phase                         statements        time        rows   hit ratio    findings\n"),
            std::string::npos)
      << out;
  EXPECT_EQ(out.find("FAILED"), std::string::npos) << out;
  EXPECT_EQ(err, "imported 40 packages\n");
}

TEST_F(Catalog, TheDemoChecksItself) {
  const json checks = run_for_figures(short_run)["checks"];
  EXPECT_EQ(checks["shown"], 30);
  EXPECT_TRUE(checks["all_ways_show_the_same"]);
  EXPECT_EQ(checks["finds"].get<int>() + checks["updates"].get<int>(), 200);
  EXPECT_GT(checks["updates"], 0);
  EXPECT_EQ(checks["stale_reads"], 0);
  EXPECT_EQ(checks["wrong_packages"], 0);
  EXPECT_TRUE(checks["all_hold"]);
}

TEST_F(Catalog, PagesBeginAgainBehindTheLast) {
  const json all = run_for_figures("--input list --pages 3 --page-size 30 --operations 1");
  EXPECT_EQ(all["checks"]["shown"], 30 + 10 + 30);
  EXPECT_EQ(all["phases"][1]["statements"], 3 + 70);
}

TEST_F(Catalog, ATemporaryDatabaseIsRemovedAndANamedOneStays) {
  ASSERT_EQ(run(short_run), 0) << err;
  for (const auto& e : fs::directory_iterator(folder)) EXPECT_FALSE(e.is_directory()) << e.path();

  ASSERT_EQ(run(short_run + " --database shop.db"), 0) << err;
  EXPECT_GT(fs::file_size(folder / "shop.db"), 0U);
  EXPECT_EQ(run(short_run + " --database shop.db"), 2);
  EXPECT_EQ(err, "catalog: --database: there is something in shop.db already; name a new file, or remove it first\n");
  EXPECT_GT(fs::file_size(folder / "shop.db"), 0U);
}

TEST_F(Catalog, FaultyRecordsAreCountedNamedByLineAndSkipped) {
  std::string list = forty_packages();
  list.insert(0, "Version: 1\n\nPackage: broken\nVersion 2\n\nPackage: package-10\n\n");
  list.resize(list.size() - 60);
  write_file(folder / "list", list);
  const json imported = run_for_figures(short_run)["imported"];
  EXPECT_EQ(imported["packages"], 39);
  EXPECT_EQ(imported["skipped"], 4);
  EXPECT_EQ(imported["first_skipped"][1]["line"], 4);
  EXPECT_NE(err.find("list:1: skipped a record: no Package field\n"
                     "list:4: skipped broken: a line without a colon\n"
                     "list:8: skipped package-10: a second record of it\n"),
            std::string::npos)
      << err;
  EXPECT_NE(err.find(": skipped package-49: the file ends in the middle of this line\n"), std::string::npos) << err;
}

TEST_F(Catalog, OfManyFaultyRecordsTenAreNamed) {
  std::string list = forty_packages();
  for (int i = 0; i < 15; ++i) list += "Version: 1\n\n";
  write_file(folder / "list", list);
  EXPECT_EQ(run_for_figures(short_run)["imported"]["skipped"], 15);
  EXPECT_TRUE(err.ends_with("no Package field\nand 5 more\n")) << err;
}

TEST_F(Catalog, AnUnusableInputIsAClearErrorAndExitCodeTwo) {
  EXPECT_EQ(run("--input missing"), 2);
  EXPECT_EQ(err, "catalog: cannot open missing: No such file or directory\n");
  EXPECT_EQ(run("--input ."), 2);
  EXPECT_EQ(err, "catalog: cannot read .: it is a folder\n");
  EXPECT_EQ(out, "");
  if (geteuid() != 0) {
    fs::permissions(folder / "list", fs::perms::none);
    EXPECT_EQ(run("--input list"), 2);
    EXPECT_EQ(err, "catalog: cannot open list: Permission denied\n");
  }
}

TEST_F(Catalog, AnInputWithoutPackagesLeavesNoDatabase) {
  write_file(folder / "list", std::string("\x7f"
                                          "ELF\0\0\n\nno package\n",
                                          19));
  EXPECT_EQ(run("--input list --database shop.db"), 2);
  EXPECT_NE(err.find("catalog: no package in list"), std::string::npos) << err;
  EXPECT_FALSE(fs::exists(folder / "shop.db"));
}

TEST_F(Catalog, FilesThatCannotBeWrittenAreNamed) {
  EXPECT_EQ(run(short_run + " --json missing/figures"), 2);
  EXPECT_EQ(err, "catalog: --json: cannot write missing/figures\n");
  EXPECT_EQ(run(short_run + " --database missing/shop.db"), 2);
  EXPECT_NE(err.find("missing/shop.db"), std::string::npos) << err;
  EXPECT_EQ(run(short_run + " --database ."), 2);
  EXPECT_EQ(err, "catalog: --database: . is a folder\n");
}

TEST_F(Catalog, ABadOptionEndsWithCodeTwo) {
  for (const char* bad : {"--nope", "surplus", "--pages 0", "--pages x", "--page-size 0", "--threads 0",
                          "--threads 1000", "--operations 0", "--seed -1", "--seed x", "--input"}) {
    EXPECT_EQ(run(bad), 2) << bad;
    EXPECT_NE(err, "") << bad;
    EXPECT_EQ(out, "") << bad;
  }
}

TEST_F(Catalog, TheHelpNamesEveryOption) {
  EXPECT_EQ(run("--help"), 0);
  for (const char* option : {"--input", "--database", "--json", "--pages", "--page-size", "--operations", "--threads",
                             "--seed", "Exit code"}) {
    EXPECT_NE(out.find(option), std::string::npos) << option;
  }
  EXPECT_EQ(err, "");
}

}  // namespace
