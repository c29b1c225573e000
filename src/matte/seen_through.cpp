#include "matte/seen_through.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace cleanplate {

namespace {

constexpr int window = 2;       // samples round one that its mean is of
constexpr int edge = 3;         // samples of the mark's rim that are not looked at
constexpr int gap = 4;          // samples round the mark that are not either
constexpr int ring = 16;        // and up to where its surroundings are
constexpr int enough = 200;     // samples of the mark
constexpr int some = 40;        // samples of a part of the surroundings
constexpr int most_frames = 8;  // that are looked at
constexpr float flat = .3f;     // 8-bit levels, under which the surroundings tell nothing
constexpr std::size_t sectors = 12;

/// The ring's part that a place lies in, as seen from the mark's middle; `sectors`: none.
std::vector<std::size_t> sectors_of(const Field& reach) {
  const Field inner = dilated(reach, gap), outer = dilated(reach, ring);
  int l = reach.width, t = reach.height, r = 0, b = 0;
  for (int y = 0; y < reach.height; ++y)
    for (int x = 0; x < reach.width; ++x)
      if (reach.at(x, y) > 0)
        l = std::min(l, x), r = std::max(r, x), t = std::min(t, y), b = std::max(b, y);
  std::vector<std::size_t> out(reach.size(), sectors);
  constexpr double turn = 6.283185307179586;
  for (int y = 0; y < reach.height; ++y)
    for (int x = 0; x < reach.width; ++x)
      if (outer.at(x, y) > 0 && inner.at(x, y) <= 0) {
        const double way =
            std::atan2((2. * y - t - b) / (b - t + 1), (2. * x - l - r) / (r - l + 1));
        const double part = static_cast<double>(sectors) * (way / turn + .5);
        out[reach.index(x, y)] = std::min(sectors - 1, static_cast<std::size_t>(part));
      }
  return out;
}

}  // namespace

std::optional<double> detail_seen_through(const CropStack& seen, const Field& mark,
                                          const Field& reach) {
  const Field inside = eroded(mark, edge);
  const std::vector<std::size_t> sector = sectors_of(reach);
  const auto unit = static_cast<double>(1 << (seen.format().bits - 8));
  double in = 0;
  std::array<double, sectors> out{};
  const int frames = std::min(most_frames, seen.frames());
  for (int k = 0; k < frames; ++k) {
    const Field luma = seen.field(0, k * seen.frames() / frames);
    const Field mean = box_mean(luma, window);
    std::vector<float> within;
    std::array<std::vector<float>, sectors> around;
    for (std::size_t i = 0; i < luma.size(); ++i) {
      const float detail = std::abs(luma.values[i] - mean.values[i]);
      if (inside.values[i] > 0) within.push_back(detail);
      if (sector[i] < sectors) around[sector[i]].push_back(detail);
    }
    if (within.size() < enough) return std::nullopt;
    in += static_cast<double>(quantile(std::move(within), .5));
    for (std::size_t s = 0; s < sectors; ++s)
      out[s] +=
          around[s].size() < some ? -1 : static_cast<double>(quantile(std::move(around[s]), .5));
  }
  // The usual sector's: a mark half before a wood and half before the sky is not judged by the
  // wood.
  std::vector<float> told;
  for (const double o : out)
    if (o >= 0) told.push_back(static_cast<float>(o / unit / frames));
  const auto usual = quantile(std::move(told), .5);
  if (usual < flat) return std::nullopt;
  return in / unit / frames / static_cast<double>(usual);
}

}  // namespace cleanplate
