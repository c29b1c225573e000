// An opaque mark that moves over a picture, taken off by the plan's inpainter.
#include <cmath>
#include <vector>

#include "restored_frames.h"

using namespace cleanplate;

namespace {

constexpr PixelFormat format{Layout::yuv420, 8};
constexpr Size size{256, 160};
constexpr Box at_first{20, 50, 40, 40};
constexpr int frames = 40, speed = 4;

int scene(int c, int x, int y) {
  const int u = c ? 2 * x : x, v = c ? 2 * y : y;
  return static_cast<int>(
      std::lround(120 + 25 * std::sin(u / 4.) + 20 * std::sin(v / 5. + u / 13.)));
}

Frame marked(int n) {
  Frame f = *Frame::allocate(format, size);
  f.pts = n;
  for (int c = 0; c < 3; ++c) {
    const MutableComponentView to = f.writable(c);
    for (int y = 0; y < to.height; ++y)
      for (int x = 0; x < to.width; ++x) {
        Box mark = at_first;
        mark.x += speed * n;
        const bool hidden = mark.contains(c ? 2 * x : x, c ? 2 * y : y);
        to.data[y * to.stride + x] = static_cast<std::byte>(hidden ? 230 : scene(c, x, y));
      }
  }
  return f;
}

/// Root mean square of what the luma is off the scene.
double off(const Frame& f) {
  const ComponentView luma = f.component(0);
  double sum = 0;
  for (int y = 0; y < luma.height; ++y)
    for (int x = 0; x < luma.width; ++x)
      sum += std::pow(static_cast<int>(luma.data[y * luma.stride + x]) - scene(0, x, y), 2);
  return std::sqrt(sum / (luma.width * luma.height));
}

/// @param there  frames lie on the device, those that it has memory for.
std::vector<Frame> restored(const std::string& method, const Device& device = plain_device(),
                            bool there = false) {
  auto mask = std::make_shared<Mask>();
  mask->box = at_first;
  mask->values.assign(static_cast<std::size_t>(at_first.area()), 255);
  Plan plan;
  PlannedOverlay overlay;
  overlay.detection.box = at_first;
  overlay.support = mask;
  for (int n = 0; n < frames; ++n) overlay.stays.push_back({{}, 1. * speed * n, 0});
  plan.overlays.push_back(overlay);
  VideoInfo video;
  video.size = size, video.format = format;
  Options options;
  options.method = method;
  return restored_frames(options, video, plan, device, there, frames, marked, [&](int n) {
    return TrackMask{0, mask, speed * n, 0};
  });
}

}  // namespace

TEST_CASE("under an opaque mark that moves lies what the frames round it show") {
  const auto propagated = restored("propagate"), filled = restored("fill");
  REQUIRE(propagated.size() == frames);
  REQUIRE(filled.size() == frames);
  for (int n = 0; n < frames; ++n) {
    const auto k = static_cast<std::size_t>(n);
    CAPTURE(n, off(propagated[k]), off(filled[k]));
    REQUIRE(propagated[k].pts == n);
    REQUIRE(off(propagated[k]) < .8);
    REQUIRE(off(filled[k]) > 2);
  }
}

TEST_CASE("what a moving mark hides is found on a device that works late, wherever frames lie") {
  const std::vector<Frame> plain = restored("propagate");
  for (const bool there : {false, true}) {
    const auto whole = std::make_shared<StrictDevice>();
    REQUIRE(same(restored("propagate", Device(whole), there), plain));
    REQUIRE(whole->violations() == std::vector<std::string>{});
    CAPTURE(there, whole->waits(), whole->allocations(), whole->launches());
    const auto tried = [&](int of, auto StrictOptions::*what) {
      for (int k = of / 13; k < of; k += of / 3) {
        StrictOptions options;
        options.*what = k;
        const auto strict = std::make_shared<StrictDevice>(options);
        CAPTURE(k, of);
        REQUIRE(same(restored("propagate", Device(strict), there), plain));
        REQUIRE(strict->violations() == std::vector<std::string>{});
      }
    };
    tried(whole->allocations(), &StrictOptions::fail_allocation);
    tried(whole->launches(), &StrictOptions::fail_launch);
  }
}
