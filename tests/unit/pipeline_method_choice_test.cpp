// A place that is larger than what stands out in it: un-blended there, or filled whole.
#include <catch2/catch.hpp>
#include <cmath>

#include "core/random.h"
#include "matte/estimate.h"
#include "matte/lent_model.h"
#include "pipeline/method_choice.h"

using namespace cleanplate;

namespace {

constexpr Size picture{400, 160};
constexpr Box place{20, 30, 150, 100}, mark{60, 54, 56, 40};
constexpr Box looked{0, 10, 190, 140}, placebo{200, 10, 190, 140};  // with what is round it

/// A white ring with a bar through it, before waves that move. @param beside  something else, in
/// the place, that changes in its own way.
Frame shot(int t, double alpha, bool beside = false) {
  auto frame = Frame::allocate({Layout::grey, 8}, picture);
  REQUIRE(frame);
  Random random(static_cast<std::uint64_t>(7 + t));
  const auto to = frame->writable(0);
  for (int y = 0; y < to.height; ++y)
    for (int x = 0; x < to.width; ++x) {
      const double u = x + 1.7 * t, v = y + .6 * t;
      double value = 110 +
                     28 * (std::sin(u / 23 + v / 41) + .6 * std::sin(u / 9 - v / 13) +
                           .3 * std::sin(u / 4.1 + v / 3.3)) +
                     random.below(3) - 1;
      if (beside && Box{136, 100, 24, 20}.contains(x, y)) value = t / 3 % 2 ? 235 : 20;
      const double dx = x - mark.x - 28, dy = y - mark.y - 20, r = std::hypot(dx / 1.4, dy);
      const bool in = (r < 20 && r > 13) || (std::fabs(dy) < 3 && r < 20);
      if (in) value = alpha * 230 + (1 - alpha) * value;
      to.data[y * to.stride + x] = static_cast<std::byte>(std::lround(std::clamp(value, 0., 255.)));
    }
  return *std::move(frame);
}

Method method_of(There there, bool beside = false) {
  CropStack seen({Layout::grey, 8}, picture, looked), aside({Layout::grey, 8}, picture, placebo);
  for (int t = 0; t < 40; ++t) {
    const Frame frame = shot(t, .5, beside);
    seen.add(frame), aside.add(frame);
  }
  PlaceEstimate estimate;
  estimate.matte = estimate_matte(seen, aside, Field(looked.width, looked.height, 1));
  REQUIRE(estimate.matte.model);
  Candidate candidate;
  candidate.detection.box = place;
  std::string reason;
  const PlannedOverlay made =
      planned(candidate, std::move(estimate), {}, seen, there, Method::automatic, reason);
  CAPTURE(reason);
  if (made.method == Method::unblend)
    for (int y = place.y; y < place.bottom(); ++y)
      for (int x = place.x; x < place.right(); ++x)
        if (!mark.grown(4).contains(x, y)) CHECK(made.support->at(x, y) == 0);
  return made.method;
}

}  // namespace

TEST_CASE("a mark that came and went is un-blended in a place that was found much too large") {
  CHECK(method_of(There::at_times) == Method::unblend);
  CHECK(method_of(There::moving) == Method::unblend);
}

TEST_CASE("a place that is there always, or changes beside its mark, is filled whole") {
  CHECK(method_of(There::always) == Method::fill);
  CHECK(method_of(There::at_times, true) == Method::fill);
}

TEST_CASE("the model that leaves fewer steps is the mark's") {
  CropStack seen({Layout::grey, 8}, picture, looked), aside({Layout::grey, 8}, picture, placebo),
      bare({Layout::grey, 8}, picture, looked);
  for (int t = 0; t < 40; ++t) {
    const Frame frame = shot(t, .5);
    seen.add(frame), aside.add(frame), bare.add(shot(t, 0));
  }
  const MatteEstimate estimate = estimate_matte(seen, aside, Field(looked.width, looked.height, 1));
  REQUIRE(estimate.model);
  OverlayModel weak = *estimate.model, none = *estimate.model;
  for (float& a : weak.mattes[0].alpha) a *= .7f;
  for (float& a : none.mattes[0].alpha) a = 0;
  const double left = steps_left(*estimate.model, seen, mark);
  CHECK(left < steps_left(weak, seen, mark));
  CHECK(steps_left(weak, seen, mark) < steps_left(none, seen, mark));
  CHECK(left == Approx(steps_left(none, bare, mark)).epsilon(.5).margin(1));
}
