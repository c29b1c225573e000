#include "matte/edge_gap.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "frame/field.h"

namespace cleanplate {

namespace {

constexpr int near_share = 45;  // of the picture's smaller side, a gap that is closed
constexpr double bar = .7;      // of a side's length, near the edge

/// A line across from a sample at the picture's edge into the picture.
struct Way {
  int x, y, dx, dy;
};

/// Whether the mask has some of the way's first samples.
bool reaches(const Mask& mask, const Way& way, int near) {
  for (int k = 0; k < near; ++k)
    if (mask.at(way.x + k * way.dx, way.y + k * way.dy) > 0) return true;
  return false;
}

}  // namespace

std::shared_ptr<const Mask> up_to_edges(std::shared_ptr<const Mask> mask, Size picture) {
  const Box& box = mask->box;
  const int near = std::min(picture.width, picture.height) / near_share;
  const int right = picture.width - 1, bottom = picture.height - 1;
  struct Side {
    bool across;  // its ways begin at each column
    int at, step;
  };
  const Side sides[] = {{true, 0, 1}, {true, bottom, -1}, {false, 0, 1}, {false, right, -1}};
  std::vector<Way> closed;
  for (const Side& side : sides) {
    std::vector<Way> ways;
    double near_it = 0;
    const int from = side.across ? box.x : box.y, to = side.across ? box.right() : box.bottom();
    for (int k = from; k < to; ++k) {
      const Way way = side.across ? Way{k, side.at, 0, side.step} : Way{side.at, k, side.step, 0};
      near_it += reaches(*mask, way, near);
      ways.push_back(way);
    }
    if (near_it >= bar * (to - from)) closed.insert(closed.end(), ways.begin(), ways.end());
  }
  if (closed.empty()) return mask;
  auto out = std::make_shared<Mask>();
  out->box = box.grown(near).intersect({0, 0, picture.width, picture.height});
  Field covered(out->box.width, out->box.height);
  for (int y = 0; y < covered.height; ++y)
    for (int x = 0; x < covered.width; ++x)
      covered.at(x, y) = mask->at(x + out->box.x, y + out->box.y);
  for (const Way& way : closed)
    for (int k = 0; k < near; ++k)
      covered.at(way.x + k * way.dx - out->box.x, way.y + k * way.dy - out->box.y) = 255;
  for (const float v : without_holes(covered).values)
    out->values.push_back(v > 0 ? std::uint8_t{255} : std::uint8_t{0});
  return out;
}

}  // namespace cleanplate
