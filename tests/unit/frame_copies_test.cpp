#include "frame/frame_copies.h"

#include <catch2/catch.hpp>
#include <cstring>
#include <optional>
#include <set>

#include "../reference/every_device.h"

using namespace cleanplate;

namespace {

Frame grey(Size size, int level) {
  Frame frame = must(Frame::allocate({Layout::yuv420, 8}, size));
  for (int c = 0; c < 3; ++c) {
    const auto to = frame.writable(c);
    for (int y = 0; y < to.height; ++y)
      std::memset(to.data + y * to.stride, level, static_cast<std::size_t>(to.width));
  }
  frame.pts = level;
  return frame;
}

int level_of(const Frame& frame) {
  std::set<std::byte> met;
  for (int c = 0; c < 3; ++c) {
    const ComponentView from = frame.component(c);
    for (int y = 0; y < from.height; ++y)
      for (int x = 0; x < from.width; ++x) met.insert(from.data[y * from.stride + x]);
  }
  return met.size() == 1 ? static_cast<int>(*met.begin()) : -1;
}

const std::byte* memory_of(const Frame& frame) { return frame.component(0).data; }

}  // namespace

TEST_CASE("a frame's copy has its samples and times, and may be written to") {
  const FrameCopies copies;
  const Frame from = grey({70, 38}, 90);
  Frame copy = must(copies.copy(from));
  REQUIRE(level_of(copy) == 90);
  REQUIRE(copy.pts == 90);
  REQUIRE(copy.writable(0).data != nullptr);
  REQUIRE(memory_of(copy) != memory_of(from));
}

TEST_CASE("a copy that is gone lends its memory to the next, one that is there does not") {
  const FrameCopies copies;
  const Size size = GENERATE(Size{70, 38}, Size{1920, 1080});  // the C library's, the system's
  std::optional<Frame> first = must(copies.copy(grey(size, 10)));
  const Frame second = must(copies.copy(grey(size, 20)));
  const std::byte* const memory = memory_of(*first);
  REQUIRE(memory_of(second) != memory);
  first.reset();
  const Frame third = must(copies.copy(grey(size, 30)));
  REQUIRE(memory_of(third) == memory);
  REQUIRE(level_of(second) == 20);
  REQUIRE(level_of(third) == 30);
}

TEST_CASE("copies of another size have memory of their own, and copies outlive what made them") {
  Frame small, large;
  {
    const FrameCopies copies;
    static_cast<void>(must(copies.copy(grey({64, 64}, 1))));
    large = must(copies.copy(grey({128, 96}, 2)));
    small = must(copies.copy(grey({64, 64}, 3)));
  }
  REQUIRE(level_of(large) == 2);
  REQUIRE(level_of(small) == 3);
}
