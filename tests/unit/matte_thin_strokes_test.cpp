// Marks that are edges all over.
#include "matte/thin_strokes.h"

#include <catch2/catch.hpp>

using namespace cleanplate;

namespace {

/// Strokes of such a width, with a smeared edge on either side.
OverlayModel strokes(int width) {
  OverlayModel model;
  model.alpha_peak = .6;
  model.mattes[0].box = {4, 4, 80, 40};
  for (int y = 0; y < 40; ++y)
    for (int x = 0; x < 80; ++x) {
      const int along = x % 20, off = y < 4 || y > 36;
      const bool inside = along >= 5 && along < 5 + width, edge = along == 4 || along == 5 + width;
      model.mattes[0].alpha.push_back(off ? 0.f : inside ? .6f : edge ? .2f : 0.f);
    }
  return model;
}

}  // namespace

TEST_CASE("strokes of up to four samples are thin, a bar is not") {
  const int width = GENERATE(1, 2, 3, 4, 5, 8);
  CAPTURE(width);
  REQUIRE(thin_strokes(strokes(width)) == (width <= 4));
}
