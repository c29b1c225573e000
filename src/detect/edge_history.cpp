#include "detect/edge_history.h"

#include <algorithm>
#include <cmath>

#include "detect/reduced_plane.h"

namespace cleanplate {

namespace {
constexpr std::size_t block = 32;  // frames whose edges are summed
}

void MeanEdges::add(const Edges& picture, double left, double top) {
  weight += 1;
  for (int j = 0; j < x.height; ++j)
    for (int i = 0; i < x.width; ++i) {
      const double u = left + i, v = top + j;
      x.at(i, j) += (static_cast<float>(interpolated(picture.x, u, v)) - x.at(i, j)) / weight;
      y.at(i, j) += (static_cast<float>(interpolated(picture.y, u, v)) - y.at(i, j)) / weight;
    }
}

double MeanEdges::stands_out(int rim) const {
  double in = 0, out = 0, inside = 0, all = static_cast<double>(x.size());
  for (int j = 0; j < x.height; ++j)
    for (int i = 0; i < x.width; ++i) {
      const float gx = x.at(i, j), gy = y.at(i, j);
      const bool here = i >= rim && j >= rim && i < x.width - rim && j < x.height - rim;
      (here ? in : out) += static_cast<double>(gx * gx + gy * gy);
      inside += here;
    }
  return in / inside - (rim ? out / (all - inside) : 0);
}

EdgeHistory::EdgeHistory(Size picture, int reduction)
    : reduction_(reduction), grid_{picture.width / reduction, picture.height / reduction} {}

void EdgeHistory::add(const Frame& frame) {
  constexpr float usual = 6;  // levels a sample: a stronger edge counts little more
  const Field luma = reduced_plane(frame, 0, reduction_, {0, 0, grid_.width, grid_.height});
  std::vector<std::int8_t> bytes(2 * luma.size());
  for (int y = 1; y < grid_.height - 1; ++y)
    for (int x = 1; x < grid_.width - 1; ++x) {
      const float gx = (luma.at(x + 1, y) - luma.at(x - 1, y)) / 2,
                  gy = (luma.at(x, y + 1) - luma.at(x, y - 1)) / 2;
      const float scale = 127 / std::sqrt(gx * gx + gy * gy + usual * usual);
      bytes[luma.index(x, y)] = static_cast<std::int8_t>(std::lround(scale * gx));
      bytes[luma.size() + luma.index(x, y)] = static_cast<std::int8_t>(std::lround(scale * gy));
    }
  if (frames_.size() % block == 0) sums_.emplace_back(bytes.size());
  for (std::size_t i = 0; i < bytes.size(); ++i) sums_.back()[i] += static_cast<float>(bytes[i]);
  frames_.push_back(std::move(bytes));
}

Edges EdgeHistory::edges(std::size_t frame) const {
  constexpr std::size_t around = 4;  // blocks
  constexpr float most = .55f * 127;
  Edges out(grid_);
  const std::vector<std::int8_t>& bytes = frames_[frame];
  const std::size_t size = out.x.size(), here = frame / block;
  const std::size_t from = here < around ? 0 : here - around,
                    to = std::min(sums_.size(), here + around + 1);
  const auto count = static_cast<float>(std::min(frames_.size(), to * block) - from * block);
  for (std::size_t i = 0; i < size; ++i) {
    float x = 0, y = 0;
    for (std::size_t b = from; b < to; ++b) x += sums_[b][i], y += sums_[b][size + i];
    x /= count, y /= count;
    const bool stays = x * x + y * y > most * most;
    out.x.values[i] = static_cast<float>(bytes[i]) - (stays ? x : 0);
    out.y.values[i] = static_cast<float>(bytes[size + i]) - (stays ? y : 0);
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
