// The user's own inpainting network. In this file, so that it comes after the tests that
// want a process without libtorch.
#include <catch2/catch.hpp>

#include "composite/hole_filler.h"
#include "device/strict_device.h"
#include "inpaint/network_fill.h"
#include "pipeline/fallback_inpainter.h"

using namespace cleanplate;

#ifdef CLEANPLATE_INFER_OBJECT
namespace {

const std::string folder = CLEANPLATE_INFER_TEST_FOLDER;
constexpr PixelFormat format{Layout::yuv420, 8};
constexpr int width = 44, height = 36;  // no multiples of 8

std::size_t at(int x, int y, int w) { return static_cast<std::size_t>(y * w + x); }

HoleMasks holes() {
  HoleMasks out;
  for (std::size_t c = 0; c < 3; ++c) {
    const int w = c ? width / 2 : width, h = c ? height / 2 : height;
    out[c] = {w, h, std::vector<std::uint8_t>(at(0, h, w))};
    for (int y = h / 3; y < h / 2; ++y)
      for (int x = w / 4; x < w / 2; ++x) out[c].values[at(x, y, w)] = 255;
  }
  return out;
}

/// One colour, and another one in the hole.
Crop crop_of(int luma, int cb, int cr) {
  const HoleMasks masks = holes();
  Crop crop;
  const int values[3] = {luma, cb, cr};
  for (std::size_t c = 0; c < 3; ++c) {
    crop.planes[c] = {masks[c].width, masks[c].height, {}};
    for (const std::uint8_t hole : masks[c].values)
      crop.planes[c].samples.push_back(static_cast<std::uint16_t>(hole ? 200 : values[c]));
  }
  return crop;
}

NetworkFillOptions options_of(const char* model, int batch) {
  NetworkFillOptions options;
  options.model = folder + "/" + model;
  REQUIRE(network_library({"cpu", CLEANPLATE_INFER_OBJECT}));
  auto network = Network::load({options.model});
  REQUIRE(network);
  options.network = std::make_shared<Network>(std::move(*network));
  options.batch = batch;
  options.rows = 1080;
  return options;
}

NetworkFill opened(const char* model, int batch) {
  auto fill = NetworkFill::create(options_of(model, batch), format, holes());
  INFO((fill ? "" : fill.error().message));
  REQUIRE(fill);
  return std::move(*fill);
}

void push(NetworkFill& fill, const Crop& crop) {
  const auto done = fill.push(crop);
  INFO((done ? "" : done.error().message));
  REQUIRE(done);
}

}  // namespace

TEST_CASE("a network fills the hole in the clip's own colours, and nothing else") {
  NetworkFill fill = opened("inpaint.pt", 1);
  const Crop seen = crop_of(90, 110, 150);
  push(fill, seen);
  const auto filled = fill.pull();
  REQUIRE(filled);
  const HoleMasks masks = holes();
  const int values[3] = {90, 110, 150};
  for (std::size_t c = 0; c < 3; ++c)
    for (std::size_t i = 0; i < masks[c].values.size(); ++i) {
      if (masks[c].values[i])
        REQUIRE(std::abs(filled->planes[c].samples[i] - values[c]) <= 1);
      else
        REQUIRE(filled->planes[c].samples[i] == seen.planes[c].samples[i]);
    }
}

TEST_CASE("crops go through the network together, with the answers that each has alone") {
  NetworkFill together = opened("inpaint.pt", 4), alone = opened("inpaint.pt", 1);
  for (int n = 0; n < 6; ++n) {
    push(together, crop_of(60 + 20 * n, 128, 100 + 5 * n));
    push(alone, crop_of(60 + 20 * n, 128, 100 + 5 * n));
  }
  REQUIRE(together.passes() == 1);
  REQUIRE(together.flush());
  REQUIRE(together.passes() == 2);
  REQUIRE(alone.passes() == 6);
  for (int n = 0; n < 6; ++n) {
    const auto a = together.pull(), b = alone.pull();
    REQUIRE((a && b));
    for (std::size_t c = 0; c < 3; ++c) REQUIRE(a->planes[c].samples == b->planes[c].samples);
  }
  REQUIRE(!together.pull());
}

TEST_CASE("a whole batch is one pass") {
  NetworkFill fill = opened("inpaint_counts.pt", 4);
  for (int n = 0; n < 4; ++n) push(fill, crop_of(60 + 20 * n, 128, 128));
  REQUIRE(fill.passes() == 1);
  const auto filled = fill.pull();
  REQUIRE(filled);
  const HoleMasks masks = holes();  // 4 pictures: grey of 0.2, that is 16 + 219 / 5
  for (std::size_t i = 0; i < masks[0].values.size(); ++i)
    if (masks[0].values[i]) REQUIRE(std::abs(filled->planes[0].samples[i] - 60) <= 1);
}

TEST_CASE("a still scene is asked for once") {
  NetworkFill fill = opened("inpaint.pt", 2);
  for (int n = 0; n < 9; ++n) push(fill, crop_of(n < 7 ? 90 : 140, 128, 128));
  REQUIRE(fill.flush());
  REQUIRE(fill.passes() == 2);
  for (int n = 0; n < 9; ++n) {
    const auto filled = fill.pull();
    REQUIRE(filled);
    REQUIRE(std::abs(filled->planes[0].samples[at(width / 3, height / 2 - 1, width)] -
                     (n < 7 ? 90 : 140)) <= 1);
  }
}

TEST_CASE("a network that is no inpainter gets a sentence") {
  for (const char* model : {"inpaint_mask.pt", "inpaint_nan.pt", "itself.pt", "number.pt"}) {
    NetworkFill fill = opened(model, 1);
    const auto done = fill.push(crop_of(90, 128, 128));
    REQUIRE(!done);
    CHECK(done.error().code == Code::network);
    CHECK(done.error().message.find(model) != std::string::npos);
  }
}

TEST_CASE("what the network made goes through the propagation, frame for frame") {
  HoleOrder order;
  order.network = options_of("inpaint.pt", 4);
  auto filler = HoleFiller::create(order, format, holes());
  REQUIRE(filler);
  constexpr int frames = 30;
  int given = 0;
  const auto take = [&] {
    for (; filler->ready(); filler->pop(), ++given)
      REQUIRE(std::abs(filler->front().planes[0].samples[at(width / 3, height / 2 - 1, width)] -
                       (60 + given)) <= 6);
  };
  for (int n = 0; n < frames; ++n) {
    REQUIRE(filler->look(crop_of(60 + n, 128, 128), n));
    take();
  }
  REQUIRE(given < frames);
  REQUIRE(filler->flush());
  take();
  REQUIRE(given == frames);
}

namespace {
/// Takes itself for the first card.
class CardLike final : public StrictDevice {
 public:
  [[nodiscard]] std::optional<int> card() const override { return 0; }
};
}  // namespace

TEST_CASE("where libtorch has no card the user's network fills on the host, and that is said") {
  const auto library = network_library({"cpu", CLEANPLATE_INFER_OBJECT});
  REQUIRE(library);
  if (library->cuda_devices > 0) return;
  VideoInfo video;
  video.format = format;
  video.size = {64, 48};
  Options options;
  options.threads = 1;
  options.device = "cuda";
  options.inpaint_model = folder + "/inpaint.pt";
  Plan plan;
  PlannedOverlay overlay;
  const Box box{20, 16, 12, 8};
  overlay.support = std::make_shared<Mask>(
      Mask{box, std::vector<std::uint8_t>(static_cast<std::size_t>(box.area()), 255)});
  plan.overlays = {overlay};
  const Device card(std::make_shared<CardLike>());
  const auto made = FallbackInpainter::create(options, video, plan, card);
  INFO((made ? "" : made.error().message));
  REQUIRE(made);
  FallbackInpainter& inpainter = **made;
  REQUIRE(inpainter.degradations().size() == 1);
  REQUIRE(inpainter.degradations()[0].stage == "inpaint");
  REQUIRE(inpainter.degradations()[0].reason.find("no CUDA card") != std::string::npos);
  int out = 0;
  const auto take = [&] {
    for (Frame done;; ++out) {
      const auto flow = inpainter.pull(done);
      REQUIRE(flow);
      if (*flow != Flow::ok) return;
      const ComponentView v = done.component(0);
      REQUIRE(std::abs(std::to_integer<int>(v.data[20 * v.stride + 26]) - 90) <= 1);
    }
  };
  for (int n = 0; n < 5; ++n) {
    Frame frame = *Frame::allocate(format, video.size);
    frame.pts = n;
    for (int c = 0; c < 3; ++c) {
      const MutableComponentView v = frame.writable(c);
      for (int y = 0; y < v.height; ++y)
        for (int x = 0; x < v.width; ++x)
          v.data[y * v.stride + x] = std::byte(c == 0 && box.contains(x, y) ? 200 : 90);
    }
    REQUIRE(inpainter.push(frame, {n, {{0, overlay.support, 0, 0}}}));
    take();
  }
  REQUIRE(inpainter.flush());
  take();
  REQUIRE(out == 5);
}
#endif
