#include "detect/pop_finder.h"

#include <algorithm>
#include <cmath>

#include "detect/components.h"
#include "detect/reduced_plane.h"

namespace cleanplate {

namespace {

constexpr float least_step = 3, seed_step = 6;           // levels a sample
constexpr float least_steady = .8f, seed_steady = 1.6f;  // the step over the change on either side
constexpr float at_once = .6f;           // of the step, between the two frames in the middle
constexpr float clear_step = 3;          // its square over that of the changes beside it
constexpr float surely_clear = 12;       // the same, for what hangs together with the scene
constexpr double most_of_picture = .08;  // samples that step; more is a cut
constexpr double largest = .4;           // of the picture's width or height
constexpr float least_dense = .18f;      // share of a 5 x 5 window that steps
constexpr int margin = 8;                // round what steps, where little else changes
constexpr double least_pure = .6;        // share of what steps in the box with it, in power…
constexpr double large_pure = .5;        // …and of many samples, which chance does not make
constexpr std::size_t large = 200;
constexpr double least_pure_in_chroma = .9, large_pure_in_chroma = .8;
constexpr std::size_t least_in_chroma = 120;
constexpr int least_samples = 40, least_seeds = 16;
constexpr std::size_t most_edges = 1500, most_places = 24, most_kept = 96;
constexpr double same_pattern = .65;  // another line of text shares digits

/// By whole numbers alone, so that the compiler makes vectors of it.
std::int8_t to_half_levels(float levels) {
  constexpr int above = 1024;  // more than any, so that what is cut off is always less than it
  const int halves = static_cast<int>(2 * levels + (above + .5f)) - above;
  const int least = halves < -127 ? -127 : halves;
  return static_cast<std::int8_t>(least > 127 ? 127 : least);
}

float length2(float x, float y) { return x * x + y * y; }
float length2(const Slope& s) { return dot(s, s); }

}  // namespace

float power_of(const EdgeSample& edge) {
  return length2(edge.adds[0]) + length2(edge.adds[1]) + length2(edge.adds[2]);
}

void keep_strongest(PassingPlace& place) {
  std::vector<EdgeSample>& edges = place.edges;
  if (edges.size() > most_edges) {
    std::nth_element(edges.begin(), edges.begin() + static_cast<std::ptrdiff_t>(most_edges),
                     edges.end(),
                     [](const auto& p, const auto& q) { return power_of(p) > power_of(q); });
    edges.resize(most_edges);
  }
  place.power = {};
  for (const EdgeSample& e : edges)
    for (std::size_t p = 0; p < planes; ++p)
      place.power[p] += static_cast<double>(length2(e.adds[p]));
}

bool clear_in_chroma(std::size_t edges, double pure) {
  return edges >= least_in_chroma &&
         pure > (edges < large ? least_pure_in_chroma : large_pure_in_chroma);
}

double pattern_alike(const PassingPlace& a, const PassingPlace& b, int dx, int dy) {
  const Box& around = b.box;
  std::vector<std::int32_t> edge_at(static_cast<std::size_t>(around.area()), -1);
  const auto index = [&](int x, int y) {
    return static_cast<std::size_t>((y - around.y) * around.width + x - around.x);
  };
  for (std::size_t k = 0; k < b.edges.size(); ++k)
    edge_at[index(b.edges[k].x, b.edges[k].y)] = static_cast<std::int32_t>(k);
  std::array<double, planes> both{};
  for (const EdgeSample& e : a.edges) {
    if (!around.contains(e.x - dx, e.y - dy)) continue;
    const std::int32_t k = edge_at[index(e.x - dx, e.y - dy)];
    if (k < 0) continue;
    const Slopes& other = b.edges[static_cast<std::size_t>(k)].adds;
    for (std::size_t p = 0; p < planes; ++p)
      both[p] += static_cast<double>(dot(e.adds[p], other[p]));
  }
  constexpr double coloured = .2;  // of all, in chroma
  std::array<double, planes> due{};
  for (std::size_t p = 0; p < planes; ++p) due[p] = std::sqrt(a.power[p] * b.power[p]);
  const double most = due[0] + due[1] + due[2];
  const double all = std::fabs(both[0]) + std::fabs(both[1]) + std::fabs(both[2]);
  return std::copysign(all, due[1] + due[2] > coloured * most ? both[1] + both[2] : both[0]) / most;
}

void PopFinder::Sums::add(const Gradients& g) { add(g.x, x), add(g.y, y); }

void PopFinder::Sums::slide(const Gradients& in, const Gradients& out) {
  slide(in.x, out.x, x), slide(in.y, out.y, y);
}

void PopFinder::Sums::add(const std::vector<std::int8_t>& g, std::vector<std::int16_t>& sum) {
  const std::int8_t* const from = g.data();
  std::int16_t* __restrict const to = sum.data();
  std::int32_t* __restrict const squares = power.data();
  for (std::size_t i = 0, n = sum.size(); i < n; ++i) {
    to[i] = static_cast<std::int16_t>(to[i] + from[i]);
    squares[i] += from[i] * from[i];
  }
}

void PopFinder::Sums::slide(const std::vector<std::int8_t>& in, const std::vector<std::int8_t>& out,
                            std::vector<std::int16_t>& sum) {
  const std::int8_t *const comes = in.data(), *const goes = out.data();
  std::int16_t* __restrict const to = sum.data();
  std::int32_t* __restrict const squares = power.data();
  for (std::size_t i = 0, n = sum.size(); i < n; ++i) {
    to[i] = static_cast<std::int16_t>(to[i] + comes[i] - goes[i]);
    squares[i] += comes[i] * comes[i] - goes[i] * goes[i];
  }
}

Slope PopFinder::Sums::at(std::size_t i) const {
  return {static_cast<float>(x[i]), static_cast<float>(y[i])};
}

PopFinder::PopFinder(Size picture, int side, int coarser)
    : reduction_(passing_reduction(picture) * coarser),
      side_(side),
      ring_(2 * static_cast<std::size_t>(side)) {
  size_ = {std::max(1, picture.width / reduction_), std::max(1, picture.height / reduction_)};
  map_ = Field(size_.width, size_.height);
  steps_.resize(map_.size());
  moved_.resize(map_.size());
  restart();
}

void PopFinder::restart() {
  frames_ = 0;
  since_ = all_frames_;
  before_ = {}, after_ = {};
}

PopFinder::Picture& PopFinder::slot(std::int64_t frame) {
  return ring_[static_cast<std::size_t>(frame % (2 * side_))];
}

void PopFinder::add(const Frame& frame) {
  if (frames_ == 0) {
    planes_ = static_cast<std::size_t>(frame.format().components());
    for (auto* sums : {&before_, &after_})
      for (std::size_t k = 0; k < planes_; ++k)
        (*sums)[k] = {std::vector<std::int16_t>(map_.size()),
                      std::vector<std::int16_t>(map_.size()),
                      std::vector<std::int32_t>(map_.size())};
  }
  for (std::size_t k = 0; k < planes_; ++k) {
    Gradients& now = slot(frames_)[k];
    // It takes the place of the oldest.
    if (frames_ >= 2 * side_)
      before_[k].slide(slot(frames_ - side_)[k], now);
    else if (frames_ >= side_)
      before_[k].add(slot(frames_ - side_)[k]);
    now.x.resize(map_.size()), now.y.resize(map_.size());
    const Field plane =
        reduced_plane(frame, static_cast<int>(k), reduction_, {0, 0, size_.width, size_.height});
    for (int y = 1; y < size_.height; ++y) {
      const float* const here = &plane.values[plane.index(0, y)];
      const float* const above = here - size_.width;
      std::int8_t* const to_x = &now.x[plane.index(0, y)];
      std::int8_t* const to_y = &now.y[plane.index(0, y)];
      for (int x = 1; x < size_.width; ++x) {
        to_x[x] = to_half_levels(here[x] - here[x - 1]);
        to_y[x] = to_half_levels(here[x] - above[x]);
      }
    }
    if (frames_ >= side_)
      after_[k].slide(now, slot(frames_ - side_)[k]);
    else
      after_[k].add(now);
  }
  ++frames_, ++all_frames_;
  if (frames_ >= 2 * side_) look();
}

float PopFinder::step2(std::size_t plane, std::size_t i) const {
  return length2(after_[plane].at(i) - before_[plane].at(i)) /
         static_cast<float>(4 * side_ * side_);
}

/// The plane that shows most of what steps best.
std::size_t PopFinder::plane_of(const Component& c) const {
  std::array<int, planes> votes{};
  for (const std::size_t i : c.samples) ++votes[steps_[i].plane];
  return static_cast<std::size_t>(std::max_element(votes.begin(), votes.end()) - votes.begin());
}

/// Of all that differs in and round its box before and after, the share that steps; round a piece
/// of something that moves the rest of it differs as well.
double PopFinder::pure(const Component& c, std::size_t plane) const {
  double steps = 0, all = 0;
  for (const std::size_t i : c.samples) steps += static_cast<double>(step2(plane, i));
  const Box around = c.box.grown(margin).intersect({1, 1, size_.width - 1, size_.height - 1});
  for (int y = around.y; y < around.bottom(); ++y)
    for (int x = around.x; x < around.right(); ++x)
      all += static_cast<double>(step2(plane, map_.index(x, y)));
  return all > 0 ? steps / all : 0;
}

/// Which of the two states is the one with the mark: the scene's edges that go on under a
/// see-through mark are dimmed, and move less; a mark adds edges; the state without it has the
/// roughness of what is round it.
bool PopFinder::comes(const Box& box) const {
  constexpr int ring = 8;                          // samples
  constexpr double noise2 = .5;                    // levels²
  constexpr double moves2 = 8;                     // levels²; less is coding, not motion
  constexpr float edge2 = 6 * 6, straight = .15f;  // levels²; sine of two edges that are one
  struct State {
    double edges = 0, motion = 0;
  } inside[2], around[2];
  const Box outer = box.grown(ring).intersect({1, 1, size_.width - 1, size_.height - 1});
  const std::array<Sums, planes>* const sums[2] = {&before_, &after_};
  const double n = side_;
  double in = 0, out = 0, dimmed = 5, raised = 5;  // as many for nothing seen
  for (int y = outer.y; y < outer.bottom(); ++y)
    for (int x = outer.x; x < outer.right(); ++x) {
      const bool within = box.contains(x, y);
      (within ? in : out) += 1;
      const std::size_t i = map_.index(x, y);
      for (std::size_t p = 0; p < planes_; ++p) {
        float mean2[2];
        for (int k = 0; k < 2; ++k) {
          const Sums& sum = (*sums[k])[p];
          mean2[k] = length2(sum.at(i)) / static_cast<float>(side_ * side_);
          State& s = within ? inside[k] : around[k];
          s.edges += static_cast<double>(mean2[k]) / 4;
          s.motion += (sum.power[i] / n - static_cast<double>(mean2[k])) / 4;
        }
        if (!within) continue;
        const float a2 = mean2[0] / 4, b2 = mean2[1] / 4;
        const Slope a = before_[p].at(i), b = after_[p].at(i);
        const float cross = (a.x * b.y - a.y * b.x) / static_cast<float>(4 * side_ * side_);
        if (std::max(a2, b2) < edge2 || dot(a, b) <= 0 ||
            cross * cross > straight * straight * a2 * b2)
          continue;
        dimmed += b2 < .8f * a2 && b2 > .03f * a2;
        raised += a2 < .8f * b2 && a2 > .03f * b2;
      }
    }
  for (State& s : inside) s.edges = s.edges / in + noise2, s.motion = s.motion / in + noise2;
  for (State& s : around)
    s.edges = s.edges / std::max(1., out) + noise2,
    s.motion = s.motion / std::max(1., out) + noise2;
  const double more = std::log(inside[1].edges / inside[0].edges);
  const double usual = std::log(std::min(around[0].edges, around[1].edges));
  const double unusual =
      std::fabs(std::log(inside[1].edges) - usual) - std::fabs(std::log(inside[0].edges) - usual);
  const double stiller =
      inside[0].motion + inside[1].motion < moves2
          ? 0
          : std::log(inside[0].motion / inside[1].motion * around[1].motion / around[0].motion);
  return std::log(dimmed / raised) + .5 * (more + unusual) + stiller > 0;
}

/// A scene that changes from one frame to the next does so beside the step as well; on one side of
/// a mark's step there is the mark, which does not. @return the stiller side's mean.
float PopFinder::change_beside(std::size_t plane, std::size_t i) const {
  const std::size_t pairs = middle_.size() / 2 - 1;
  float sides[2] = {};
  for (std::size_t k = 0; k + 1 < middle_.size(); ++k) {
    if (k == pairs) continue;
    const Gradients &a = (*middle_[k])[plane], &b = (*middle_[k + 1])[plane];
    sides[k > pairs] +=
        length2(static_cast<float>(b.x[i] - a.x[i]), static_cast<float>(b.y[i] - a.y[i]));
  }
  return std::min(sides[0], sides[1]) / static_cast<float>(4 * pairs);
}

PopFinder::Step PopFinder::step_at(int x, int y) const {
  const std::size_t i = map_.index(x, y);
  const auto n = static_cast<float>(side_);
  Step out;
  float best = 0, moved2 = 0;
  for (std::size_t p = 0; p < planes_; ++p) {
    const float here2 = step2(p, i);
    if (here2 < least_step * least_step) continue;
    const float mean2 = (length2(before_[p].at(i)) + length2(after_[p].at(i))) / n;
    const float change2 =
        (static_cast<float>(before_[p].power[i] + after_[p].power[i]) - mean2) / (16 * n);
    // Most samples do not step, and need no roots to say so.
    if (here2 < least_steady * least_steady * (change2 + 1)) continue;
    const float steady = std::sqrt(here2) / (std::sqrt(std::max(0.f, change2)) + 1);
    if (steady > best) best = steady, moved2 = here2, out.plane = static_cast<std::uint8_t>(p);
  }
  if (best < least_steady) return {};
  const Gradients &last = (*middle_[middle_.size() / 2 - 1])[out.plane],
                  &first = (*middle_[middle_.size() / 2])[out.plane];
  const Slope moved = after_[out.plane].at(i) - before_[out.plane].at(i);
  const float along =
      dot({static_cast<float>(first.x[i] - last.x[i]), static_cast<float>(first.y[i] - last.y[i])},
          moved) /
      (4 * n);
  if (along < at_once * moved2) return {};
  out.edge.x = x, out.edge.y = y;
  for (std::size_t p = 0; p < planes_; ++p) {
    const Slope a = before_[p].at(i), b = after_[p].at(i);
    out.edge.base[p] = {a.x / (2 * n), a.y / (2 * n)};
    out.edge.adds[p] = {(b.x - a.x) / (2 * n), (b.y - a.y) / (2 * n)};
  }
  out.clear = moved2 / (change_beside(out.plane, i) + .1f);
  out.seed = best > seed_steady && moved2 > seed_step * seed_step;
  return out;
}

void PopFinder::look() {
  const int least =
      static_cast<int>(static_cast<float>(4 * side_ * side_) * least_step * least_step);
  std::fill(moved_.begin(), moved_.end(), std::uint8_t{0});
  std::uint8_t* __restrict const moved = moved_.data();
  for (std::size_t p = 0; p < planes_; ++p) {
    const std::int16_t *const x0 = before_[p].x.data(), *const x1 = after_[p].x.data();
    const std::int16_t *const y0 = before_[p].y.data(), *const y1 = after_[p].y.data();
    for (std::size_t i = 0, n = moved_.size(); i < n; ++i) {
      const int dx = x1[i] - x0[i], dy = y1[i] - y0[i];
      moved[i] |= static_cast<std::uint8_t>(dx * dx + dy * dy >= least);
    }
  }
  const int pairs = std::min(4, side_ - 1);
  middle_.clear();
  for (int k = -pairs - 1; k <= pairs; ++k) middle_.push_back(&slot(frames_ - side_ + k));
  stepped_.clear();
  for (int y = 3; y < size_.height - 2; ++y)
    for (int x = 3; x < size_.width - 2; ++x) {
      const std::size_t i = map_.index(x, y);
      if (!moved_[i]) continue;
      steps_[i] = step_at(x, y);
      if (steps_[i].clear >= clear_step) stepped_.push_back(i);
    }
  // Before a rough scene a mark hangs together with what changes there, but for its surest samples.
  take(parts(clear_step));
  take(parts(surely_clear));
}

/// What steps, in dense pieces; none where all of them together are too small.
std::vector<Component> PopFinder::parts(float least_clear) {
  std::fill(map_.values.begin(), map_.values.end(), 0.f);
  std::size_t marked = 0, seeds = 0;
  for (const std::size_t i : stepped_) {
    if (steps_[i].clear < least_clear) continue;
    map_.values[i] = steps_[i].seed ? 2.f : 1.f;
    ++marked, seeds += steps_[i].seed;
  }
  if (marked < least_samples || seeds < least_seeds ||
      static_cast<double>(marked) > most_of_picture * static_cast<double>(map_.size()))
    return {};
  // Strokes are dense, chance is not.
  Field dense(map_.width, map_.height);
  for (std::size_t i = 0; i < map_.size(); ++i) dense.values[i] = map_.values[i] > 0;
  dense = box_mean(dense, 2);
  std::size_t left = 0;
  for (const std::size_t i : stepped_) {
    if (dense.values[i] < least_dense) map_.values[i] = 0;
    left += map_.values[i] > 0;
  }
  if (left < least_samples) return {};
  return components(map_, std::max(4, size_.width / 80));
}

void PopFinder::take(const std::vector<Component>& parts) {
  for (const Component& c : parts) {
    if (c.samples.size() < least_samples || c.box.width > largest * size_.width ||
        c.box.height > largest * size_.height)
      continue;
    if (std::count_if(c.samples.begin(), c.samples.end(),
                      [&](std::size_t i) { return map_.values[i] > 1; }) < least_seeds)
      continue;
    const std::size_t plane = plane_of(c);
    const std::size_t count = c.samples.size();
    // What is smaller than some blocks is told by luma alone.
    const auto in_luma = std::count_if(c.samples.begin(), c.samples.end(),
                                       [&](std::size_t i) { return steps_[i].plane == 0; });
    if (count < least_in_chroma && in_luma < least_samples) continue;
    const double share = pure(c, plane);
    if (plane > 0 ? !clear_in_chroma(count, share)
                  : share < (count < large ? least_pure : large_pure))
      continue;
    PassingPlace place{c.box, {}, {}, share};
    for (std::size_t p = 0; p < planes_; ++p) place.pure_in[p] = p == plane ? share : pure(c, p);
    for (const std::size_t i : c.samples) place.edges.push_back(steps_[i].edge);
    if (!comes(c.box))
      for (EdgeSample& e : place.edges)
        for (std::size_t p = 0; p < planes; ++p) {
          const Slope adds = e.adds[p];
          e.base[p] = {e.base[p].x + adds.x, e.base[p].y + adds.y};
          e.adds[p] = {-adds.x, -adds.y};
        }
    keep_strongest(place);
    keep(std::move(place));
  }
}

/// Of the same pattern at the same place the stronger and purer sight stays.
void PopFinder::keep(PassingPlace place) {
  for (std::size_t k = 0; k < places_.size(); ++k) {
    PassingPlace& known = places_[k];
    if (known.box.intersect(place.box).empty() || pattern_alike(place, known, 0, 0) < same_pattern)
      continue;
    const bool again = last_seen_[k] > since_ && all_frames_ > last_seen_[k] + 2 * side_;
    place.pops = known.pops + again;
    last_seen_[k] = all_frames_;
    if (place.all_power() * place.pure > known.all_power() * known.pure)
      known = std::move(place);
    else
      known.pops = place.pops;
    return;
  }
  if (places_.size() < most_kept) {
    places_.push_back(std::move(place));
    last_seen_.push_back(all_frames_);
    return;
  }
  const auto least =
      std::min_element(places_.begin(), places_.end(),
                       [](const auto& a, const auto& b) { return a.all_power() < b.all_power(); });
  if (least->all_power() >= place.all_power()) return;
  *least = std::move(place);
  last_seen_[static_cast<std::size_t>(least - places_.begin())] = all_frames_;
}

std::vector<PassingPlace> PopFinder::places() const {
  std::vector<PassingPlace> out = places_;
  std::sort(out.begin(), out.end(),
            [](const auto& a, const auto& b) { return a.all_power() > b.all_power(); });
  if (out.size() > most_places) out.resize(most_places);
  return out;
}

}  // namespace cleanplate
