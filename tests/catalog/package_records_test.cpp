#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "package_records.hpp"

namespace catalog {
namespace {

struct everything {
  std::vector<package_record> packages;
  std::vector<skipped_record> skipped;
};

everything read(const std::string& text) {
  std::istringstream in(text);
  package_reader reader(in, "test");
  everything found;
  while (auto r = reader.next()) {
    if (auto* p = std::get_if<package_record>(&*r)) found.packages.push_back(std::move(*p));
    if (auto* s = std::get_if<skipped_record>(&*r)) found.skipped.push_back(std::move(*s));
  }
  EXPECT_EQ(reader.bytes_read(), text.size());
  return found;
}

// The text has one fault; the record behind it is read nevertheless.
skipped_record read_fault(const std::string& text) {
  const everything found = read(text + "\n\nPackage: next\n\n");
  EXPECT_EQ(found.skipped.size(), 1U);
  EXPECT_EQ(found.packages.size(), 1U);
  EXPECT_EQ(found.packages.empty() ? "" : found.packages[0].name, "next");
  return found.skipped.empty() ? skipped_record{} : found.skipped[0];
}

const std::string whole =
    "Package: adduser\n"
    "Status: install ok installed\n"
    "Section: admin\n"
    "Installed-Size: 686\n"
    "Maintainer: Adduser Developers <adduser@example.org>\n"
    "Version: 3.134\n"
    "Depends: passwd, debconf (>= 0.5) | debconf-2.0\n"
    "Conffiles:\n"
    " /etc/adduser.conf cc3493ec\n"
    "Description: add and remove users\n"
    " This package has a long description.\n"
    " .\n"
    " It is not kept.\n";

TEST(PackageRecords, AWholeRecordIsReadFieldByField) {
  const everything found = read("\n\n" + whole + "\n");
  ASSERT_EQ(found.packages.size(), 1U);
  EXPECT_TRUE(found.skipped.empty());
  const package_record& p = found.packages[0];
  EXPECT_EQ(p.line, 3U);
  EXPECT_EQ(p.name, "adduser");
  EXPECT_EQ(p.version, "3.134");
  EXPECT_EQ(p.section, "admin");
  EXPECT_EQ(p.installed_size, 686);
  EXPECT_EQ(p.maintainer, "Adduser Developers <adduser@example.org>");
  EXPECT_EQ(p.summary, "add and remove users");
  const std::vector<required_package> depends{
      {1, 1, "passwd", {}}, {2, 1, "debconf", ">= 0.5"}, {2, 2, "debconf-2.0", {}}};
  EXPECT_EQ(p.depends, depends);
}

TEST(PackageRecords, ARemovedPackageHasOnlyItsName) {
  const everything found = read("Package: gone\nStatus: unknown ok not-installed\nSection:\n\n");
  ASSERT_EQ(found.packages.size(), 1U);
  EXPECT_EQ(found.packages[0].version, std::nullopt);
  EXPECT_EQ(found.packages[0].section, std::nullopt);
  EXPECT_EQ(found.packages[0].installed_size, std::nullopt);
  EXPECT_EQ(found.packages[0].maintainer, std::nullopt);
  EXPECT_EQ(found.packages[0].summary, std::nullopt);
  EXPECT_TRUE(found.packages[0].depends.empty());
}

TEST(PackageRecords, FieldNamesAreReadInAnyCaseAndLinesMayEndInCarriageReturns) {
  const everything found = read("PACKAGE: a\r\nversion:1\r\n\r\nPackage: b\n \t\nPackage: c\n\n");
  ASSERT_EQ(found.packages.size(), 3U);
  EXPECT_EQ(found.packages[0].name, "a");
  EXPECT_EQ(found.packages[0].version, "1");
  EXPECT_EQ(found.packages[1].name, "b");
  EXPECT_EQ(found.packages[2].name, "c");
}

TEST(PackageRecords, DependsMayGoOnInFurtherLines) {
  const everything found = read("Package: a\nDepends: b,\n c (>= 1)\n  | d\nSection: x\n folded\n\n");
  ASSERT_EQ(found.packages.size(), 1U);
  const std::vector<required_package> depends{{1, 1, "b", {}}, {2, 1, "c", ">= 1"}, {2, 2, "d", {}}};
  EXPECT_EQ(found.packages[0].depends, depends);
  EXPECT_EQ(found.packages[0].section, "x");
}

TEST(PackageRecords, AnEmptyInputHasNoRecords) {
  EXPECT_TRUE(read("").packages.empty());
  EXPECT_TRUE(read("\n\n \n").skipped.empty());
}

TEST(PackageRecords, TheEndOfTheFileIsAsGoodAsAnEmptyLineBehindAWholeRecord) {
  EXPECT_EQ(read(whole).packages.size(), 1U);
}

TEST(PackageRecords, ARecordThatTheFileCutsOffIsSkippedAndNamed) {
  const everything found = read("Package: first\n\n" + whole.substr(0, whole.find("passwd") + 3));
  ASSERT_EQ(found.packages.size(), 1U);
  EXPECT_EQ(found.packages[0].name, "first");
  ASSERT_EQ(found.skipped.size(), 1U);
  EXPECT_EQ(found.skipped[0].line, 9U);
  EXPECT_EQ(found.skipped[0].name, "adduser");
  EXPECT_EQ(found.skipped[0].reason, "the file ends in the middle of this line");
}

TEST(PackageRecords, WhereverTheFileIsCutARecordIsWholeOrSkippedNeverLost) {
  const std::size_t description_ends = whole.find('\n', whole.find("Description:")) + 1;
  for (std::size_t length = 1; length <= whole.size(); ++length) {
    const bool cut = length < description_ends || whole[length - 1] != '\n';
    const everything found = read(whole.substr(0, length));
    EXPECT_EQ(found.packages.size(), cut ? 0U : 1U) << "cut after " << length << " bytes";
    EXPECT_EQ(found.skipped.size(), cut ? 1U : 0U) << "cut after " << length << " bytes";
  }
}

TEST(PackageRecords, AFileThatEndsBetweenTheLinesOfARecordIsNamedByItsLastLine) {
  const skipped_record s = read(whole.substr(0, whole.find("Depends:"))).skipped.at(0);
  EXPECT_EQ(s.line, 6U);
  EXPECT_EQ(s.name, "adduser");
  EXPECT_EQ(s.reason, "the file ends before the record does");
}

TEST(PackageRecords, BlanksAtTheEndOfTheFileAreACutLineOnlyWithinARecord) {
  EXPECT_EQ(read("Package: a\nVersion: 1\n ").skipped.size(), 1U);
  EXPECT_EQ(read("Package: a\n\n ").packages.size(), 1U);
}

TEST(PackageRecords, AFieldThatTheFileCutsOffIsNamedByItsLine) {
  const everything found = read(whole + "Homep");
  ASSERT_EQ(found.skipped.size(), 1U);
  EXPECT_EQ(found.skipped[0].line, 14U);
  EXPECT_EQ(found.skipped[0].reason, "the file ends in the middle of this line");
}

TEST(PackageRecords, ARecordWithoutAPackageIsSkipped) {
  const skipped_record s = read_fault("Version: 1\nSection: x");
  EXPECT_EQ(s.line, 1U);
  EXPECT_EQ(s.name, "");
  EXPECT_EQ(s.reason, "no Package field");
  EXPECT_EQ(read_fault("Package:\nVersion: 1").reason, "no Package field");
}

TEST(PackageRecords, ANameThatWouldUpsetATerminalIsNotRepeated) {
  const skipped_record s = read_fault("Version: 1\nPackage: \x1b[2Jx");
  EXPECT_EQ(s.line, 2U);
  EXPECT_EQ(s.name, "");
  EXPECT_EQ(s.reason, "a Package that is no package's name");
}

TEST(PackageRecords, ALineWithoutAColonIsSkippedWithItsRecord) {
  const skipped_record s = read_fault("Package: a\nVersion 1\nDepends: (");
  EXPECT_EQ(s.line, 2U);
  EXPECT_EQ(s.name, "a");
  EXPECT_EQ(s.reason, "a line without a colon");
  EXPECT_EQ(read_fault("Package: a\n: x").reason, "a line that begins with a colon");
}

TEST(PackageRecords, AContinuationWithoutAFieldIsSkippedWithItsRecord) {
  const skipped_record s = read_fault(" goes on\nPackage: a");
  EXPECT_EQ(s.line, 1U);
  EXPECT_EQ(s.reason, "a line that continues no field");
}

TEST(PackageRecords, NulBytesAreSkippedWithTheirRecord) {
  const skipped_record s = read_fault(std::string("Package: a\nVersion: 1\0002\nSection: x", 34));
  EXPECT_EQ(s.line, 2U);
  EXPECT_EQ(s.name, "a");
  EXPECT_EQ(s.reason, "a NUL byte");
}

TEST(PackageRecords, AKeptFieldTwiceIsSkippedWithItsRecord) {
  const skipped_record s = read_fault("Package: a\nVersion: 1\nVersion: 2");
  EXPECT_EQ(s.line, 3U);
  EXPECT_EQ(s.reason, "the field Version twice");
}

TEST(PackageRecords, ASizeThatIsNoNumberIsSkippedWithItsRecord) {
  for (const char* size : {"big", "12 KiB", "-1", "99999999999999999999"}) {
    const skipped_record s = read_fault(std::string("Package: a\nInstalled-Size: ") + size);
    EXPECT_EQ(s.line, 2U) << size;
    EXPECT_EQ(s.reason, "an Installed-Size that is no number") << size;
  }
}

TEST(PackageRecords, ADependsThatCannotBeReadIsSkippedWithItsRecord) {
  const skipped_record s = read_fault("Package: a\nDepends: b, c (>= 2");
  EXPECT_EQ(s.line, 2U);
  EXPECT_EQ(s.name, "a");
  EXPECT_EQ(s.reason, "requirement 2 of Depends has a parenthesis that does not close");
}

TEST(PackageRecords, LongLinesAndValuesTakeNoMemoryWithoutBound) {
  const std::string mebibyte(std::size_t{1} << 20, 'x');
  EXPECT_EQ(read_fault("Package: a\nTag: " + mebibyte).reason, "a line longer than 1 MiB");
  EXPECT_EQ(read_fault("Package: a\n" + mebibyte + mebibyte).line, 2U);
  EXPECT_EQ(read_fault(mebibyte + mebibyte).line, 1U);
  const std::string half = mebibyte.substr(1 << 19);
  EXPECT_EQ(read_fault("Package: a\nDepends: " + half + "\n " + half).reason, "a value longer than 1 MiB");
  const std::string longest = "Tag: " + mebibyte.substr(5);
  EXPECT_EQ(read("Package: a\n" + longest + "\n\n").packages.size(), 1U);
}

TEST(PackageRecords, AnInputThatFailsIsNotTheEndOfTheInput) {
  std::istringstream in(whole);
  package_reader reader(in, "list");
  in.setstate(std::ios::badbit);
  try {
    static_cast<void>(reader.next());
    FAIL() << "nothing was thrown";
  } catch (const unreadable_input& e) {
    EXPECT_STREQ(e.what(), "cannot read list beyond line 0");
  }
}

TEST(OpenInput, AMissingFileAndAFolderAreNamed) {
  const std::filesystem::path folder = ::testing::TempDir();
  try {
    static_cast<void>(open_input(folder / "no-such-list"));
    FAIL() << "nothing was thrown";
  } catch (const unreadable_input& e) {
    EXPECT_EQ(std::string(e.what()),
              "cannot open " + (folder / "no-such-list").string() + ": No such file or directory");
  }
  try {
    static_cast<void>(open_input(folder));
    FAIL() << "nothing was thrown";
  } catch (const unreadable_input& e) {
    EXPECT_EQ(std::string(e.what()), "cannot read " + folder.string() + ": it is a folder");
  }
}

}  // namespace
}  // namespace catalog
