#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include <forebay/repository.hpp>
#include <forebay/soci/sqlite.hpp>

#include "entities.hpp"
#include "mixed_load.hpp"
#include "schema.hpp"

namespace catalog {
namespace {

constexpr std::size_t packages = 20;

struct small_shop {
  small_shop() {
    create_tables(db);
    std::vector<Package> rows;
    for (std::size_t i = 1; i <= packages; ++i) {
      rows.push_back({.id = static_cast<std::int64_t>(i), .name = "p" + std::to_string(i), .version = 1});
    }
    forebay::session s = db.session();
    forebay::repository<Package>(db).insert_many(s, rows);
  }

  forebay::database db{{.shards = {{.primary = "sqlite::memory:"}},
                        .cache = {.entities = {forebay::cache_for<Package>()}},
                        .pool = {.acquire_limit = std::chrono::seconds(5)}}};
};

TEST(MixedLoad, NoFindIsStaleAndNoUpdateIsLost) {
  small_shop shop;
  const mixed_load_result r = run_mixed_load(
      shop.db, {.packages = packages, .operations = 2'000, .threads = 4, .seed = 20'251'124, .update_share = 0.3});
  EXPECT_EQ(r.finds + r.updates, 2'000U);
  EXPECT_GT(r.updates, 300U);
  EXPECT_EQ(r.stale_reads, 0U);
  EXPECT_EQ(count_wrong_packages(shop.db, r), 0U);
}

TEST(MixedLoad, AnUpdateThatNobodyCountedIsSeenByTheCheck) {
  small_shop shop;
  const mixed_load_result r =
      run_mixed_load(shop.db, {.packages = packages, .operations = 50, .threads = 1, .seed = 1});
  forebay::session s = shop.db.session();
  const forebay::repository<Package> all(shop.db);
  Package p = *all.find(s, 3);
  all.update(s, p);
  EXPECT_EQ(count_wrong_packages(shop.db, r), 1U);
  all.remove(s, 20);
  EXPECT_EQ(count_wrong_packages(shop.db, r), 2U);
}

TEST(MixedLoad, AFailureOfOneWorkerEndsTheLoad) {
  small_shop shop;
  forebay::session s = shop.db.session();
  shop.db.execute(s, "delete from packages where id = {}", 1);
  EXPECT_THROW(static_cast<void>(
                   run_mixed_load(shop.db, {.packages = packages, .operations = 1'000'000, .threads = 2, .seed = 1})),
               forebay::not_found);
}

}  // namespace
}  // namespace catalog
