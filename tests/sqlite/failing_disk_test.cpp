#include "sqlite/shop.hpp"

#include <sqlite3.h>

#include <map>

#include <sys/mount.h>

using namespace shop;
using forebay::errc;
using forebay::outcome;

namespace {

// The machine's files, whose writes fail while the test says so. SQLite opens every file through it meanwhile.
class failing_disk {
 public:
  failing_disk() {
    machine_ = sqlite3_vfs_find(nullptr);
    vfs_ = *machine_;
    vfs_.zName = "forebay-failing-disk";
    vfs_.xOpen = &open;
    EXPECT_EQ(sqlite3_vfs_register(&vfs_, 1), SQLITE_OK);
  }
  ~failing_disk() {
    writes_give = SQLITE_OK;
    sqlite3_vfs_unregister(&vfs_);
    sqlite3_vfs_register(machine_, 1);
  }
  failing_disk(const failing_disk&) = delete;
  failing_disk& operator=(const failing_disk&) = delete;

  static inline int writes_give = SQLITE_OK;

 private:
  static int open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out_flags) {
    const int rc = machine_->xOpen(machine_, name, file, flags, out_flags);
    if (rc != SQLITE_OK || file->pMethods == nullptr) return rc;
    machine_write_ = file->pMethods->xWrite;  // the same for all files, whose tables of methods differ in their locks
    sqlite3_io_methods& mine = methods_[file->pMethods];
    mine = *file->pMethods;
    mine.xWrite = &write;
    file->pMethods = &mine;
    return rc;
  }
  static int write(sqlite3_file* file, const void* data, int size, sqlite3_int64 at) {
    return writes_give != SQLITE_OK ? writes_give : machine_write_(file, data, size, at);
  }

  static inline sqlite3_vfs* machine_ = nullptr;
  static inline std::map<const sqlite3_io_methods*, sqlite3_io_methods> methods_;  // mine by the machine's
  static inline int (*machine_write_)(sqlite3_file*, const void*, int, sqlite3_int64) = nullptr;
  sqlite3_vfs vfs_{};
};

class FailingDisk : public testing::Test {
 protected:
  FailingDisk() {
    users.insert(s, ann());
    users.insert(s, bob());
  }
  std::optional<std::string> stored_name() {
    return db.query<std::optional<std::string>>(s, "select name from users where id = 1").at(0);
  }
  std::uint64_t writers_opened() { return db.connections(forebay::connection_role::writer).opened; }

  failing_disk disk;
  temporary_folder folder;
  shop_database shop{folder.url("shop.db")};
  forebay::database& db = shop.db;
  forebay::session& s = shop.s;
  forebay::repository<User>& users = shop.users;
};

TEST_F(FailingDisk, ACommitThatCannotBeWrittenHasAnUnknownFate) {
  ASSERT_EQ(users.find(s, 1).value().name, "Ann");
  const std::uint64_t opened = writers_opened();
  {
    forebay::transaction tx = db.begin(s);
    User me = *users.find(tx, 1);
    me.name = secret_text;
    users.update(tx, me);
    failing_disk::writes_give = SQLITE_IOERR_WRITE;
    EXPECT_THROW(
        {
          try {
            tx.commit();
          } catch (const forebay::error& e) {
            EXPECT_EQ(e.outcome(), outcome::unknown);
            EXPECT_FALSE(e.retryable());
            EXPECT_NE(std::string(e.what()).find("failing_disk_test.cpp:"), std::string::npos) << e.what();
            EXPECT_EQ(std::string(e.what()).find("canary"), std::string::npos) << e.what();
            throw;
          }
        },
        forebay::commit_unknown);
    failing_disk::writes_give = SQLITE_OK;
    EXPECT_FALSE(tx.open());
  }
  EXPECT_EQ(users.find(s, 1).source(), forebay::source::primary) << "the cache assumes that it happened";
  EXPECT_EQ(users.find(s, 1).value().name, stored_name());
  users.remove(s, 2);
  EXPECT_EQ(writers_opened(), opened + 1) << "a connection in doubt is not used again";
  EXPECT_EQ(db.query<std::int64_t>(s, "select count(*) from users")[0], 1);
}

TEST_F(FailingDisk, AWriteByItselfThatCannotBeWrittenHasAnUnknownFate) {
  ASSERT_EQ(users.find(s, 1).value().name, "Ann");
  User me = *users.find(s, 1);
  me.name = secret_text;
  const User before = me;
  failing_disk::writes_give = SQLITE_IOERR_WRITE;
  const caught e = error_of([&] { users.update(s, me); });
  failing_disk::writes_give = SQLITE_OK;
  EXPECT_EQ(e.details.outcome, outcome::unknown);
  EXPECT_TRUE(e.says("failing_disk_test.cpp:")) << e.what;
  EXPECT_EQ(me, before);
  EXPECT_EQ(users.find(s, 1).source(), forebay::source::primary);
  EXPECT_EQ(users.find(s, 1).value().name, stored_name());
  User again = *users.find(s, 1);
  again.name = "Again";
  users.update(s, again);
  EXPECT_EQ(stored_name(), "Again");
}

TEST_F(FailingDisk, AFullDiskFailsTheCommitAndStoresNothing) {
  const std::string long_text(200'000, 'x');
  {
    forebay::transaction tx = db.begin(s);
    User me = *users.find(tx, 1);
    me.name = long_text;
    users.update(tx, me);
    failing_disk::writes_give = SQLITE_FULL;
    const caught e = error_of([&] { tx.commit(); });
    failing_disk::writes_give = SQLITE_OK;
    EXPECT_EQ(e.code, errc::storage_full);
    EXPECT_EQ(e.details.outcome, outcome::not_applied);
    EXPECT_TRUE(e.says("full")) << e.what;
    EXPECT_TRUE(e.says("failing_disk_test.cpp:")) << e.what;
    EXPECT_FALSE(tx.open());
  }
  EXPECT_EQ(stored_name(), "Ann");
  users.remove(s, 2);
}

TEST_F(FailingDisk, WhatHasAnUnknownFateIsFoundAsItIsWhenTheFileIsOpenedAgain) {
  {
    forebay::transaction tx = db.begin(s);
    users.remove(tx, 2);
    failing_disk::writes_give = SQLITE_IOERR_WRITE;
    EXPECT_THROW(tx.commit(), forebay::commit_unknown);
    failing_disk::writes_give = SQLITE_OK;
  }
  const bool here = users.find(s, 2).has_value();
  forebay::database again(options_for(folder.url("shop.db")));
  forebay::session in = again.session();
  EXPECT_EQ(forebay::repository<User>(again).find(in, 2).has_value(), here);
}

// A file system of one megabyte; needs the right to mount one.
class FullDisk : public testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::create_directory(folder.file("small"));
    if (::mount("tmpfs", folder.file("small").c_str(), "tmpfs", 0, "size=1m") != 0) GTEST_SKIP() << "may not mount";
    mounted = true;
  }
  void TearDown() override {
    if (mounted) {
      EXPECT_EQ(::umount2(folder.file("small").c_str(), MNT_DETACH), 0);
    }
  }
  temporary_folder folder;
  bool mounted = false;
};

TEST_F(FullDisk, IsTypedLosesNothingAndWritesNothingByHalf) {
  shop_database shop(folder.url("small/shop.db"));
  std::int64_t stored = 0;
  caught full;
  for (std::int64_t id = 1; id < 10'000 && full.what.empty(); ++id) {
    try {
      shop.users.insert(
          shop.s,
          {.id = id, .email = std::to_string(id) + secret_text + std::string(4000, 'e'), .name = {}, .version = 1});
      ++stored;
    } catch (const forebay::error& e) {
      full = {e.code(), e.details(), e.what()};
    }
  }
  EXPECT_EQ(full.code, errc::storage_full) << full.what;
  EXPECT_EQ(full.details.outcome, outcome::not_applied);
  EXPECT_TRUE(full.says("room on the disk")) << full.what;
  EXPECT_FALSE(full.says(secret_text)) << full.what;
  EXPECT_EQ(shop.db.query<std::int64_t>(shop.s, "select count(*) from users")[0], stored);
  EXPECT_TRUE(shop.users.find(shop.s, stored));
  EXPECT_FALSE(shop.users.find(shop.s, stored + 1));
}

}  // namespace
