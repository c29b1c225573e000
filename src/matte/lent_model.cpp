#include "matte/lent_model.h"

#include <cmath>

namespace cleanplate {

namespace {

constexpr double alike = .5;  // correlation of the mark's outline with the place's, at least
constexpr double left = .2;   // of the outline, after un-blending, at most

/// α(W − J̄) on the place's grid, and 1 where there is any; the matte moved by whole samples.
struct Laid {
  Field pattern, alpha, painted;
};
Laid laid(const Matte& matte, int dx, int dy, const Box& box, float behind) {
  Laid out{Field(box.width, box.height), Field(box.width, box.height),
           Field(box.width, box.height)};
  std::size_t k = 0;
  for (int y = 0; y < matte.box.height; ++y)
    for (int x = 0; x < matte.box.width; ++x, ++k) {
      const int px = x + matte.box.x + dx - box.x, py = y + matte.box.y + dy - box.y;
      if (px < 0 || py < 0 || px >= box.width || py >= box.height) continue;
      out.alpha.at(px, py) = matte.alpha[k];
      out.painted.at(px, py) = matte.alpha[k] * matte.colour[k];
      out.pattern.at(px, py) = matte.alpha[k] * (matte.colour[k] - behind);
    }
  return out;
}

/// Correlation of the gradients, and the pattern's share in the picture.
struct Match {
  double alike = 0, share = 0;
};
Match match(const Field& picture, const Field& pattern) {
  double both = 0, mine = 1e-9, theirs = 1e-9;
  for (int y = 1; y < picture.height; ++y)
    for (int x = 1; x < picture.width; ++x) {
      const float px = pattern.at(x, y) - pattern.at(x - 1, y),
                  py = pattern.at(x, y) - pattern.at(x, y - 1);
      if (px == 0 && py == 0) continue;
      const float gx = picture.at(x, y) - picture.at(x - 1, y),
                  gy = picture.at(x, y) - picture.at(x, y - 1);
      both += static_cast<double>(px * gx + py * gy);
      mine += static_cast<double>(px * px + py * py);
      theirs += static_cast<double>(gx * gx + gy * gy);
    }
  return {both / std::sqrt(mine * theirs), both / mine};
}

/// A mean picture with the matte that is laid on it taken off.
Field bare_of(Field mean, const Laid& at) {
  for (std::size_t i = 0; i < mean.size(); ++i)
    if (at.alpha.values[i] < .97f)
      mean.values[i] = (mean.values[i] - at.painted.values[i]) / (1 - at.alpha.values[i]);
  return mean;
}

}  // namespace

double steps_left(const OverlayModel& model, const CropStack& place, const Box& where) {
  const Box& box = place.box(0);
  const Field bare = bare_of(place.mean(0), laid(model.mattes[0], 0, 0, box, 0));
  const Box in = where.intersect(box.grown(-1));
  double sum = 0;
  for (int y = in.y - box.y; y < in.bottom() - box.y; ++y)
    for (int x = in.x - box.x; x < in.right() - box.x; ++x) {
      const float gx = bare.at(x, y) - bare.at(x - 1, y), gy = bare.at(x, y) - bare.at(x, y - 1);
      sum += static_cast<double>(gx * gx + gy * gy);
    }
  return in.empty() ? 0 : sum / static_cast<double>(in.area());
}

LentModel lent_model(const OverlayModel& model, const Mask& support, Shift guess, int reach,
                     const CropStack& place, Size picture) {
  if (place.frames() == 0) return {};
  const Field mean = place.mean(0);
  double sum = 0;
  for (float v : mean.values) sum += static_cast<double>(v);
  const auto behind = static_cast<float>(sum / static_cast<double>(mean.size()));
  const Box& box = place.box(0);
  const int gx = static_cast<int>(std::lround(guess.x)),
            gy = static_cast<int>(std::lround(guess.y));
  Match best;
  int bx = 0, by = 0;
  for (int dy = gy - reach; dy <= gy + reach; ++dy)
    for (int dx = gx - reach; dx <= gx + reach; ++dx)
      if (const Match m = match(mean, laid(model.mattes[0], dx, dy, box, behind).pattern);
          m.alike > best.alike)
        best = m, bx = dx, by = dy;
  if (best.alike < alike) return {};
  const Laid at = laid(model.mattes[0], bx, by, box, behind);
  if (std::fabs(match(bare_of(mean, at), at.pattern).share) > left) return {};
  const Shift shift{static_cast<double>(bx), static_cast<double>(by)};
  return {moved_model(model, shift, place.format(), picture), moved_mask(support, shift, picture)};
}

}  // namespace cleanplate
