#include "inpaint/exemplar_search.h"

#include <algorithm>
#include <array>
#include <limits>

namespace cleanplate {

namespace {
constexpr int spoilt = 2;           ///< luma samples round the hole that compression spoils
constexpr int lattice = 4;          ///< places from one step that is tried to the next
constexpr int farthest = 96;        ///< places, along each axis
constexpr int enough = 64;          ///< sources on the lattice, or blocks are made smaller
constexpr int mean_side = 4;        ///< places to a side of the squares whose means are compared
constexpr float mean_weight = .5F;  ///< of what is laid, its means against the smooth fill's
constexpr float far_cost = .002F;   ///< squared code values a sample for a squared step of one
constexpr float again = .7F;        ///< share of its cost that a step taken before counts
constexpr std::array<float, 4> weights{1, 2, 1, 1};  ///< of luma, roughness, Cb, Cr
constexpr float none = std::numeric_limits<float>::max();

std::size_t at(int i) { return static_cast<std::size_t>(i); }
}  // namespace

ExemplarSearch::ExemplarSearch(const HoleMask& hole)
    : width_((hole.width + 1) / 2), height_((hole.height + 1) / 2) {
  const int w = hole.width, h = hole.height;
  hole_.resize(at(width_ * height_));
  for (int y = 0; y < h; ++y)
    for (int x = 0; x < w; ++x)
      if (hole.values[at(y * w + x)])
        for (int v = std::max(0, y - spoilt); v <= std::min(h - 1, y + spoilt); ++v)
          for (int u = std::max(0, x - spoilt); u <= std::min(w - 1, x + spoilt); ++u)
            hole_[at(v / 2 * width_ + u / 2)] = 1;
  const int s = width_ + 1;
  holes_before_.resize(at(s * (height_ + 1)));
  for (int y = 0; y < height_; ++y)
    for (int x = 0; x < width_; ++x)
      holes_before_[at((y + 1) * s + x + 1)] =
          hole_[at(y * width_ + x)] + holes_before_[at(y * s + x + 1)] +
          holes_before_[at((y + 1) * s + x)] - holes_before_[at(y * s + x)];
  for (const int side : {20, 16, 12, 8, 6, 4}) {
    lay_out(side);
    if (std::all_of(blocks_.begin(), blocks_.end(),
                    [&](const Block& b) { return sources(b) >= enough; }))
      return;
  }
  std::erase_if(blocks_, [&](const Block& b) { return sources(b) == 0; });
}

/// Squares side by side over the hole, compared a third of a side further all round; those that
/// most is known of come first.
void ExemplarSearch::lay_out(int side) {
  blocks_.clear();
  const int around = side / 3;
  std::vector<std::uint8_t> given(hole_.size());
  for (std::size_t i = 0; i < given.size(); ++i) given[i] = !hole_[i];
  std::vector<std::array<int, 2>> left;
  int l = width_, t = height_, r = -1, b = -1;
  for (int y = 0; y < height_; ++y)
    for (int x = 0; x < width_; ++x)
      if (hole_[at(y * width_ + x)])
        l = std::min(l, x), r = std::max(r, x), t = std::min(t, y), b = y;
  for (int y = t; y <= b; y += side)
    for (int x = l; x <= r; x += side) left.push_back({x, y});
  while (!left.empty()) {
    Block best;
    std::size_t chosen = left.size();
    for (std::size_t i = 0; i < left.size(); ++i) {
      const auto [x0, y0] = left[i];
      Block block;
      block.left = std::max(0, x0 - around), block.right = std::min(width_, x0 + side + around);
      block.top = std::max(0, y0 - around), block.bottom = std::min(height_, y0 + side + around);
      for (int y = block.top; y < block.bottom; ++y)
        for (int x = block.left; x < block.right; ++x) {
          const int p = y * width_ + x;
          if (given[at(p)])
            block.given.push_back(p);
          else if (x >= x0 && x < x0 + side && y >= y0 && y < y0 + side)
            block.open.push_back(p);
        }
      if (chosen == left.size() || block.given.size() > best.given.size())
        best = std::move(block), chosen = i;
    }
    // Square by square, so that their means can be compared.
    const auto square = [&](int p) {
      return (p / width_ - best.top) / mean_side * width_ + (p % width_ - best.left) / mean_side;
    };
    std::stable_sort(best.open.begin(), best.open.end(),
                     [&](int p, int q) { return square(p) < square(q); });
    for (std::size_t i = 0; i < best.open.size(); ++i)
      if (i + 1 == best.open.size() || square(best.open[i]) != square(best.open[i + 1]))
        best.squares.push_back(i + 1);
    left.erase(left.begin() + static_cast<std::ptrdiff_t>(chosen));
    for (const int p : best.open) given[at(p)] = 1;
    if (!best.open.empty()) blocks_.push_back(std::move(best));
  }
}

/// Whether the block, moved, lies on the picture and clear of the hole.
bool ExemplarSearch::fits(const Block& b, int dx, int dy) const {
  const int l = b.left + dx, r = b.right + dx, t = b.top + dy, o = b.bottom + dy, s = width_ + 1;
  if (l < 0 || t < 0 || r > width_ || o > height_) return false;  // a step taken by another block
  return holes_before_[at(o * s + r)] - holes_before_[at(o * s + l)] -
             holes_before_[at(t * s + r)] + holes_before_[at(t * s + l)] ==
         0;
}

/// Steps on the lattice that stay on the picture.
template <class Use>
void ExemplarSearch::over_lattice(const Block& b, Use&& use) const {
  for (int y = -farthest; y <= farthest; y += lattice)
    for (int x = -farthest; x <= farthest; x += lattice)
      if (b.left + x >= 0 && b.top + y >= 0 && b.right + x <= width_ && b.bottom + y <= height_)
        use(x, y);
}

int ExemplarSearch::sources(const Block& b) const {
  int count = 0;
  over_lattice(b, [&](int dx, int dy) { count += fits(b, dx, dy); });
  return count;
}

/// Squared difference of the block to what lies a step away; above `most` it need not be exact.
float ExemplarSearch::difference(const Block& block, int dx, int dy, float most) const {
  const int step = dy * width_ + dx;
  float sum = far_cost * static_cast<float>(dx * dx + dy * dy) *
              static_cast<float>(block.given.size() + block.open.size());
  // Places are listed square by square.
  for (std::size_t i = 0; i < block.squares.size() && sum < most; ++i) {
    const std::size_t begin = i ? block.squares[i - 1] : 0, end = block.squares[i];
    for (std::size_t c = 0; c < picture_.size(); c += c ? 1 : 2) {
      if (picture_[c].empty()) continue;
      const float* v = picture_[c].data();
      float mean = 0;
      for (std::size_t k = begin; k < end; ++k) mean += v[block.open[k]] - v[block.open[k] + step];
      sum += mean_weight * weights[c] * mean * mean / static_cast<float>(end - begin);
    }
  }
  for (std::size_t i = 0; i < block.given.size() && sum < most;) {
    const std::size_t begin = i, end = std::min(block.given.size(), i + 32);
    for (std::size_t c = 0; c < picture_.size(); ++c) {
      if (picture_[c].empty()) continue;
      const float* v = picture_[c].data();
      float squares = 0;
      for (i = begin; i < end; ++i) {
        const float d = v[block.given[i]] - v[block.given[i] + step];
        squares += d * d;
      }
      sum += weights[c] * squares;
    }
    i = end;
  }
  return sum;
}

ExemplarSteps ExemplarSearch::find(const Backdrop& backdrop) {
  picture_ = backdrop;
  ExemplarSteps steps(hole_.size()), taken;
  for (const Block& b : blocks_) {
    float best = none;
    ExemplarStep chosen;
    const auto attempt = [&](int dx, int dy, float favour) {
      if (!fits(b, dx, dy)) return;
      const float cost = favour * difference(b, dx, dy, best / favour);
      if (cost >= best) return;
      best = cost;
      chosen = {static_cast<std::int16_t>(dx), static_cast<std::int16_t>(dy)};
    };
    for (const ExemplarStep& step : taken) attempt(step.x, step.y, again);
    over_lattice(b, [&](int dx, int dy) { attempt(dx, dy, 1); });
    if (best == none) continue;
    if (std::find(taken.begin(), taken.end(), chosen) == taken.end()) taken.push_back(chosen);
    for (const int p : b.open) {
      for (std::vector<float>& v : picture_)
        if (!v.empty()) v[at(p)] = v[at(p + chosen.y * width_ + chosen.x)];
      steps[at(p)] = chosen;
    }
  }
  return steps;
}

}  // namespace cleanplate
