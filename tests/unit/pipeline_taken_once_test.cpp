// A mark that was found twice: whole and in part.
#include <catch2/catch.hpp>

#include "pipeline/taken_once.h"

using namespace cleanplate;

namespace {

PlannedOverlay overlay(const Box& box) {
  PlannedOverlay out;
  auto mask = std::make_shared<Mask>();
  mask->box = box;
  mask->values.assign(static_cast<std::size_t>(box.area()), 255);
  out.detection.box = box;
  out.support = mask;
  out.method = Method::unblend;
  return out;
}

}  // namespace

TEST_CASE("what is taken off with a larger overlay is not taken off again") {
  using Which = std::vector<std::size_t>;
  std::vector<PlannedOverlay> overlays{overlay({459, 12, 117, 23}), overlay({459, 12, 165, 23}),
                                       overlay({20, 12, 80, 23})};
  CHECK(taken_with_another(overlays) == Which{0});
  CHECK(taken_with_another({overlays[1], overlays[1]}) == Which{0});  // never both
  overlays[1] = overlay({570, 12, 60, 23});                           // they hardly touch
  CHECK(taken_with_another(overlays).empty());
}

TEST_CASE("a place that would be filled gives way to the one mark that stands out in it") {
  using Which = std::vector<std::size_t>;
  std::vector<PlannedOverlay> overlays{overlay({200, 12, 117, 23}), overlay({10, 10, 320, 40})};
  overlays[1].method = Method::fill;
  const auto measured = overlay({202, 12, 113, 23}).support;
  CHECK(taken_with_another(overlays, {nullptr, measured}) == Which{1});
  CHECK(taken_with_another(overlays, {nullptr, nullptr}) == Which{0});  // nobody knows
  // There is more in it.
  CHECK(taken_with_another(overlays, {nullptr, overlay({20, 12, 297, 23}).support}) == Which{0});
  overlays[1].method = Method::unblend;
  CHECK(taken_with_another(overlays, {nullptr, measured}) == Which{0});
}

TEST_CASE("an overlay at the place of another, but not at its times, stays") {
  std::vector<PlannedOverlay> overlays{overlay({20, 12, 80, 23}), overlay({20, 12, 90, 23})};
  overlays[1].when = {0, 2};
  CHECK(taken_with_another(overlays).empty());
  overlays[0].when = {.5, 1.5};
  CHECK(taken_with_another(overlays) == std::vector<std::size_t>{0});
  overlays[0].stays.resize(1);  // it comes and goes by itself
  CHECK(taken_with_another(overlays).empty());
}
