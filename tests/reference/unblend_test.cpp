#include <cleanplate/geometry.h>

#include <cmath>

#include "every_device.h"
#include "inpaint/unblend_pixel.h"

using namespace cleanplate;

namespace {
// The code value whose blend comes nearest (ties: upper).
int unblend_slowly(int seen, double a, double w, int top) {
  int best = 0;
  double least = 1e9;
  for (int j = 0; j <= top; ++j)
    if (const double e = std::abs(a * w + (1 - a) * j - seen); e <= least) least = e, best = j;
  return best;
}

// α in 1/256 and gains in quarters, so that float holds αW and 1 − α exactly.
struct UnblendCase {
  Size size;
  int top;
  float gain;
  Guarded<std::uint16_t> seen, out;
  Guarded<float> alpha, colour;
  static constexpr float limit = 0.9375F;

  UnblendCase(Size s, int bits, float g, Random random)
      : size(s),
        top((1 << bits) - 1),
        gain(g),
        seen(s.width, s.height, [&] { return random.below(top + 1); }),
        out(s.width, s.height, [&] { return random.below(65536); }),
        alpha(s.width, s.height,
              [&] { return random.below(8) ? static_cast<float>(random.below(257)) / 256 : 0; }),
        colour(s.width, s.height, [&] { return static_cast<float>(random.below(top + 1)); }) {
    if (gain > 0) alpha(0, 0) = limit / gain;  // on the limit: left as seen
  }

  std::vector<std::uint16_t> run(const Device& device) const {
    Stream stream = must(device.core().stream());
    const OnDevice seen_there(device, stream, seen), out_there(device, stream, out);
    const OnDevice alpha_there(device, stream, alpha), colour_there(device, stream, colour);
    must(stream.launch({size.width, size.height},
                       UnblendPixel{seen_there.view(), alpha_there.view(), colour_there.view(),
                                    out_there.view(), gain, limit, top},
                       reads(seen_there.view(), alpha_there.view(), colour_there.view()),
                       writes(out_there.view())));
    return out_there.back(stream).all;
  }
  std::vector<std::uint16_t> slowly() const {
    Guarded<std::uint16_t> wanted = out;  // margins untouched
    for (int y = 0; y < size.height; ++y)
      for (int x = 0; x < size.width; ++x) {
        const double a = static_cast<double>(alpha(x, y)) * static_cast<double>(gain);
        const int i = seen(x, y);
        wanted(x, y) = static_cast<std::uint16_t>(
            a >= static_cast<double>(limit)
                ? i
                : unblend_slowly(i, a, static_cast<double>(colour(x, y)), top));
      }
    return wanted.all;
  }
};
}  // namespace

TEST_CASE("unblend finds the value whose blend was seen, on every device") {
  const int bits = GENERATE(8, 10, 12);
  const float gain = GENERATE(1.F, 0.5F, 1.25F, 0.F);
  for (const Size size : {Size{1, 1}, Size{7, 3}, Size{65, 17}}) {
    const UnblendCase c(size, bits, gain, Random(1));
    const auto wanted = c.slowly();
    for (const Device& device : every_device()) {
      CAPTURE(device.name(), bits, gain, size.width, size.height);
      REQUIRE((c.run(device) == wanted));
      REQUIRE(violations(device).empty());
    }
  }
}

TEST_CASE("unblend gives the same samples for any α, on every device") {
  // Here α is any float: no exact twin, but one answer, and within rounding of the slow one.
  UnblendCase c({701, 97}, 10, 1, Random(2));  // enough rows for several threads
  Random random(3);
  for (float& a : c.alpha.all) a = static_cast<float>(random.uniform());
  const auto first = c.run(every_device().front());
  for (const Device& device : every_device()) {
    CAPTURE(device.name());
    REQUIRE((c.run(device) == first));
  }
  Guarded<std::uint16_t> got(701, 97);
  got.all = first;
  for (int y = 0; y < 97; y += 16)
    for (int x = 0; x < 701; x += 7) {
      const double a = static_cast<double>(c.alpha(x, y));
      if (a < 0.8)
        REQUIRE(std::abs(got(x, y) - unblend_slowly(c.seen(x, y), a,
                                                    static_cast<double>(c.colour(x, y)), c.top)) <=
                1);
    }
}
