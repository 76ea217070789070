// The rules of the protocol's first section, each as the interleaving that would break it.
#include <gtest/gtest.h>

#include <forebay/error.hpp>

#include "cache/cache_fixture.hpp"

namespace forebay {
namespace {

TEST(CacheRules, AMissIsLoadedAndTheNextReadIsAHit) {
  cache_fixture f;
  f.commit("a", "one");
  EXPECT_EQ(f.read("a").from, source::primary);
  f.clock.advance(milliseconds(1500));
  const auto hit = f.read("a");
  EXPECT_EQ(hit.text, "one");
  EXPECT_EQ(hit.from, source::memory);
  EXPECT_EQ(hit.age, milliseconds(1500));
  EXPECT_EQ(f.loads, 1);
}

TEST(CacheRules, AnEntryEndsWithItsTimeCountedFromTheStartOfTheLookUp) {
  cache_fixture f;
  f.commit("a", "one");
  f.read_with(
      [&] {
        f.clock.advance(seconds(9));  // a slow load
        return f.load("a");
      },
      "a");
  EXPECT_EQ(f.read("a").from, source::memory);
  EXPECT_EQ(f.read("a").age, seconds(9));
  f.clock.advance(seconds(1));
  EXPECT_EQ(f.read("a").from, source::primary);
}

TEST(CacheRules, WriteDuringALoadRefusesTheFill) {
  cache_fixture f;
  f.commit("a", "old");
  f.clock.stop_at("flight: loaded");
  auto reader = f.async([&] { return f.read("a"); });
  f.clock.wait_until_stopped("flight: loaded");
  f.write("a", "new");
  f.clock.resume("flight: loaded");
  EXPECT_EQ(reader.get().text, "old");  // it began before the write: allowed
  EXPECT_EQ(f.read("a").text, "new");   // but what it loaded was not kept
}

TEST(CacheRules, AFlightOvertakenByAWriteDoesNotAnswerALaterReader) {
  cache_fixture f;
  f.commit("a", "old");
  f.clock.stop_at("flight: loaded");
  auto early = f.async([&] { return f.read("a"); });
  f.clock.wait_until_stopped("flight: loaded");
  f.write("a", "new");
  auto late = f.async([&] { return f.read("a"); });
  f.clock.wait_until_stopped("flight: loaded", 2);  // it loads for itself
  f.clock.resume("flight: loaded");
  EXPECT_EQ(early.get().text, "old");
  EXPECT_EQ(late.get().text, "new");
  EXPECT_EQ(f.read("a").text, "new");
}

TEST(CacheRules, AFinishedLoadEndsTheOtherFlightsOfItsKey) {
  cache_fixture f;
  f.commit("a", "old");
  std::promise<void> loaded, go_on;
  auto slow = f.async([&] {
    return f.read_with(
        [&] {
          block_ptr old = f.load("a");
          loaded.set_value();
          go_on.get_future().wait();
          return old;
        },
        "a");
  });
  loaded.get_future().wait();
  f.commit("a", "new");  // by another process: nobody here is told
  // A reader that needs a newer position does not join the slow flight, and overtakes it.
  EXPECT_EQ(f.read("a", seconds(60), position(1, 1)).text, "new");
  EXPECT_EQ(f.read("a").from, source::memory);
  go_on.set_value();
  EXPECT_EQ(slow.get().text, "old");
  const auto after = f.read("a");
  EXPECT_EQ(after.text, "new");            // the slow flight's value is not kept
  EXPECT_EQ(after.from, source::primary);  // and what was there went with it
}

TEST(CacheRules, ALoadThatIsNotStoredLeavesNothingOlderBehind) {
  cache_fixture f({.memory_ttl = seconds(10), .negative_ttl = milliseconds(0)});
  f.commit("a", "old");
  f.read("a");
  f.commit("a", "");                                                // removed by another process
  EXPECT_EQ(f.read("a", seconds(60), position(1, 1000)).text, "");  // needs a newer position: loads, may not be kept
  EXPECT_EQ(f.read("a").text, "");                                  // and the old entry has gone
}

TEST(CacheRules, AHitBelowTheNeededPositionIsPassedBy) {
  cache_fixture f;
  f.commit("a", "one");
  f.read("a");
  EXPECT_EQ(f.read("a", seconds(60), position(1, 2)).from, source::memory);
  EXPECT_EQ(f.read("a", seconds(60), position(1, 1000)).from, source::primary);
  EXPECT_EQ(f.read("a", seconds(60), position(2, 0)).from, source::primary);  // a newer timeline
}

TEST(CacheRules, ATableWideWriteDuringALoadMakesTheLoadedValueWorthless) {
  cache_fixture f;
  f.commit("a", "old");
  f.clock.stop_at("flight: loaded");
  auto reader = f.async([&] { return f.read("a"); });
  f.clock.wait_until_stopped("flight: loaded");
  f.commit("a", "new");
  f.apply({.rows = {}, .tables = {"items"}, .everything = false});
  f.clock.resume("flight: loaded");
  EXPECT_EQ(reader.get().text, "old");
  EXPECT_EQ(f.read("a").text, "new");
}

TEST(CacheRules, ATableWideWriteIsNotAnsweredByAnOlderFlight) {
  cache_fixture f;
  f.commit("a", "old");
  f.clock.stop_at("flight: loaded");
  auto early = f.async([&] { return f.read("a"); });
  f.clock.wait_until_stopped("flight: loaded");
  f.commit("a", "new");
  f.apply({.rows = {}, .tables = {"items"}, .everything = false});
  auto late = f.async([&] { return f.read("a"); });
  f.clock.wait_until_stopped("flight: loaded", 2);
  f.clock.resume("flight: loaded");
  early.get();
  EXPECT_EQ(late.get().text, "new");
}

TEST(CacheRules, AWriteOfUnknownTablesMakesEverythingWorthless) {
  cache_fixture f;
  f.commit("a", "one");
  f.read("a");
  f.apply({.rows = {}, .tables = {}, .everything = true});
  EXPECT_EQ(f.read("a").from, source::primary);
}

TEST(CacheRules, AnotherTablesWriteLeavesTheEntry) {
  cache_fixture f;
  f.commit("a", "one");
  f.read("a");
  f.apply({.rows = {}, .tables = {"others"}, .everything = false});
  EXPECT_EQ(f.read("a").from, source::memory);
}

TEST(CacheRules, RegistersRiseWithWritesAndWithWhatWasRead) {
  cache_fixture f;
  f.commit("a", "one");
  f.read("a");
  const position read = f.cache.position_of(f.key("a"));
  EXPECT_GT(read, position());
  f.write("a", "two");
  EXPECT_GT(f.cache.position_of(f.key("a")), read);
}

TEST(CacheRules, AbsenceIsKeptForItsOwnTimeAndEndedByAnInsert) {
  cache_fixture f;
  EXPECT_EQ(f.read("a").text, "");
  EXPECT_EQ(f.read("a").from, source::memory);
  f.write("a", "born");
  EXPECT_EQ(f.read("a").text, "born");
  EXPECT_EQ(f.read("b").text, "");
  f.clock.advance(seconds(2));
  EXPECT_EQ(f.read("b").from, source::primary);
}

TEST(CacheRules, ManyReadersOfAColdKeyMakeOneLoad) {
  cache_fixture f;
  f.commit("a", "one");
  f.clock.stop_at("flight: started");
  constexpr int readers = 32;
  std::vector<std::future<cache_fixture::answer>> reading;
  reading.push_back(f.async([&] { return f.read("a"); }));
  f.clock.wait_until_stopped("flight: started");
  for (int i = 1; i < readers; ++i) reading.push_back(f.async([&] { return f.read("a"); }));
  f.clock.wait_until_waiting(readers - 1);
  f.clock.resume("flight: started");
  for (auto& r : reading) EXPECT_EQ(r.get().text, "one");
  EXPECT_EQ(f.loads, 1);
}

TEST(CacheRules, AReaderThatMissedBeforeALoadLandedDoesNotLoadAgain) {
  cache_fixture f;
  f.commit("a", "one");
  f.clock.stop_at("cache: missed", 1);
  auto late = f.async([&] { return f.read("a"); });
  f.clock.wait_until_stopped("cache: missed");
  f.read("a");  // misses, loads, lands
  f.clock.resume("cache: missed");
  EXPECT_EQ(late.get().from, source::memory);
  EXPECT_EQ(f.loads, 1);
}

TEST(CacheRules, AFailedLoadReachesEveryWaiterAndIsNotKept) {
  cache_fixture f;
  f.commit("a", "one");
  f.clock.stop_at("flight: started");
  const auto failing = [&] {
    return f.read_with([]() -> block_ptr { throw_error(errc::query_failed, {.message = "broken"}); }, "a");
  };
  auto leader = f.async(failing);
  f.clock.wait_until_stopped("flight: started");
  auto waiter = f.async([&] { return f.read("a"); });
  f.clock.wait_until_waiting(1);
  f.clock.resume("flight: started");
  EXPECT_THROW(leader.get(), error);
  try {
    waiter.get();
    ADD_FAILURE() << "no error";
  } catch (const error& e) {
    EXPECT_EQ(e.code(), errc::query_failed);
    EXPECT_EQ(e.details().message, "read: another call's load of the same key failed: broken");
    EXPECT_EQ(e.details().session, "test");
  }
  EXPECT_EQ(f.read("a").text, "one");
}

TEST(CacheRules, AWaiterWithTimeLeftTakesOverFromALeaderThatRanOutOfIt) {
  cache_fixture f;
  f.commit("a", "one");
  f.clock.stop_at("flight: started");
  auto leader = f.async([&] {
    return f.read_with([]() -> block_ptr { throw deadline_exceeded({.message = "too late"}); }, "a", seconds(1));
  });
  f.clock.wait_until_stopped("flight: started");
  auto waiter = f.async([&] { return f.read("a", seconds(60)); });
  f.clock.wait_until_waiting(1);
  f.clock.advance(seconds(1));
  f.clock.resume("flight: started");
  EXPECT_THROW(leader.get(), deadline_exceeded);
  EXPECT_EQ(waiter.get().text, "one");
}

TEST(CacheRules, AWaiterStopsWaitingAtItsOwnDeadline) {
  cache_fixture f;
  f.commit("a", "one");
  f.clock.stop_at("flight: started");
  auto leader = f.async([&] { return f.read("a"); });
  f.clock.wait_until_stopped("flight: started");
  auto waiter = f.async([&] { return f.read("a", seconds(1)); });
  f.clock.wait_until_waiting(1);
  f.clock.advance(seconds(1));
  EXPECT_THROW(waiter.get(), deadline_exceeded);
  f.clock.resume("flight: started");
  EXPECT_EQ(leader.get().text, "one");
}

TEST(CacheRules, ALoaderMayThrowAnything) {
  cache_fixture f;
  f.commit("a", "one");
  EXPECT_THROW(f.read_with([]() -> block_ptr { throw std::bad_alloc(); }, "a"), std::bad_alloc);
  EXPECT_THROW(f.read_with([]() -> block_ptr { throw 42; }, "a"), int);
  EXPECT_EQ(f.read("a").text, "one");
}

TEST(CacheBatch, AnswersFromMemoryAndLoadsTheRestAtOnce) {
  cache_fixture f;
  for (const char* id : {"a", "b", "c"}) f.commit(id, std::string("row ") + id);
  f.read("b");
  const auto found = f.read_many({"c", "b", "missing", "a", "c"});
  ASSERT_EQ(found.size(), 5u);
  EXPECT_EQ(found[0].text, "row c");
  EXPECT_EQ(found[1].text, "row b");
  EXPECT_EQ(found[1].from, source::memory);
  EXPECT_EQ(found[2].text, "");
  EXPECT_EQ(found[3].text, "row a");
  EXPECT_EQ(found[4].text, "row c");
  EXPECT_EQ(f.batches, 1);
  EXPECT_EQ(f.loads, 4);  // b, then c, missing and a
  EXPECT_EQ(f.read("a").from, source::memory);
}

TEST(CacheBatch, OverlappingBatchesDoNotWaitForEachOther) {
  cache_fixture f;
  for (const char* id : {"a", "b", "c"}) f.commit(id, id);
  f.clock.stop_at("flight: started");
  auto one = f.async([&] { return f.read_many({"a", "b"}); });
  f.clock.wait_until_stopped("flight: started");
  auto two = f.async([&] { return f.read_many({"c", "b", "a"}); });
  f.clock.wait_until_stopped("flight: started", 2);
  f.clock.resume("flight: started");
  EXPECT_EQ(one.get()[1].text, "b");
  EXPECT_EQ(two.get()[2].text, "a");
  EXPECT_EQ(f.loads, 3);
}

TEST(CacheBatch, AWriteDuringTheLoadRefusesOnlyItsOwnKey) {
  cache_fixture f;
  f.commit("a", "old a");
  f.commit("b", "b");
  f.clock.stop_at("flight: loaded");
  auto reader = f.async([&] { return f.read_many({"a", "b"}); });
  f.clock.wait_until_stopped("flight: loaded");
  f.write("a", "new a");
  f.clock.resume("flight: loaded");
  EXPECT_EQ(reader.get()[0].text, "old a");
  EXPECT_EQ(f.read("a").text, "new a");
  EXPECT_EQ(f.read("b").from, source::memory);
}

TEST(CacheBatch, AFailureReachesWhoeverJoinedAndIsNotKept) {
  cache_fixture f;
  f.commit("a", "one");
  f.clock.stop_at("flight: started");
  auto batch = f.async([&] { return f.read_many({"a", "b"}, seconds(1)); });
  f.clock.wait_until_stopped("flight: started");
  auto single = f.async([&] { return f.read("a"); });
  f.clock.wait_until_waiting(1);
  f.clock.resume("flight: started");
  EXPECT_EQ(batch.get()[0].text, "one");
  EXPECT_EQ(single.get().text, "one");
}

// A reader that has loaded but not landed, and a second batch whose leader gives up: the joined key is loaded alone.
TEST(CacheBatch, TakesOverAKeyWhoseLeaderRanOutOfTime) {
  cache_fixture f;
  f.commit("a", "one");
  f.commit("b", "two");
  f.clock.stop_at("flight: started");
  auto leader = f.async([&] {
    return f.read_with([]() -> block_ptr { throw deadline_exceeded({.message = "too late"}); }, "a", seconds(1));
  });
  f.clock.wait_until_stopped("flight: started");
  auto batch = f.async([&] { return f.read_many({"a", "b"}); });
  f.clock.wait_until_stopped("flight: started", 2);
  f.clock.advance(seconds(1));
  f.clock.resume("flight: started");
  EXPECT_THROW(leader.get(), deadline_exceeded);
  const auto found = batch.get();
  EXPECT_EQ(found[0].text, "one");
  EXPECT_EQ(found[1].text, "two");
}

TEST(CacheBatch, AKeyThatIsThereTwiceIsLoadedOnceWhateverIsWrittenMeanwhile) {
  cache_fixture f;
  f.commit("a", "0");
  std::atomic<bool> done{false};
  auto writer = f.async([&] {
    for (int i = 1; !done; ++i) f.write("a", std::to_string(i));
  });
  int different = 0;
  for (int i = 0; i < 2000; ++i) {
    const auto both = f.read_many({"a", "b", "a"});
    const bool loaded = both[0].from != source::memory;  // a hit may be followed by a write and a load
    different += loaded && both[0].text != both[2].text ? 1 : 0;
  }
  done = true;
  writer.get();
  EXPECT_EQ(different, 0);
}

// Many threads, every promise checked as far as one process can: a reader never gets less than what was written before
// it began.
TEST(CacheRules, UnderLoadNoReadIsOlderThanAWriteThatHadReturned) {
  cache_fixture f({.memory_ttl = std::chrono::hours(1), .negative_ttl = seconds(1)});
  constexpr int keys = 4;
  constexpr int rounds = 2000;
  std::array<std::atomic<int>, keys> written{};
  for (int k = 0; k < keys; ++k) f.commit(std::to_string(k), "0");
  std::vector<std::future<void>> threads;
  std::atomic<int> stale{0};
  for (int t = 0; t < 3; ++t) {
    threads.push_back(f.async([&, t] {
      for (int i = 0; i < rounds; ++i) {
        const int k = (i + t) % keys;
        const int before = written[static_cast<std::size_t>(k)].load();
        if (std::stoi(f.read(std::to_string(k)).text) < before) ++stale;
      }
    }));
  }
  threads.push_back(f.async([&] {
    for (int i = 1; i <= rounds; ++i) {
      const int k = i % keys;
      f.write(std::to_string(k), std::to_string(i));
      written[static_cast<std::size_t>(k)].store(i);
    }
  }));
  for (auto& t : threads) t.get();
  EXPECT_EQ(stale, 0);
}

}  // namespace
}  // namespace forebay
