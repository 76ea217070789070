#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <forebay/db/pool.hpp>
#include <forebay/error.hpp>
#include <forebay/session.hpp>
#include <forebay/testing/fake_server.hpp>
#include <forebay/testing/manual_clock.hpp>

namespace forebay {

// A pool's surroundings: time that stands still, a server that is a function, and who sees the events.
class PoolTest : public ::testing::Test {
 protected:
  [[nodiscard]] session request(nanoseconds time = seconds(3'600)) {
    return {nullptr, clock, events, 1, "GET /pool", deadline(clock.now() + time)};
  }
  lease acquire(pool& of, nanoseconds time = seconds(3'600), call_site where = call_site::here()) {
    const session s = request(time);
    return of.acquire({s, "find", where});
  }
  // A statement that the server refuses in such a way that the connection is in doubt.
  void fail_on(lease& l) {
    server.answer([](std::string_view, const auto&) -> testing::fake_rows {
      throw error(errc::query_failed, {.message = "refused"});
    });
    const session s = request();
    const operation op{s, "find", call_site::here()};
    EXPECT_THROW(static_cast<void>(l->run(op, {.text = "select 1"})), error);
  }
  template <class Function>
  std::string refusal(errc code, Function function) {
    try {
      function();
    } catch (const error& e) {
      EXPECT_EQ(e.code(), code) << e.what();
      return e.what();
    }
    ADD_FAILURE() << "no error";
    return {};
  }

  testing::manual_clock clock;
  event_stream events;
  testing::fake_server server{"pool"};
  std::shared_ptr<driver> from = make_driver(server.url(), clock);
  pool_options one{.max_size = 1, .acquire_limit = seconds(10)};
  pool_options two{.max_size = 2, .acquire_limit = seconds(10)};
};

}  // namespace forebay
