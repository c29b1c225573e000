#include "detect/network_candidates.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "detect/components.h"
#include "detect/static_candidates.h"

namespace cleanplate {

namespace {

constexpr float likely = .5f;                  // probability of a cell
constexpr float core = .7f, part_of_it = .5f;  // of the evidence, for the box and for the mask
constexpr std::size_t least_cells = 6;
constexpr double cells_for_all = 24;  // smaller places weigh less
// Evidence that needs no other proof. Marks are put into corners, captions along the top and the
// bottom; what is cut by the picture's edge is scenery. Chosen on clips and photographs without an
// overlay, see models/overlay_net.md.
constexpr double sure_in_corner = .90, sure_in_band = .96, sure_elsewhere = .992, never = 1.01;
constexpr double worth_a_proof = .94, asks_for_proof = .6;  // evidence; score
constexpr double least_staying = .2;                        // of its edges, how far they stay
constexpr double largest = .6, largest_area = .2;
constexpr std::size_t most_taken = 8;

/// Mean of the upper half.
double upper_mean(std::vector<float> values) {
  const auto half = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), half, values.end());
  double sum = 0;
  for (auto v = half; v != values.end(); ++v) sum += static_cast<double>(*v);
  return sum / static_cast<double>(values.end() - half);
}

/// How far the strongest edges in a box stay: their mean gradient over its change.
double staying(const StaticEdges& edges, const Box& box) {
  const int r = edges.reduction;
  const Box in = Box{box.x / r, box.y / r, box.width / r, box.height / r}.intersect(
      {1, 1, edges.strength.width - 1, edges.strength.height - 1});
  std::vector<float> strengths;
  for (int y = in.y; y < in.bottom(); ++y)
    for (int x = in.x; x < in.right(); ++x) strengths.push_back(edges.strength.at(x, y));
  if (strengths.empty()) return 0;
  const float strong = quantile(strengths, .85);
  double sum = 0, n = 0;
  for (int y = in.y; y < in.bottom(); ++y)
    for (int x = in.x; x < in.right(); ++x)
      if (edges.strength.at(x, y) >= strong)
        sum += static_cast<double>(edges.consistency.at(x, y)), n += 1;
  return sum / n;
}

double sure_at(const Box& box, Size picture) {
  const int w = picture.width, h = picture.height, edge = std::max(2, w / 320);
  if (reaches_edge(box, picture, edge)) return never;
  const bool at_side = box.right() < .4 * w || box.x > .6 * w;
  if (at_side && (box.bottom() < .4 * h || box.y > .6 * h)) return sure_in_corner;
  if (box.bottom() < .3 * h || box.y > .7 * h) return sure_in_band;
  return sure_elsewhere;
}

/// The likely cells with a rim of one and without holes, in luma samples.
std::shared_ptr<const Mask> mask_of_cells(const Field& map, float least, const Box& cells, int cell,
                                          Size picture) {
  const Box all{0, 0, map.width, map.height};
  const Box box = cells.grown(1).intersect(all);
  Field marked(box.width, box.height);
  for (int y = 0; y < box.height; ++y)
    for (int x = 0; x < box.width; ++x)
      marked.at(x, y) = map.at(x + box.x, y + box.y) > least ? 1.f : 0.f;
  const Field inside = without_holes(dilated(marked, 1));
  auto mask = std::make_shared<Mask>();
  mask->box = Box{box.x * cell, box.y * cell, box.width * cell, box.height * cell}.intersect(
      {0, 0, picture.width, picture.height});
  mask->values.reserve(static_cast<std::size_t>(mask->box.area()));
  for (int y = mask->box.y; y < mask->box.bottom(); ++y)
    for (int x = mask->box.x; x < mask->box.right(); ++x)
      mask->values.push_back(inside.at(x / cell - box.x, y / cell - box.y) > 0 ? 255 : 0);
  return mask;
}

}  // namespace

std::vector<NetworkSighting> network_candidates(const Field& map, int cell,
                                                const StaticEdges& edges, Size picture) {
  Field marked(map.width, map.height);
  for (std::size_t i = 0; i < map.size(); ++i)
    marked.values[i] = map.values[i] > likely ? map.values[i] : 0;
  std::vector<NetworkSighting> out;
  for (const Component& c : components(marked, 2)) {
    if (c.samples.size() < least_cells) continue;
    std::vector<float> values;
    for (const std::size_t i : c.samples) values.push_back(map.values[i]);
    NetworkSighting s;
    const double upper = upper_mean(std::move(values));
    s.evidence =
        upper * std::min(1., .6 + .4 * static_cast<double>(c.samples.size()) / cells_for_all);
    Box cells, fringe;
    for (const std::size_t i : c.samples) {
      const Box one{static_cast<int>(i) % map.width, static_cast<int>(i) / map.width, 1, 1};
      fringe = fringe.unite(one);
      if (map.values[i] >= core * static_cast<float>(upper)) cells = cells.unite(one);
    }
    Detection& d = s.candidate.detection;
    d.score = s.evidence;
    // It was taught places that are grown by a cell.
    const int grown_x = cells.width > 4 ? cell : 0, grown_y = cells.height > 4 ? cell : 0;
    d.box = Box{cells.x * cell + grown_x, cells.y * cell + grown_y,
                cells.width * cell - 2 * grown_x, cells.height * cell - 2 * grown_y}
                .intersect({0, 0, picture.width, picture.height});
    if (d.box.empty()) continue;
    d.score = s.evidence;
    const double stays = staying(edges, d.box), sure = s.asked = sure_at(d.box, picture);
    const bool large =
        d.box.width > largest * picture.width && d.box.height > largest * picture.height;
    std::string& why = s.candidate.reason;
    if (large || static_cast<double>(d.box.area()) >
                     largest_area * static_cast<double>(picture.width) * picture.height) {
      why = fmt::format("The network sees something too large for an overlay: {} x {} samples.",
                        d.box.width, d.box.height);
      s.evidence = 0;
    } else if (stays < least_staying) {
      why = fmt::format(
          "The network takes it for an overlay ({:.2f}), but its edges do not stay "
          "({:.1f} times their change).",
          s.evidence, stays);
      s.evidence = 0;
    } else if (sure > 1) {
      why = fmt::format(
          "The network takes it for an overlay ({:.2f}), but the picture's edge cuts it.",
          s.evidence);
    } else if (s.evidence < sure) {
      why = fmt::format(
          "The network takes it for an overlay, but not surely enough: {:.2f}, where "
          "{:.2f} is needed there.",
          s.evidence, sure);
      if (s.evidence >= worth_a_proof) s.candidate.accepted = true, d.score = asks_for_proof;
    } else {
      s.candidate.accepted = true;
      why = fmt::format("The network takes it for an overlay: {:.2f}.", s.evidence);
      d.mask = mask_of_cells(map, part_of_it * static_cast<float>(upper), fringe, cell, picture);
    }
    out.push_back(std::move(s));
  }
  return out;
}

double shared(const Box& a, const Box& b) {
  const double least = static_cast<double>(std::min(a.area(), b.area()));
  return least > 0 ? static_cast<double>(a.intersect(b).area()) / least : 0;
}

namespace {
/// The same place seen as well in a larger picture has the closer box.
void refine(NetworkSighting& kept, const NetworkSighting& closer) {
  Detection& d = kept.candidate.detection;
  const Detection& c = closer.candidate.detection;
  const bool inside = d.box.intersect(c.box).area() * 10 >= c.box.area() * 9;
  if (!inside || c.box.area() >= d.box.area() || c.box.area() * 10 < d.box.area() * 3 ||
      closer.evidence < kept.evidence - .1)
    return;
  d.box = c.box;
  if (d.mask && c.mask) d.mask = c.mask;
}

/// What is seen less surely beside a sure one, on its line, is the rest of it: letters before
/// scenery of their own brightness.
void go_on_along_lines(std::vector<NetworkSighting>& seen) {
  constexpr double rest = .6;    // evidence
  constexpr double alike = .5;   // of the other's height, at least
  constexpr double level = .15;  // of the height, between their middles
  constexpr double beside = 1;   // of the height, between them
  for (NetworkSighting& sure : seen) {
    Box& box = sure.candidate.detection.box;
    if (!surely_found(sure.candidate)) continue;
    for (NetworkSighting& s : seen) {
      const Box& other = s.candidate.detection.box;
      if (s.candidate.accepted || s.evidence < rest || shared(box, other) > 0) continue;
      const int height = std::max(box.height, other.height);
      const int gap = std::max(box.x, other.x) - std::min(box.right(), other.right());
      const int off = std::abs(box.y + box.bottom() - other.y - other.bottom()) / 2;
      if (std::min(box.height, other.height) < alike * height || off > level * height ||
          gap > beside * height)
        continue;
      s.candidate.reason += " It goes on from what is surely seen beside it.";
      box = box.unite(other);
      sure.candidate.detection.mask = nullptr;
    }
  }
}
}  // namespace

std::vector<NetworkSighting> each_once(std::vector<NetworkSighting> sightings) {
  // Of two that are alike the larger is the whole of it.
  const auto rank = [](const NetworkSighting& s) {
    return s.evidence +
           .005 * std::log2(1. + static_cast<double>(s.candidate.detection.box.area()));
  };
  std::stable_sort(
      sightings.begin(), sightings.end(),
      [&](const NetworkSighting& a, const NetworkSighting& b) { return rank(a) > rank(b); });
  std::vector<NetworkSighting> out;
  std::size_t taken = 0;
  for (NetworkSighting& s : sightings) {
    const auto better = std::find_if(out.begin(), out.end(), [&](const NetworkSighting& b) {
      return shared(b.candidate.detection.box, s.candidate.detection.box) > .3;
    });
    if (better != out.end()) {
      refine(*better, s);
      continue;
    }
    if (s.candidate.accepted && ++taken > most_taken) {
      s.candidate.accepted = false;
      s.candidate.reason = fmt::format("{} others stand out more.", most_taken);
    }
    out.push_back(std::move(s));
  }
  go_on_along_lines(out);
  if (out.size() > 32) out.resize(32);
  return out;
}

}  // namespace cleanplate
