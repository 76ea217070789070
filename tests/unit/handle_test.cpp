#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include <forebay/block.hpp>
#include <forebay/error.hpp>
#include <forebay/handle.hpp>

using forebay::block;
using forebay::block_ptr;
using forebay::handle;
using forebay::lookup;
using forebay::source;

namespace {

// Counts itself.
struct counted {
  counted() { ++alive; }
  explicit counted(int v) : number(v) { ++alive; }
  counted(const counted& other) : number(other.number) { ++alive; }
  counted(counted&& other) : number(other.number) {  // NOLINT(performance-noexcept-move-constructor): it throws
    if (other.number < 0) throw std::runtime_error("cannot be moved");
    ++alive;
  }
  ~counted() { --alive; }
  int number = 0;
  static inline int alive = 0;
};

struct alignas(16) aligned {
  double x = 0;
};

}  // namespace

template <>
struct forebay::payload_traits<counted> {
  static std::size_t heap_bytes(const counted&) noexcept { return 0; }
};

namespace {

TEST(Block, DestroysItsPayloadWithTheLastOwner) {
  {
    const block_ptr one = block::make(counted(7));
    EXPECT_EQ(counted::alive, 1);
    block_ptr two = one;
    const block_ptr three = std::move(two);
    EXPECT_FALSE(two);  // NOLINT(bugprone-use-after-move): what is tested
    EXPECT_EQ(three.get(), one.get());
    EXPECT_EQ(static_cast<const counted*>(three->payload())->number, 7);
  }
  EXPECT_EQ(counted::alive, 0);
}

TEST(Block, IsMadeFromATypeAndFilledLater) {
  {
    const block_ptr b = block::make(forebay::detail::payload_type_of<counted>);
    EXPECT_EQ(counted::alive, 1);
    EXPECT_EQ(b->type(), &forebay::detail::payload_type_of<counted>);
    EXPECT_FALSE(b->absent());
  }
  EXPECT_EQ(counted::alive, 0);
}

TEST(Block, WhosePayloadCannotBeMadeLeavesNothing) {
  const counted cannot_move(-1);
  const int before = counted::alive;
  EXPECT_THROW((void)block::make(counted(cannot_move)), std::runtime_error);
  EXPECT_EQ(counted::alive, before);
}

TEST(Block, WithoutPayloadSaysThatThereIsNothing) {
  const block_ptr none = block::make_absent();
  EXPECT_TRUE(none->absent());
  EXPECT_EQ(none->type(), nullptr);
  EXPECT_EQ(none->bytes(), sizeof(block));
}

TEST(Block, CountsItsPayload) {
  EXPECT_EQ(block::make(std::int64_t{7})->bytes(), sizeof(block) + 8);
  EXPECT_GE(block::make(std::string(500, 'x'))->bytes(), sizeof(block) + 500);
  EXPECT_GE(block::make(std::vector<std::string>(10, std::string(100, 'x')))->bytes(), sizeof(block) + 1000);
}

TEST(Block, CountsWhatMapsAndOptionalsOwn) {
  const std::map<int, std::string> texts{{1, std::string(100, 'x')}, {2, std::string(100, 'x')}};
  EXPECT_GE(block::make(texts)->bytes(), sizeof(block) + 200);
  EXPECT_GE(block::make(std::optional<std::string>(std::string(100, 'x')))->bytes(), sizeof(block) + 100);
}

TEST(Block, AlignsItsPayload) {
  const block_ptr b = block::make(aligned{1.5});
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(b->payload()) % 16, 0u);
}

TEST(Block, AssignmentToItselfKeepsIt) {
  block_ptr b = block::make(7);
  const block_ptr& same = b;
  b = same;
  EXPECT_EQ(*static_cast<const int*>(b->payload()), 7);
}

handle<std::string> of(std::string text, source from = source::memory) {
  return handle<std::string>(lookup{block::make(std::move(text)), from, forebay::milliseconds(30)});
}

TEST(Handle, IsEmptyByDefaultAndForWhatIsAbsent) {
  EXPECT_FALSE(handle<std::string>());
  const handle<std::string> absent(lookup{block::make_absent(), source::memory, forebay::milliseconds(5)});
  EXPECT_FALSE(absent.has_value());
  EXPECT_EQ(absent.source(), source::memory);
  EXPECT_EQ(absent.age(), forebay::milliseconds(5));
}

TEST(Handle, SharesItsValueWithItsCopies) {
  const handle<std::string> one = of("text");
  const handle<std::string> two = one;  // NOLINT(performance-unnecessary-copy-initialization): what is tested
  EXPECT_EQ(&*one, &*two);
  EXPECT_EQ(*two, "text");
  EXPECT_EQ(two->size(), 4u);
  EXPECT_EQ(two.source(), source::memory);
  EXPECT_EQ(two.age(), forebay::milliseconds(30));
}

TEST(Handle, ATemporaryOneHandsOutACopy) {
  static_assert(std::is_same_v<decltype(*of("")), std::string>);
  static_assert(std::is_same_v<decltype(of("").value()), std::string>);
  const std::string& kept = *of("long enough to be on the heap, so that ASan would see");
  EXPECT_EQ(kept.substr(0, 4), "long");
}

TEST(Handle, ThatIsEmptyThrowsNotFound) {
  const handle<std::string> none;
  EXPECT_THROW((void)*none, forebay::not_found);
  EXPECT_THROW((void)none->size(), forebay::not_found);
  EXPECT_THROW((void)none.value(), forebay::not_found);
  EXPECT_THROW((void)handle<std::string>().value(), forebay::not_found);
  EXPECT_EQ(none.value_or("other"), "other");
  EXPECT_EQ(of("own").value_or("other"), "own");
}

TEST(Source, HasAName) {
  EXPECT_EQ(to_string(source::memory), "memory");
  EXPECT_EQ(to_string(source::primary), "primary");
  EXPECT_EQ(to_string(source::loader), "loader");
}

}  // namespace
