#include "detect/edge_history.h"

#include <algorithm>
#include <cmath>

#include "detect/reduced_plane.h"

namespace cleanplate {

namespace {
constexpr std::size_t block = 32;  // frames whose edges are summed

/// Of −127…127; what a compiler makes vectors of.
std::int8_t rounded(float value) {
  return static_cast<std::int8_t>(static_cast<int>(value + 128.5f) - 128);
}
}  // namespace

void MeanEdges::add(const Edges& picture, double left, double top) {
  weight += 1;
  const Size size{x.width, x.height};
  const Field across = cut_between(picture.x, left, top, size),
              down = cut_between(picture.y, left, top, size);
  for (std::size_t i = 0; i < x.size(); ++i) {
    const float gx = across.values[i], gy = down.values[i];
    x.values[i] += (gx - x.values[i]) / weight;
    y.values[i] += (gy - y.values[i]) / weight;
    power.values[i] += (gx * gx + gy * gy - power.values[i]) / weight;
  }
}

double MeanEdges::mean_square() const {
  double sum = 0;
  for (std::size_t i = 0; i < x.size(); ++i)
    sum += static_cast<double>(x.values[i] * x.values[i] + y.values[i] * y.values[i]);
  return sum / static_cast<double>(x.size());
}

MeanEdges::Kept MeanEdges::kept(int rim) const {
  constexpr double noise = 150;  // mean square: where there are no edges nothing goes along
  double stays[2] = {}, all[2] = {}, count[2] = {};
  for (int j = 0; j < x.height; ++j)
    for (int i = 0; i < x.width; ++i) {
      const bool out = i < rim || j < rim || i >= x.width - rim || j >= x.height - rim;
      const float gx = x.at(i, j), gy = y.at(i, j);
      stays[out] += static_cast<double>(gx * gx + gy * gy);
      all[out] += static_cast<double>(power.at(i, j));
      count[out] += 1;
    }
  const auto share = [&](int i) { return stays[i] / (all[i] + noise * count[i]); };
  return {share(0), share(1)};
}

EdgeHistory::EdgeHistory(Size picture, int reduction, EdgesOf planes)
    : reduction_(reduction),
      planes_(planes),
      grid_{picture.width / reduction, picture.height / reduction} {}

void EdgeHistory::add(const Frame& frame, std::span<EdgeHistory> histories) {
  constexpr float of_colour = 2;
  const Size grid = histories.front().grid_;
  const bool luma_alone = std::all_of(histories.begin(), histories.end(), [](const EdgeHistory& h) {
    return h.planes_ == EdgesOf::luma;
  });
  const int last = luma_alone ? 0 : frame.format().components() - 1;
  Edges steps(grid);
  for (int p = 0; p <= last; ++p) {
    const Field levels =
        reduced_plane(frame, p, histories.front().reduction_, {0, 0, grid.width, grid.height});
    const float weight = (p == 0 ? 1 : of_colour) / 2;
    for (int y = 1; y < grid.height - 1; ++y)
      for (int x = 1; x < grid.width - 1; ++x) {
        const std::size_t i = levels.index(x, y);
        const float gx = weight * (levels.at(x + 1, y) - levels.at(x - 1, y)),
                    gy = weight * (levels.at(x, y + 1) - levels.at(x, y - 1));
        float &ax = steps.x.values[i], &ay = steps.y.values[i];
        if (gx * gx + gy * gy > ax * ax + ay * ay) ax = gx, ay = gy;
      }
    for (EdgeHistory& h : histories)
      if (p == (h.planes_ == EdgesOf::luma ? 0 : last)) h.keep(steps);
  }
}

void EdgeHistory::keep(const Edges& steps) {
  constexpr float usual = 6;  // levels a sample: a stronger edge counts little more
  const std::size_t size = steps.x.size();
  std::vector<std::int8_t> bytes(2 * size);
  for (std::size_t i = 0; i < size; ++i) {
    const float gx = steps.x.values[i], gy = steps.y.values[i];
    const float scale = 127 / std::sqrt(gx * gx + gy * gy + usual * usual);
    bytes[i] = rounded(scale * gx);
    bytes[size + i] = rounded(scale * gy);
  }
  if (frames_.size() % block == 0) sums_.emplace_back(bytes.size());
  for (std::size_t i = 0; i < bytes.size(); ++i) sums_.back()[i] += static_cast<float>(bytes[i]);
  frames_.push_back(std::move(bytes));
}

Edges EdgeHistory::edges(std::size_t frame) const {
  Edges out = staying(frame / block);
  const std::vector<std::int8_t>& bytes = frames_[frame];
  const std::size_t size = out.x.size();
  for (std::size_t i = 0; i < size; ++i) {
    out.x.values[i] = static_cast<float>(bytes[i]) - out.x.values[i];
    out.y.values[i] = static_cast<float>(bytes[size + i]) - out.y.values[i];
  }
  return out;
}

const Edges& EdgeHistory::staying(std::size_t here) const {
  constexpr std::size_t around = 4;  // blocks
  constexpr float most = .55f * 127;
  constexpr float always = .7f;  // of the frames: less is a mark that drifts
  if (staying_ && staying_->block == here && staying_->frames == frames_.size())
    return staying_->edges;
  Edges& out = staying_.emplace(Staying{here, frames_.size(), Edges(grid_)}).edges;
  const std::size_t size = out.x.size();
  const std::size_t from = here < around ? 0 : here - around,
                    to = std::min(sums_.size(), here + around + 1);
  const auto frames_of = [&](std::size_t b) {
    return static_cast<float>(std::min(frames_.size(), (b + 1) * block) - b * block);
  };
  float count = 0;
  for (std::size_t b = from; b < to; ++b) count += frames_of(b);
  for (std::size_t i = 0; i < size; ++i) {
    float x = 0, y = 0, strong = 0;
    for (std::size_t b = from; b < to; ++b) {
      const float bx = sums_[b][i], by = sums_[b][size + i], n = frames_of(b);
      x += bx, y += by;
      if (bx * bx + by * by > n * n * most * most) strong += n;
    }
    x /= count, y /= count;
    if (x * x + y * y > most * most && strong > always * count)
      out.x.values[i] = x, out.y.values[i] = y;
  }
  return out;
}

Edges EdgeHistory::mean(std::size_t from, std::size_t to) const {
  Edges out(grid_);
  const std::size_t size = out.x.size();
  std::vector<std::int32_t> sums(2 * size);
  for (std::size_t n = from; n < to; ++n)
    for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += frames_[n][i];
  const float share = 1.f / static_cast<float>(std::max<std::size_t>(1, to - from));
  for (std::size_t i = 0; i < size; ++i) {
    out.x.values[i] = share * static_cast<float>(sums[i]);
    out.y.values[i] = share * static_cast<float>(sums[size + i]);
  }
  return out;
}

}  // namespace cleanplate
