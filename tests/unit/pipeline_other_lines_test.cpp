// Lines of one text: what one of them hides, do the others?
#include <catch2/catch.hpp>

#include "pipeline/other_lines.h"

using namespace cleanplate;

namespace {

PlannedOverlay line(const Box& box, Method method) {
  PlannedOverlay out;
  out.detection.box = box;
  out.method = method;
  out.stays.resize(1);
  return out;
}

}  // namespace

TEST_CASE("a line of text is filled as another one at its place is") {
  std::vector<PlannedOverlay> overlays{line({300, 600, 200, 40}, Method::fill),
                                       line({310, 604, 160, 36}, Method::unblend),
                                       line({30, 40, 160, 36}, Method::unblend)};
  using Which = std::vector<std::size_t>;
  CHECK(filled_as_other_lines(overlays, {false, false, false}) == Which{1});
  CHECK(filled_as_other_lines(overlays, {false, true, false}).empty());  // its own is known
  overlays[0].stays.clear();  // it is always there: no other line
  CHECK(filled_as_other_lines(overlays, {false, false, false}).empty());
}
