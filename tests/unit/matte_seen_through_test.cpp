// Whether a scene's detail is seen through a mark, on a camera that stands still.
#include "matte/seen_through.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "core/random.h"

using namespace cleanplate;

namespace {

constexpr Size size{160, 120};
constexpr Box mark{50, 36, 60, 48};

/// A disc of one paint over detail of so many levels.
CropStack seen(double alpha, double detail) {
  CropStack out({Layout::grey, 8}, size, {0, 0, size.width, size.height});
  for (int n = 0; n < 4; ++n) {
    Random random(1);  // the scene stands still
    Frame f = *Frame::allocate({Layout::grey, 8}, size);
    const MutableComponentView to = f.writable(0);
    for (int y = 0; y < size.height; ++y)
      for (int x = 0; x < size.width; ++x) {
        double value = 100 + detail * random.normal();
        if (mark.contains(x, y)) value = alpha * 220 + (1 - alpha) * value;
        to.data[y * to.stride + x] = static_cast<std::byte>(std::lround(value));
      }
    out.add(f);
  }
  return out;
}

Field of_mark() {
  Field out(size.width, size.height);
  for (int y = 0; y < size.height; ++y)
    for (int x = 0; x < size.width; ++x) out.at(x, y) = mark.contains(x, y) ? 1.f : 0.f;
  return out;
}

}  // namespace

TEST_CASE("an opaque mark shows none of the scene's detail, a see-through one its share") {
  for (const double alpha : {0., .4, .7, 1.}) {
    const auto through = detail_seen_through(seen(alpha, 12), of_mark(), of_mark());
    REQUIRE(through);
    CAPTURE(alpha, *through);
    REQUIRE(std::abs(*through - (1 - alpha)) < .08);
  }
}

TEST_CASE("before a flat scene, or of a small mark, nothing is said of what is seen through it") {
  REQUIRE(!detail_seen_through(seen(1, 0), of_mark(), of_mark()));
  Field small(size.width, size.height);
  small.at(80, 60) = 1;
  REQUIRE(!detail_seen_through(seen(1, 12), small, of_mark()));
}
