#include "matte/regression.h"

#include "matte/hole_fill.h"

namespace cleanplate {

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
  for (int t = 0; t < stack.frames(); ++t) {
    const Field seen = stack.field(component, t);
    Field guess = seen;
    fill(guess);
    for (std::size_t k = 0; k < inside.size(); ++k) {
      const auto i = static_cast<double>(seen.values[inside[k]]);
      const auto j = static_cast<double>(guess.values[inside[k]]);
      Sums& s = sums[k];
      s.i += i, s.j += j, s.ij += i * j, s.jj += j * j, s.ii += i * i;
    }
  }
  Regression out{Field(w, h), Field(w, h), Field(w, h), Field(w, h), Field(w, h)};
  const double n = stack.frames();
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
