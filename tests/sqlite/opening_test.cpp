#include "sqlite/shop.hpp"

#include <sqlite3.h>

#include <fstream>

#include <unistd.h>

using namespace shop;
using forebay::errc;

namespace {

caught opening(const std::string& url) {
  return error_of([&] {
    forebay::database db(options_for(url));
    forebay::session s = db.session({.name = "opening"});
    db.execute(s, "create table if not exists t(a)");
  });
}

class Opening : public testing::Test {
 protected:
  temporary_folder folder;
};

TEST_F(Opening, AMalformedUrlIsAnInvalidOption) {
  for (const char* url :
       {"", "shop.db", ":shop.db", "sqlite", "sqlite:", "SQLITE:shop.db", "sql ite:shop.db", "/tmp/shop:db"}) {
    const caught e = opening(url);
    EXPECT_EQ(e.code, errc::invalid_option) << url;
    EXPECT_TRUE(e.says("sqlite:shop.db")) << "shows how to write one: " << e.what;
  }
}

TEST_F(Opening, AnOptionThatSqliteDoesNotHaveIsRefused) {
  for (const char* rest :
       {"?", "?mode=rx", "?mode", "?mode=rw&cache=shared", "?mode=rw&", "?&mode=rw", "?MODE=rw",
        "?password=canary-7f3a", "?immutable=1", "?statements=0", "?statements=10001", "?statements=many",
        "?statements=", "?statements=-1", "?watch=3600001", "?watch=-1", "?watch=100ms"}) {
    const caught e = opening(folder.url("shop.db") + rest);
    EXPECT_EQ(e.code, errc::invalid_option) << rest;
  }
  EXPECT_EQ(opening("sqlite::memory:?mode=rw").code, errc::invalid_option);
  EXPECT_EQ(opening("sqlite::memory:?watch=100").code, errc::invalid_option);
  EXPECT_EQ(opening("sqlite:?mode=rw").code, errc::invalid_option);
  EXPECT_EQ(opening("sqlite:a\"b.db").code, errc::invalid_option);
  EXPECT_FALSE(std::filesystem::exists(folder.file("shop.db")));
}

TEST_F(Opening, AnUnknownSchemeNamesThoseThatAreKnown) {
  const caught e = opening("oracle://scott:canary-7f3a@db/shop");
  EXPECT_EQ(e.code, errc::no_driver);
  EXPECT_TRUE(e.says("\"oracle\"")) << e.what;
  EXPECT_TRUE(e.says("sqlite")) << e.what;
}

TEST_F(Opening, AMissingFileIsAnErrorWithModeRw) {
  const std::string url = folder.url("missing.db") + "?mode=rw";
  forebay::database db(options_for(url));
  forebay::session s = db.session();
  const caught e = error_of([&] { (void)db.query<int>(s, "select 1"); });
  EXPECT_EQ(e.code, errc::cannot_connect);
  EXPECT_TRUE(e.says("missing.db")) << e.what;
  EXPECT_TRUE(e.says("opening_test.cpp:")) << e.what;
  EXPECT_FALSE(std::filesystem::exists(folder.file("missing.db")));
  EXPECT_EQ(db.connections(forebay::connection_role::reader).size, 0u);

  forebay::database maker(options_for(folder.url("missing.db")));
  forebay::session in = maker.session();
  maker.execute(in, "create table t(a)");
  EXPECT_EQ(db.query<int>(s, "select count(*) from t")[0], 0) << "the next call tries again";
}

TEST_F(Opening, AFileIsMadeWithoutIt) {
  { shop_database shop(folder.url("new.db") + "?mode=rwc"); }
  EXPECT_TRUE(std::filesystem::exists(folder.file("new.db")));
}

TEST_F(Opening, AMissingFolderCannotBeConnectedTo) {
  const caught e = opening(folder.url("nowhere/shop.db"));
  EXPECT_EQ(e.code, errc::cannot_connect);
  EXPECT_TRUE(e.says("nowhere/shop.db")) << e.what;
  EXPECT_TRUE(e.says("opening_test.cpp:")) << e.what;
}

TEST_F(Opening, AFolderIsNoDatabase) {
  EXPECT_EQ(opening(folder.url("")).code, errc::cannot_connect);
  EXPECT_EQ(opening(folder.url("") + "?mode=rw").code, errc::cannot_connect);
}

TEST_F(Opening, AFileOfAnotherKindCannotBeConnectedTo) {
  std::ofstream(folder.file("letter.txt")) << std::string(5000, 'x');
  const caught e = opening(folder.url("letter.txt"));
  EXPECT_EQ(e.code, errc::cannot_connect);
  EXPECT_TRUE(e.says("letter.txt")) << e.what;
  EXPECT_EQ(std::filesystem::file_size(folder.file("letter.txt")), 5000u);
}

TEST_F(Opening, ARelativePathIsOfTheFolderInWhichTheDatabaseWasMade) {
  const std::filesystem::path before = std::filesystem::current_path();
  std::filesystem::current_path(folder.file(""));
  {
    shop_database shop("sqlite:here.db");  // has written, by its writing connection
    std::filesystem::current_path("/");
    EXPECT_EQ(shop.users.count(shop.s), 0u) << "by a reading connection, which is opened now";
  }
  std::filesystem::current_path(before);
  EXPECT_TRUE(std::filesystem::exists(folder.file("here.db")));
}

TEST_F(Opening, AnyFileNameIsItself) {
  for (const std::string name : {"two words.db", "it's.db", "a=b;c.db", "gr\xc3\xbc\xc3\x9f.db", "100%25.db", "#1.db",
                                 "a&b.db", "back\\slash.db", "-.db", "user=x password=y.db"}) {
    { shop_database shop(folder.url(name)); }
    EXPECT_TRUE(std::filesystem::exists(folder.file(name))) << name;
  }
}

TEST_F(Opening, WhatWasWrittenIsThereWhenTheFileIsOpenedAgain) {
  {
    shop_database shop(folder.url("shop.db"));
    shop.users.insert(shop.s, ann());
  }
  forebay::database again(options_for(folder.url("shop.db") + "?mode=rw"));
  forebay::session s = again.session();
  EXPECT_EQ(*forebay::repository<User>(again).find(s, 1), ann());
}

TEST_F(Opening, WithEveryOptionInItsRange) {
  { shop_database shop(folder.url("shop.db") + "?mode=rwc&statements=1&watch=0"); }
  forebay::database db(options_for(folder.url("shop.db") + "?statements=10000&mode=rw&watch=3600000"));
  forebay::session s = db.session();
  EXPECT_EQ(db.query<std::int64_t>(s, "select count(*) from users")[0], 0);
  shop_database in_memory("sqlite::memory:?statements=16");
  in_memory.users.insert(in_memory.s, ann());
}

TEST_F(Opening, ToReadOnlyReadsAndRefusesWrites) {
  const std::string name = "100%25 #1.db";  // nothing of it means anything in a file: URI
  {
    shop_database shop(folder.url(name));
    shop.users.insert(shop.s, ann());
  }
  forebay::database db(options_for(folder.url(name) + "?mode=ro"));
  forebay::session s = db.session();
  const forebay::repository<User> users(db);
  EXPECT_EQ(*users.find(s, 1), ann());
  const caught e = error_of([&] { users.insert(s, bob()); });
  EXPECT_EQ(e.code, errc::read_only);
  EXPECT_TRUE(e.says("mode=ro")) << e.what;
  EXPECT_TRUE(e.says("opening_test.cpp:")) << e.what;
  EXPECT_EQ(error_of([&] { db.execute(s, "create table t(a)"); }).code, errc::read_only);
  forebay::database missing(options_for(folder.url("missing.db") + "?mode=ro"));
  forebay::session other = missing.session();
  EXPECT_EQ(error_of([&] { (void)missing.query<int>(other, "select 1"); }).code, errc::cannot_connect);
  EXPECT_FALSE(std::filesystem::exists(folder.file("missing.db")));
}

TEST_F(Opening, AFileThatMayNotBeWrittenSaysSo) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may write everything";
  { shop_database shop(folder.url("shop.db")); }
  std::filesystem::permissions(folder.file("shop.db"), std::filesystem::perms::owner_read);
  const caught e = opening(folder.url("shop.db"));
  EXPECT_TRUE(e.code == errc::read_only || e.code == errc::cannot_connect) << e.what;
  EXPECT_TRUE(e.says("shop.db")) << e.what;
}

// Files without shared memory, as on a network file system.
class no_shared_memory {
 public:
  no_shared_memory() {
    machine_ = sqlite3_vfs_find(nullptr);
    vfs_ = *machine_;
    vfs_.zName = "forebay-no-shared-memory";
    vfs_.xOpen = &open;
    EXPECT_EQ(sqlite3_vfs_register(&vfs_, 1), SQLITE_OK);
  }
  ~no_shared_memory() {
    sqlite3_vfs_unregister(&vfs_);
    sqlite3_vfs_register(machine_, 1);
  }
  no_shared_memory(const no_shared_memory&) = delete;
  no_shared_memory& operator=(const no_shared_memory&) = delete;

 private:
  static int open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out_flags) {
    const int rc = machine_->xOpen(machine_, name, file, flags, out_flags);
    if (rc != SQLITE_OK || file->pMethods == nullptr) return rc;
    methods_ = *file->pMethods;
    methods_.iVersion = 1;
    file->pMethods = &methods_;
    return rc;
  }
  static inline sqlite3_vfs* machine_ = nullptr;
  static inline sqlite3_io_methods methods_{};
  sqlite3_vfs vfs_{};
};

TEST_F(Opening, WhereWriteAheadModeIsImpossibleItSaysSo) {
  const no_shared_memory network;
  const caught e = opening(folder.url("shop.db"));
  EXPECT_EQ(e.code, errc::cannot_connect);
  EXPECT_TRUE(e.says("write-ahead mode")) << e.what;
  EXPECT_TRUE(e.says("network file system")) << e.what;
  EXPECT_TRUE(e.says("shop.db")) << e.what;
}

TEST_F(Opening, ACorruptFileIsAnErrorThatNamesIt) {
  {
    shop_database shop(folder.url("shop.db"));
    for (int i = 1; i <= 200; ++i)
      shop.users.insert(shop.s,
                        {.id = i, .email = std::string(200, 'e') + std::to_string(i), .name = {}, .version = 1});
  }
  const auto size = static_cast<std::streamoff>(std::filesystem::file_size(folder.file("shop.db")));
  {
    std::fstream file(folder.file("shop.db"), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(4096);
    file << std::string(static_cast<std::size_t>(size - 4096), '\x5a');
  }
  forebay::database db(options_for(folder.url("shop.db")));
  forebay::session s = db.session();
  const caught e = error_of([&] { (void)db.query<User>(s, "select * from users"); });
  EXPECT_TRUE(e.says("malformed")) << e.what;
  EXPECT_TRUE(e.says("shop.db")) << e.what;
}

TEST_F(Opening, EachDatabaseInMemoryIsItsOwn) {
  shop_database one("sqlite::memory:");
  shop_database two("sqlite::memory:");
  one.users.insert(one.s, ann());
  EXPECT_FALSE(two.users.find(two.s, 1));
  EXPECT_EQ(one.db.query<std::int64_t>(one.s, "select count(*) from users")[0], 1) << "for readers and writer alike";
}

TEST_F(Opening, TwoDatabasesOnOneFileSeeEachOther) {
  shop_database one(folder.url("shop.db"));
  forebay::database two(options_for(folder.url("shop.db")));
  forebay::session s = two.session();
  one.users.insert(one.s, ann());
  EXPECT_TRUE(forebay::repository<User>(two).find(s, 1));
}

TEST_F(Opening, NothingIsOpenedBeforeItIsNeeded) {
  forebay::database db(options_for(folder.url("late.db")));
  EXPECT_FALSE(std::filesystem::exists(folder.file("late.db")));
  EXPECT_EQ(db.connections(forebay::connection_role::writer).opened, 0u);
  forebay::session s = db.session();
  EXPECT_EQ(db.query<int>(s, "select 1")[0], 1);
  EXPECT_EQ(db.query<int>(s, "select 2")[0], 2);
  EXPECT_EQ(db.connections(forebay::connection_role::reader).opened, 1u);
  EXPECT_EQ(db.connections(forebay::connection_role::writer).opened, 0u);
}

TEST_F(Opening, TheShortFormIsADatabaseToo) {
  forebay::database db{"sqlite::memory:"};
  forebay::session s = db.session();
  EXPECT_EQ(db.query<int>(s, "select 1")[0], 1);
}

}  // namespace
