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
  const auto planes = static_cast<std::size_t>(evidence.components);
  const auto all = static_cast<double>(
      std::count_if(mark.map.paint.begin(), mark.map.paint.end(), [](auto p) { return p != 0; }));
  const std::size_t count = mark.paints.size();
  for (std::size_t k = 1; k <= count; ++k) {
    Field own(mark.map.width, mark.map.height);
    for (std::size_t i = 0; i < own.size(); ++i)
      own.values[i] = mark.map.paint[i] == k && mark.map.solid[i] ? 1.f : 0.f;
    std::vector<Component> parts = components(own, 1);
    if (parts.size() < 2) continue;
    const Contour whole = contour_of(mark.map, static_cast<std::uint8_t>(k), 10);
    for (Component& part : parts) {
      if (static_cast<double>(part.samples.size()) < least * all || mark.paints.size() >= most)
        continue;
      std::sort(part.samples.begin(), part.samples.end());
      Contour contour{whole.paint, {}};
      for (const Contour::Pair& pair : whole.pairs)
        if (std::binary_search(part.samples.begin(), part.samples.end(), pair.in))
          contour.pairs.push_back(pair);
      if (contour.pairs.size() < enough) continue;
      Paint p = mark.paints[k - 1];
      const Contrast colour = fit_colour(evidence, contour, mark.paints, p.alpha);
      bool differs = false;
      for (std::size_t c = 0; c < planes; ++c)
        differs |= std::abs(colour[c] - p.premultiplied[c]) > of_its_own[c] * evidence.unit;
      if (!differs) continue;
      p.premultiplied = colour;
      for (std::size_t c = 0; c < planes; ++c) {
        std::vector<float> values;
        for (const std::size_t i : part.samples) values.push_back(evidence.contrast[c].values[i]);
        p.contrast[c] = quantile(std::move(values), .5);
      }
      p.core = std::move(part.samples);
      for (const std::size_t i : p.core)
        mark.map.paint[i] = static_cast<std::uint8_t>(mark.paints.size() + 1);
      mark.paints.push_back(std::move(p));
    }
  }
  return mark.paints.size() > count;
}

}  // namespace cleanplate
