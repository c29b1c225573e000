#include "matte/regression.h"

#include <algorithm>

#include "matte/hole_fill.h"

namespace cleanplate {

namespace {
constexpr int most_frames = 24;  // looked at, evenly spread: the fill of each costs
}

Regression regress(const CropStack& stack, int component, const Field& hole) {
  const int w = hole.width, h = hole.height;
  const HoleFill fill(hole);
  std::vector<std::size_t> inside;
  for (std::size_t i = 0; i < hole.size(); ++i)
    if (hole.values[i] > 0) inside.push_back(i);

  struct Sums {
    double i = 0, j = 0, ij = 0, jj = 0, ii = 0;
  };
  std::vector<Sums> sums(inside.size());
  const int frames = std::min(stack.frames(), most_frames);
  const auto frame_of = [&](int k) {
    return static_cast<int>((2LL * k + 1) * stack.frames() / (2LL * frames));
  };
  std::vector<Field> guesses;
  for (int k = 0; k < frames; ++k) guesses.push_back(stack.field(component, frame_of(k)));
  fill(guesses);
  for (int k = 0; k < frames; ++k) {
    const std::uint16_t* seen = stack.samples(component, frame_of(k));
    const Field& guess = guesses[static_cast<std::size_t>(k)];
    for (std::size_t n = 0; n < inside.size(); ++n) {
      const auto i = static_cast<double>(seen[inside[n]]);
      const auto j = static_cast<double>(guess.values[inside[n]]);
      Sums& s = sums[n];
      s.i += i, s.j += j, s.ij += i * j, s.jj += j * j, s.ii += i * i;
    }
  }
  Regression out{Field(w, h), Field(w, h), Field(w, h), Field(w, h), Field(w, h)};
  const double n = frames;
  for (std::size_t k = 0; k < inside.size(); ++k) {
    const Sums& s = sums[k];
    const double mi = s.i / n, mj = s.j / n;
    out.mean_seen.values[inside[k]] = static_cast<float>(mi);
    out.mean_guess.values[inside[k]] = static_cast<float>(mj);
    out.covariance.values[inside[k]] = static_cast<float>(s.ij / n - mi * mj);
    out.guess_power.values[inside[k]] = static_cast<float>(s.jj / n - mj * mj);
    out.seen_power.values[inside[k]] = static_cast<float>(s.ii / n - mi * mi);
  }
  return out;
}

}  // namespace cleanplate
