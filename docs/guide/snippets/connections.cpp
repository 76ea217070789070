#include <iostream>
#include <memory>

#include "shop.hpp"

namespace {

// [snippet
struct lost_leases final : forebay::observer {
  void on_lease(const forebay::lease_event& e) noexcept override {
    std::cerr << "a connection is out since " << e.held.count() / 1'000'000 << " ms: " << e.operation_name << " at "
              << forebay::to_string(e.where) << '\n';
  }
};
// snippet]

TEST(Connections, OptionsStatisticsAndTheEnd) {
  const forebay::database_url url{"sqlite::memory:"};
  // [snippet
  forebay::database db{{.shards = {{.primary = url}},
                        .pool = {.max_size = 16, .max_waiting = 200, .acquire_limit = 100ms, .idle_close = 60s},
                        .observers = {std::make_shared<lost_leases>()}}};
  // snippet]
  {
    forebay::session s = db.session();
    db.execute(s, "create table t(id integer primary key)");
    EXPECT_EQ(db.scalar<std::int64_t>(s, "select count(*) from t"), 0);
  }
  // [snippet
  const forebay::pool_statistics readers = db.connections(forebay::connection_role::reader);
  const bool short_of_connections = readers.waiting > 0 || readers.timeouts + readers.refused > 0;
  // snippet]
  EXPECT_FALSE(short_of_connections);
  // [snippet
  const bool all_came_back = db.drain(10s);  // at SIGTERM: no call gets a connection any more, those under way end
  // snippet]
  EXPECT_TRUE(all_came_back);
  forebay::session late = db.session();
  try {
    db.execute(late, "drop table t");
    ADD_FAILURE();
  } catch (const forebay::error& e) {
    EXPECT_EQ(e.code(), forebay::errc::shut_down);
  }
}

}  // namespace
