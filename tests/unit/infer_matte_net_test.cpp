// The matte network with the weights of models/.
#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>
#include <fstream>

#include "core/random.h"
#include "matte/matte_network.h"
#include "pipeline/planner.h"

using namespace cleanplate;

#ifdef CLEANPLATE_INFER_OBJECT
namespace {

constexpr Size size{320, 192};
const Box place{80, 40, 148, 100}, mark{100, 60, 108, 60};
constexpr double half = .5;

/// A ring and a bar.
bool inked(int x, int y) {
  const double r = std::hypot(x - 130, y - 90);
  return (r < 28 && r > 16) || Box{166, 70, 40, 12}.contains(x, y);
}

/// A still scene of hard, regular lines: what a mark's edges drown in; or one that is almost flat.
Frame still_frame(int n, double opacity, bool lines = true) {
  Frame f = *Frame::allocate({Layout::yuv420, 8}, size);
  f.pts = n;
  Random noise(static_cast<std::uint64_t>(n) + 1);
  for (int c = 0; c < 3; ++c) {
    const MutableComponentView to = f.writable(c);
    for (int y = 0; y < to.height; ++y)
      for (int x = 0; x < to.width; ++x) {
        const bool line = lines && ((x + y / 9) % 27 < 3 || (y + x / 15) % 25 < 3);
        double value = c      ? 128 + 4 * std::sin(x / 60. + c)
                       : line ? 120
                              : 70 + 10 * std::sin(y / 30.);
        if (c == 0 && inked(x, y)) value = opacity * 235 + (1 - opacity) * value;
        value += 1.5 * noise.normal();
        to.data[y * to.stride + x] =
            static_cast<std::byte>(std::clamp(std::lround(value), 0L, 255L));
      }
  }
  return f;
}

}  // namespace

TEST_CASE("a mark before a still, lined scene is told from it sample by sample") {
  auto network = MatteNetwork::load({});
  if (!network) FAIL(network.error().message);
  CropStack seen({Layout::yuv420, 8}, size, place);
  for (int n = 0; n < 8; ++n) seen.add(still_frame(n, half));
  Field hint(place.width, place.height);
  for (int y = 0; y < hint.height; ++y)
    for (int x = 0; x < hint.width; ++x)
      hint.at(x, y) = mark.contains(x + place.x, y + place.y) ? 1.f : 0.f;
  const auto likely = network->look(seen, hint);
  if (!likely) FAIL(likely.error().message);
  double both = 0, any = 0;
  for (int y = 0; y < hint.height; ++y)
    for (int x = 0; x < hint.width; ++x) {
      const bool is = inked(x + place.x, y + place.y), said = likely->overlay.at(x, y) > .5f;
      if (hint.at(x, y) <= 0) REQUIRE(likely->overlay.at(x, y) == 0);
      both += is && said, any += is || said;
    }
  CAPTURE(both / any, likely->opacity);
  REQUIRE(both / any > .6);  // all that may be: .33; on held-out pictures it has .70
  REQUIRE(std::abs(likely->opacity - half) < .2);
}

TEST_CASE(
    "before a still, flat scene a mark that looks nearly opaque is filled, a fainter one "
    "un-blended") {
  VideoInfo video;
  video.size = size;
  video.format = {Layout::yuv420, 8};
  video.time_base = {1, 25};
  video.frame_rate = {25, 1};
  const auto planned = [&](double opacity) {
    Candidate told;
    told.detection.box = mark;
    told.detection.told = told.accepted = true;
    told.detection.score = 1;
    Planner planner({}, video, {told}, {});
    for (int n = 0; n < 12; ++n) planner.add(still_frame(n, opacity, false), n / 25.);
    const auto plan = planner.plan({});
    REQUIRE(plan);
    REQUIRE(plan->overlays.size() == 1);
    UNSCOPED_INFO(plan->candidates[0].reason);
    return plan->overlays[0].method;
  };
  CHECK(planned(.35) == Method::unblend);
  CHECK(planned(.8) == Method::fill);
}

TEST_CASE("a faint mark found in a place much larger than it is is un-blended, and told closely") {
  const Box inside{102, 62, 105, 57};  // all that is inked
  VideoInfo video;
  video.size = size;
  video.format = {Layout::yuv420, 8};
  video.time_base = {1, 25};
  video.frame_rate = {25, 1};
  Candidate found;
  found.detection.box = {44, 24, 236, 150};
  found.accepted = true;
  found.detection.score = .95;
  Planner planner({}, video, {found}, {});
  for (int n = 0; n < 12; ++n) planner.add(still_frame(n, .35, false), n / 25.);
  const auto plan = planner.plan({});
  REQUIRE(plan);
  CAPTURE(plan->candidates[0].reason);
  REQUIRE(plan->overlays.size() == 1);
  CHECK(plan->overlays[0].method == Method::unblend);
  CHECK(iou(plan->candidates[0].detection.box, inside) > .8);
}

TEST_CASE("weights of another network are refused with a sentence") {
  const auto folder = std::filesystem::temp_directory_path() / "cleanplate_other_weights";
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "matte_net.safetensors") << "no weights at all, only words";
  Options options;
  options.models = folder.string();
  const auto network = MatteNetwork::load(options);
  std::filesystem::remove_all(folder);
  REQUIRE_FALSE(network);
  REQUIRE(network.error().code == Code::network);
  REQUIRE(network.error().message.find("damaged") != std::string::npos);
}
#endif
