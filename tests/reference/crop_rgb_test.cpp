#include <cmath>

#include "every_device.h"
#include "frame/colour_codes.h"
#include "inpaint/crop_rgb.h"

using namespace cleanplate;

namespace {

struct Case {
  Size luma;
  int shift_x, shift_y, bits, matrix;
  bool full, grey, gbr;

  [[nodiscard]] Size chroma() const {
    if (grey) return {};
    return {(luma.width + (1 << shift_x) - 1) >> shift_x,
            (luma.height + (1 << shift_y) - 1) >> shift_y};
  }
  [[nodiscard]] CodeScale scale(int c) const { return code_scale(gbr ? 0 : c, bits, full); }
  [[nodiscard]] SampleColours colours() const {
    const LumaWeights w = luma_weights(matrix, 1080);
    const CodeScale y = scale(0), c = scale(1);
    return {luma.width, luma.height,      chroma().width,   chroma().height, shift_x, shift_y,
            gbr,        {y.zero, c.zero}, {y.span, c.span}, w.red,           w.blue};
  }
};

std::vector<Case> cases() {
  return {{{1, 1}, 0, 0, 8, 1, false, true, false},     {{7, 3}, 1, 1, 8, 1, false, false, false},
          {{65, 17}, 1, 1, 10, 9, false, false, false}, {{30, 22}, 1, 0, 12, 6, true, false, false},
          {{9, 40}, 0, 0, 16, 0, true, false, true},    {{41, 8}, 0, 0, 8, 5, true, false, false}};
}

int up_to_8(int side) { return (side + 7) / 8 * 8; }

/// The sample that a mirror at the last one's far edge shows.
int mirrored(int i, int n) {
  int at = 0, step = 1;
  for (int k = 0; k < i; ++k) {
    if (at + step < 0 || at + step >= n)
      step = -step;
    else
      at += step;
  }
  return at;
}

/// The colours whose Y, Cb and Cr these are: by the weights' own equation, not their inverse.
void check_colours(const Case& c, const double (&seen)[3], const float (&rgb)[3]) {
  const double r = static_cast<double>(rgb[0]), g = static_cast<double>(rgb[1]),
               b = static_cast<double>(rgb[2]);
  if (c.gbr) {
    REQUIRE(g == Approx(seen[0]).margin(1e-6));
    REQUIRE(b == Approx(seen[1]).margin(1e-6));
    REQUIRE(r == Approx(seen[2]).margin(1e-6));
    return;
  }
  const auto back = ycbcr_of({r, g, b}, luma_weights(c.matrix, 1080));
  const bool cut = std::min({r, g, b}) <= 0 || std::max({r, g, b}) >= 1;
  for (std::size_t k = 0; k < 3 && !cut; ++k) REQUIRE(back[k] == Approx(seen[k]).margin(2e-6));
  REQUIRE((r >= 0 && r <= 1 && g >= 0 && g <= 1 && b >= 0 && b <= 1));
}

}  // namespace

TEST_CASE("a crop becomes the picture of its colours, on every device the same") {
  for (const Case& c : cases()) {
    Random random(5);
    const Size luma = c.luma, chroma = c.grey ? Size{1, 1} : c.chroma();
    // Around grey, so that few colours are cut off; the first case has all of them.
    const auto near = [&](int component) {
      return [&, component] {
        const CodeScale s = c.scale(component);
        const double middle = component && !c.gbr ? s.zero : s.zero + s.span / 2;
        const int spread = std::max(1, static_cast<int>(s.span * .3));
        return std::lround(middle) - spread / 2 + random.below(spread);
      };
    };
    const Guarded<std::uint16_t> y(luma.width, luma.height, near(0)),
        cb(chroma.width, chroma.height, near(1)), cr(chroma.width, chroma.height, near(2));
    const int width = up_to_8(luma.width), height = up_to_8(luma.height);
    const Guarded<float> empty(width, height, [] { return 7; });
    std::vector<std::vector<float>> first;
    for (const Device& device : every_device()) {
      CAPTURE(device.name(), luma.width, luma.height, c.bits, c.matrix);
      Stream stream = must(device.core().stream());
      const OnDevice on_y(device, stream, y), on_cb(device, stream, cb), on_cr(device, stream, cr);
      const OnDevice red(device, stream, empty), green(device, stream, empty),
          blue(device, stream, empty);
      must(stream.launch({width, height},
                         CropToRgb{on_y.view(), on_cb.view(), on_cr.view(), red.view(),
                                   green.view(), blue.view(), c.colours()},
                         reads(on_y.view(), on_cb.view(), on_cr.view()),
                         writes(red.view(), green.view(), blue.view())));
      const Guarded<float> out[3] = {red.back(stream), green.back(stream), blue.back(stream)};
      REQUIRE(violations(device).empty());
      for (int v = 0; v < height; ++v)
        for (int u = 0; u < width; ++u) {
          const int at_x = mirrored(u, luma.width), at_y = mirrored(v, luma.height);
          const int cx = at_x / (1 << c.shift_x), cy = at_y / (1 << c.shift_y);
          const auto value = [&](const Guarded<std::uint16_t>& of, int x, int row, int component) {
            const CodeScale s = c.scale(component);
            return (of(x, row) - s.zero) / s.span;
          };
          const double seen[3] = {value(y, at_x, at_y, 0), c.grey ? 0 : value(cb, cx, cy, 1),
                                  c.grey ? 0 : value(cr, cx, cy, 2)};
          check_colours(c, seen, {out[0](u, v), out[1](u, v), out[2](u, v)});
        }
      for (const Guarded<float>& plane : out)
        for (std::size_t i = 0; i < plane.all.size(); ++i)
          if (empty.index(0, 0) > i) REQUIRE(plane.all[i] == 7);
      if (first.empty()) first = {out[0].all, out[1].all, out[2].all};
      for (std::size_t k = 0; k < 3; ++k) REQUIRE((out[k].all == first[k]));
    }
  }
}

TEST_CASE("a picture's colours become the samples of the hole, and no others") {
  for (const Case& c : cases())
    for (int component = 0; component < (c.grey ? 1 : 3); ++component) {
      Random random(6);
      const Size size = component ? c.chroma() : c.luma;
      const int width = up_to_8(c.luma.width), height = up_to_8(c.luma.height);
      const auto colour = [&] { return static_cast<float>(random.below(1300) - 150) / 1000; };
      const Guarded<float> red(width, height, colour), green(width, height, colour),
          blue(width, height, colour);
      const Guarded<std::uint8_t> hole(size.width, size.height, [&] { return random.below(2); });
      const Guarded<std::uint16_t> out(size.width, size.height, [] { return 777; });
      const int top = (1 << c.bits) - 1;
      Guarded<std::uint16_t> wanted = out;
      const LumaWeights w = luma_weights(c.matrix, 1080);
      for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x) {
          wanted(x, y) = 0;
          if (!hole(x, y)) continue;
          double mean[3] = {};
          int n = 0;
          for (int v = 0; v < c.luma.height; ++v)
            for (int u = 0; u < c.luma.width; ++u)
              if (!component || (u / (1 << c.shift_x) == x && v / (1 << c.shift_y) == y))
                if (component || (u == x && v == y)) {
                  mean[0] += static_cast<double>(red(u, v));
                  mean[1] += static_cast<double>(green(u, v));
                  mean[2] += static_cast<double>(blue(u, v)), ++n;
                }
          for (double& m : mean) m /= n;
          const auto ycbcr = ycbcr_of({mean[0], mean[1], mean[2]}, w);
          const double gbr[3] = {mean[1], mean[2], mean[0]};
          const CodeScale s = c.scale(component);
          const double code =
              s.zero +
              s.span * (c.gbr ? gbr[component] : ycbcr[static_cast<std::size_t>(component)]);
          wanted(x, y) = static_cast<std::uint16_t>(std::clamp(std::lround(code), 0L, long{top}));
        }
      std::vector<std::uint16_t> first;
      for (const Device& device : every_device()) {
        CAPTURE(device.name(), size.width, size.height, c.bits, component);
        Stream stream = must(device.core().stream());
        const OnDevice r(device, stream, red), g(device, stream, green), b(device, stream, blue);
        const OnDevice there(device, stream, hole);
        const OnDevice to(device, stream, out);
        must(stream.launch({size.width, size.height},
                           RgbToSample{r.view(), g.view(), b.view(), there.view(), to.view(),
                                       c.colours(), component, top},
                           reads(r.view(), g.view(), b.view(), there.view()), writes(to.view())));
        const auto made = to.back(stream);
        REQUIRE(violations(device).empty());
        // The mean of the colours' values, not the value of their mean: half a step may round off.
        for (std::size_t i = 0; i < made.all.size(); ++i)
          REQUIRE(std::abs(made.all[i] - wanted.all[i]) <= (c.bits > 12 ? 1 : 0));
        if (first.empty()) first = made.all;
        REQUIRE((made.all == first));
      }
    }
}

TEST_CASE("a row that holds what is no number is told, wherever in it that is") {
  Guarded<float> values(37, 12, [] { return 3; });
  values(0, 2) = std::numeric_limits<float>::quiet_NaN();
  values(36, 5) = std::numeric_limits<float>::infinity();
  values(17, 11) = -std::numeric_limits<float>::infinity();
  const Guarded<std::uint8_t> flags(1, 12, [] { return 9; });
  for (const Device& device : every_device()) {
    CAPTURE(device.name());
    Stream stream = must(device.core().stream());
    const OnDevice from(device, stream, values);
    const OnDevice to(device, stream, flags);
    must(stream.launch({1, 12}, FiniteRow{from.view(), to.view(), 37}, reads(from.view()),
                       writes(to.view())));
    const auto made = to.back(stream);
    for (int y = 0; y < 12; ++y) REQUIRE(made(0, y) == (y != 2 && y != 5 && y != 11));
    REQUIRE(violations(device).empty());
  }
}
