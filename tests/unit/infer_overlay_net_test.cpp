// The overlay network with the weights of models/. In this file, so that it comes after the tests
// that want a process without libtorch.
#include <cleanplate/detector.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>
#include <fstream>

#include "core/random.h"
#include "detect/network_detector.h"
#include "detect/overlay_network.h"

using namespace cleanplate;

#ifdef CLEANPLATE_INFER_OBJECT
namespace {

constexpr Size size{480, 272};
const Box mark{372, 24, 84, 36};

VideoInfo video() {
  VideoInfo v;
  v.size = size;
  v.format = {Layout::yuv420, 8};
  v.time_base = {1, 25};
  return v;
}

/// The letters "TV 8" on a 3 × 5 grid, pixels of 6 samples.
bool inked(int x, int y) {
  constexpr const char* rows[] = {"### # #  ###", " #  # #  # #", " #  # #  ###", " #  # #  # #",
                                  " #   #   ###"};
  const int column = (x - mark.x) / 7, row = (y - mark.y) / 7;
  return mark.contains(x, y) && row < 5 && column < 12 && rows[row][column] == '#';
}

/// A soft still scene with a sensor's noise; with or without a see-through mark.
Frame still_frame(int n, bool marked) {
  Frame f = *Frame::allocate({Layout::yuv420, 8}, size);
  f.pts = n;
  Random noise(static_cast<std::uint64_t>(n) + 1);
  for (int c = 0; c < 3; ++c) {
    const MutableComponentView to = f.writable(c);
    for (int y = 0; y < to.height; ++y)
      for (int x = 0; x < to.width; ++x) {
        double value = c ? 128 + 8 * std::sin(x / 60. + c) + 6 * std::cos(y / 45.)
                         : 105 + 38 * std::sin(x / 41. + .6) * std::cos(y / 33.) +
                               14 * std::sin((x + 2 * y) / 19.) + .12 * y;
        if (c == 0 && marked && inked(x, y)) value = .55 * 235 + .45 * value;
        value += 1.5 * noise.normal();
        to.data[y * to.stride + x] =
            static_cast<std::byte>(std::clamp(std::lround(value), 0L, 255L));
      }
  }
  return f;
}

template <class AnyDetector>
void show(AnyDetector& detector, bool marked) {
  for (int n = 0; n < 12; ++n) REQUIRE(detector.push(still_frame(n, marked)));
}

}  // namespace

TEST_CASE("a mark on a still scene is found by its looks, and nothing on the clean one") {
  NetworkDetector detector({}, video());
  const bool marked = GENERATE(true, false);
  show(detector, marked);
  const auto flushed = detector.flush();
  if (!flushed) FAIL(flushed.error().message);
  int accepted = 0;
  for (const Candidate& c : detector.candidates()) {
    CAPTURE(c.reason, c.detection.box.x, c.detection.box.y, c.detection.box.width,
            c.detection.box.height);
    if (!c.accepted) continue;
    ++accepted;
    REQUIRE(iou(c.detection.box, mark) > .5);
    REQUIRE(c.detection.mask);
    for (int y = mark.y; y < mark.bottom(); ++y)
      for (int x = mark.x; x < mark.right(); ++x)
        if (inked(x, y)) REQUIRE(c.detection.mask->at(x, y) == 255);
  }
  REQUIRE(accepted == (marked ? 1 : 0));
}

TEST_CASE("pictures in one pass get the answers that they get one by one") {
  auto network = OverlayNetwork::load({});
  if (!network) FAIL(network.error().message);
  std::vector<Picture> pictures;
  Random random(5);
  for (int n = 0; n < 5; ++n) {
    Picture p({100, 52}, 3);  // no multiple of what the network halves
    for (auto& sample : p.samples) sample = static_cast<std::uint8_t>(random.below(256));
    pictures.push_back(std::move(p));
  }
  const auto together = network->look(pictures);
  REQUIRE(together);
  REQUIRE(together->size() == 5);
  for (std::size_t n = 0; n < 5; ++n) {
    const auto alone = network->look({pictures[n]});
    REQUIRE(alone);
    REQUIRE(((*alone)[0].width == 25 && (*alone)[0].height == 13));
    for (std::size_t i = 0; i < (*alone)[0].size(); ++i)
      REQUIRE((*alone)[0].values[i] == Approx((*together)[n].values[i]).margin(1e-4));
  }
}

TEST_CASE("pictures of two sizes in one pass are refused") {
  auto network = OverlayNetwork::load({});
  REQUIRE(network);
  const auto looked = network->look({Picture({32, 32}, 3), Picture({48, 32}, 3)});
  REQUIRE_FALSE(looked);
  REQUIRE(looked.error().code == Code::invalid_argument);
}

TEST_CASE("damaged or foreign weights are refused with a sentence") {
  const auto folder = std::filesystem::temp_directory_path() / "cleanplate_foreign_weights";
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "overlay_net.safetensors") << "no weights at all, only words";
  Options options;
  options.models = folder.string();
  const auto network = OverlayNetwork::load(options);
  std::filesystem::remove_all(folder);
  REQUIRE_FALSE(network);
  REQUIRE(network.error().code == Code::network);
  CAPTURE(network.error().message);
  REQUIRE(network.error().message.find("damaged") != std::string::npos);
}
#endif
