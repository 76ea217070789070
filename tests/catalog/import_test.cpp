#include "import.hpp"

#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <tuple>
#include <vector>

#include <forebay/repository.hpp>
#include <forebay/soci/sqlite.hpp>

#include "entities.hpp"
#include "schema.hpp"

namespace catalog {
namespace {

struct imported {
  explicit imported(const std::string& text) {
    create_tables(db);
    std::istringstream in(text);
    package_reader reader(in, "test");
    progress shown(text.size());
    result = import_packages(reader, db, shown);
  }

  forebay::database db{"sqlite::memory:"};
  import_result result;
};

TEST(Import, ARecordBecomesAPackageAMaintainerAndDependencies) {
  imported i(
      "Package: a\nVersion: 1.0\nSection: net\nInstalled-Size: 7\nMaintainer: Ann <ann@example.org>\n"
      "Depends: b (>= 2) | c\nDescription: first\n\n");
  forebay::session s = i.db.session();

  const auto a = forebay::repository<Package>(i.db).find(s, 1);
  ASSERT_TRUE(a);
  EXPECT_EQ(a->name, "a");
  EXPECT_EQ(a->debian_version, "1.0");
  EXPECT_EQ(a->section, "net");
  EXPECT_EQ(a->installed_size, 7);
  EXPECT_EQ(a->maintainer_id, 1);
  EXPECT_EQ(a->summary, "first");
  EXPECT_EQ(a->downloads, 0);
  EXPECT_EQ(a->version, 1);

  const auto ann = forebay::repository<Maintainer>(i.db).find(s, 1);
  ASSERT_TRUE(ann);
  EXPECT_EQ(ann->name, "Ann");
  EXPECT_EQ(ann->email, "ann@example.org");

  const forebay::repository<Dependency> dependencies(i.db);
  const auto b = dependencies.find(s, {1, 1, 1});
  const auto c = dependencies.find(s, {1, 1, 2});
  ASSERT_TRUE(b && c);
  EXPECT_EQ(b->needs, "b");
  EXPECT_EQ(b->version_constraint, ">= 2");
  EXPECT_EQ(c->needs, "c");
  EXPECT_EQ(c->version_constraint, std::nullopt);
}

TEST(Import, PackagesShareTheirMaintainer) {
  imported i(
      "Package: a\nMaintainer: Ann <a@b>\n\nPackage: b\nMaintainer: Bob\n\nPackage: c\nMaintainer: Ann <a@b>\n\n");
  EXPECT_EQ(i.result.maintainers, 2U);
  forebay::session s = i.db.session();
  using row = std::tuple<std::string, std::string, std::string>;
  const auto rows = i.db.query<row>(
      s,
      "select p.name, m.name, coalesce(m.email, 'none') from packages p join maintainers m on m.id = p.maintainer_id"
      " order by p.name");
  EXPECT_EQ(rows, (std::vector<row>{{"a", "Ann", "a@b"}, {"b", "Bob", "none"}, {"c", "Ann", "a@b"}}));
}

TEST(Import, APackageThatComesAgainIsSkipped) {
  imported i("Package: a\nVersion: 1\n\nPackage: b\n\nPackage: a\nVersion: 2\nDepends: b\n\n");
  EXPECT_EQ(i.result.packages, 2U);
  EXPECT_EQ(i.result.dependencies, 0U);
  ASSERT_EQ(i.result.skipped, 1U);
  EXPECT_EQ(i.result.first_skipped[0].line, 6U);
  EXPECT_EQ(i.result.first_skipped[0].name, "a");
  EXPECT_EQ(i.result.first_skipped[0].reason, "a second record of it");
  forebay::session s = i.db.session();
  EXPECT_EQ(forebay::repository<Package>(i.db).find(s, 1).value().debian_version, "1");
}

TEST(Import, AllFaultsAreCountedAndTenDescribed) {
  std::string text;
  for (int n = 0; n < 12; ++n) text += "Version: 1\n\n";
  imported i(text);
  EXPECT_EQ(i.result.packages, 0U);
  EXPECT_EQ(i.result.skipped, 12U);
  ASSERT_EQ(i.result.first_skipped.size(), 10U);
  EXPECT_EQ(i.result.first_skipped[9].line, 19U);
}

TEST(Import, SeveralTransactionsHoldAllRows) {
  std::string text;
  for (int n = 0; n < 9'000; ++n)
    text += "Package: p" + std::to_string(n) + "\nMaintainer: m" + std::to_string(n) + "\n\n";
  imported i(text);
  EXPECT_EQ(i.result.packages, 9'000U);
  forebay::session s = i.db.session();
  EXPECT_EQ(i.db.query<std::int64_t>(s, "select count(*) from packages join maintainers m on m.id = maintainer_id")[0],
            9'000);
  EXPECT_EQ(i.db.query<std::int64_t>(s, "select max(id) from packages")[0], 9'000);
}

}  // namespace
}  // namespace catalog
