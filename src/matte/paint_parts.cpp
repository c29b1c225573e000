#include "matte/paint_parts.h"

#include <algorithm>
#include <cmath>

#include "detect/components.h"

namespace cleanplate {

bool split_off(const Evidence& evidence, PaintedMark& mark) {
  constexpr float of_its_own[] = {16, 8, 8};  // levels of Y, Cb, Cr
  constexpr double least = .04;               // of the mark's area
  constexpr std::size_t enough = 24;          // pairs of samples across its contour
  constexpr std::size_t most = 250;           // paints
  const auto all = static_cast<double>(
      std::count_if(mark.map.paint.begin(), mark.map.paint.end(), [](auto p) { return p != 0; }));
  bool any = false;
  for (std::size_t k = 1, count = mark.paints.size(); k <= count; ++k) {
    Field own(mark.map.width, mark.map.height);
    for (std::size_t i = 0; i < own.size(); ++i)
      own.values[i] = mark.map.paint[i] == k && mark.map.solid[i] ? 1.f : 0.f;
    std::vector<Component> parts = components(own, 1);
    if (parts.size() < 2) continue;
    const Contour whole = contour_of(mark.map, static_cast<std::uint8_t>(k), 10);
    const Paint& known = mark.paints[k - 1];
    std::vector<Paint> split;
    for (Component& part : parts) {
      if (static_cast<double>(part.samples.size()) < least * all) continue;
      std::sort(part.samples.begin(), part.samples.end());
      Contour contour{whole.paint, {}};
      for (const Contour::Pair& pair : whole.pairs)
        if (std::binary_search(part.samples.begin(), part.samples.end(), pair.in))
          contour.pairs.push_back(pair);
      if (contour.pairs.size() < enough) continue;
      Paint p = known;
      p.premultiplied = fit_colour(evidence, contour, mark.paints, p.alpha);
      bool differs = false;
      for (std::size_t c = 0; c < static_cast<std::size_t>(evidence.components); ++c) {
        std::vector<float> values;
        for (const std::size_t i : part.samples) values.push_back(evidence.contrast[c].values[i]);
        p.contrast[c] = quantile(std::move(values), .5);
        differs |=
            std::abs(p.premultiplied[c] - known.premultiplied[c]) > of_its_own[c] * evidence.unit;
      }
      p.core = std::move(part.samples);
      if (differs) split.push_back(std::move(p));
    }
    for (Paint& p : split) {
      if (mark.paints.size() >= most) break;
      for (const std::size_t i : p.core)
        mark.map.paint[i] = static_cast<std::uint8_t>(mark.paints.size() + 1);
      mark.paints.push_back(std::move(p));
      any = true;
    }
  }
  return any;
}

}  // namespace cleanplate
