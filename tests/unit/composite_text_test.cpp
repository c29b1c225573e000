// Text that is another one in each frame, taken off by the plan's inpainter.
#include <cmath>
#include <vector>

#include "restored_frames.h"

using namespace cleanplate;

namespace {

constexpr PixelFormat format{Layout::yuv420, 8};
constexpr Size size{256, 160};
constexpr Box place{30, 60, 180, 40};
constexpr int frames = 40;

int scene(int c, int x, int y) {
  const int u = c ? 2 * x : x, v = c ? 2 * y : y;
  return static_cast<int>(
      std::lround(110 + 25 * std::sin(u / 4.) + 20 * std::sin(v / 5. + u / 13.)));
}
bool away(int n) { return n % 8 == 7; }

/// Bars, as letters without holes: another pattern in each frame.
bool stroke(int n, int x, int y) {
  const Box inner = place.grown(-6);
  if (!inner.contains(x, y) || away(n)) return false;
  const int cell = (x - inner.x) / 10, in = (x - inner.x) % 10;
  return in < 4 && (cell * 7 + n * n * 3 + cell * n) % 5 < 3;
}

Frame texted(int n) {
  Frame f = *Frame::allocate(format, size);
  f.pts = n;
  for (int c = 0; c < 3; ++c) {
    const MutableComponentView to = f.writable(c);
    for (int y = 0; y < to.height; ++y)
      for (int x = 0; x < to.width; ++x) {
        const bool hidden = stroke(n, c ? 2 * x : x, c ? 2 * y : y);
        to.data[y * to.stride + x] =
            static_cast<std::byte>(hidden ? c ? 128 : 235 : scene(c, x, y));
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
std::vector<Frame> restored(const Device& device = plain_device(), bool there = false) {
  auto mask = std::make_shared<Mask>();
  mask->box = place;
  mask->values.assign(static_cast<std::size_t>(place.area()), 255);
  auto look = std::make_shared<TextLook>();
  look->paints = {{{235, 128, 128}, 20, 60, 4}};
  look->least = .005;
  Plan plan;
  PlannedOverlay overlay;
  overlay.detection.box = place;
  overlay.support = mask;
  overlay.text = look;
  plan.overlays.push_back(overlay);
  VideoInfo video;
  video.size = size, video.format = format;
  return restored_frames({}, video, plan, device, there, frames, texted, [&](int) {
    return TrackMask{0, mask};
  });
}

}  // namespace

TEST_CASE("under text that changes lies what other frames show, and frames without it stay") {
  const std::vector<Frame> out = restored();
  REQUIRE(out.size() == frames);
  for (int n = 0; n < frames; ++n) {
    const Frame& frame = out[static_cast<std::size_t>(n)];
    CAPTURE(n, off(frame), off(texted(n)));
    REQUIRE(frame.pts == n);
    if (away(n)) {
      REQUIRE(known_mark::same(frame, texted(n)));
    } else {
      REQUIRE(off(frame) < 1);
    }
  }
}

TEST_CASE("text is followed on a device that works late, wherever frames lie") {
  const std::vector<Frame> plain = restored();
  for (const bool there : {false, true}) {
    const auto whole = std::make_shared<StrictDevice>();
    REQUIRE(same(restored(Device(whole), there), plain));
    REQUIRE(whole->violations() == std::vector<std::string>{});
    for (const int k : {whole->allocations() / 13, whole->allocations() / 2}) {
      StrictOptions options;
      options.fail_allocation = k;
      const auto strict = std::make_shared<StrictDevice>(options);
      CAPTURE(there, k);
      REQUIRE(same(restored(Device(strict), there), plain));
      REQUIRE(strict->violations() == std::vector<std::string>{});
    }
  }
}
