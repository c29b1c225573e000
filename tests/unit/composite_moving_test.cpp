// An opaque mark that moves over a picture, taken off by the plan's inpainter.
#include <cleanplate/inpainter.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

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

std::vector<Frame> restored(const std::string& method) {
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
  auto inpainter = Inpainter::create(options, video, plan, *Device::open(options));
  REQUIRE(inpainter);
  std::vector<Frame> out;
  const auto pull = [&] {
    for (Frame f;;) {
      const auto flow = (*inpainter)->pull(f);
      REQUIRE(flow);
      if (*flow != Flow::ok) return;
      out.push_back(std::exchange(f, {}));
    }
  };
  for (int n = 0; n < frames; ++n) {
    REQUIRE((*inpainter)->push(marked(n), {n, {{0, mask, speed * n, 0}}}));
    pull();
    REQUIRE(n - std::ssize(out) < (*inpainter)->latency());
  }
  REQUIRE((*inpainter)->flush());
  pull();
  return out;
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
