// Apart from the tests that use the handle: SOCI's header declares SQLite's API a second time, in a namespace.
#include "sqlite/shop.hpp"

#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

using namespace shop;

namespace {

TEST(AdoptedSociSession, IsReadAndWrittenAndStaysOpen) {
  const temporary_folder folder;
  ::soci::session open(::soci::sqlite3, "dbname=" + folder.file("app.db"));
  open << "create table numbers(n integer)";
  open << "insert into numbers values(1)";
  {
    forebay::database db{{.shards = {{.primary = forebay::soci::adopt(open)}}}};
    forebay::session s = db.session();
    EXPECT_EQ(db.scalar<std::int64_t>(s, "select n from numbers"), 1);
    db.execute(s, "insert into numbers values({})", 2);
  }
  int sum = 0;
  open << "select sum(n) from numbers", ::soci::into(sum);
  EXPECT_EQ(sum, 3);
}

}  // namespace
